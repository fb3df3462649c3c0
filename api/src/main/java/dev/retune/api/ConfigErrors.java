package dev.retune.api;

/**
 * The values of {@code status.config.error}. All but the last are the texts that kubelets 1.11–1.23
 * wrote to {@code Node.status.config.error} (Kubernetes 1.20, pkg/kubelet/kubeletconfig/status),
 * kept because monitoring matches them. What they leave out is in the conditions and Events.
 */
public final class ConfigErrors {
  /** The assigned document is not under its key, or cannot be parsed or decoded. */
  public static final String LOAD = "failed to load config, see Kubelet log for details";

  /** The assigned document is refused by validation. */
  public static final String VALIDATE = "failed to validate config, see Kubelet log for details";

  /** The spec names no source. */
  public static final String ALL_NIL_SUBFIELDS =
      "invalid NodeConfigSource, exactly one subfield must be non-nil, but all were nil";

  /** The ConfigMap cannot be had: it is missing, may not be read, or the API server fails. */
  public static final String DOWNLOAD =
      "failed to sync: failed to download config, see Kubelet log for details";

  /** The agent could not do its work while it synced, for example a full disk. */
  public static final String SYNC_INTERNAL =
      "failed to sync: internal failure, see Kubelet log for details";

  /** The agent could not do its work. */
  public static final String INTERNAL = "internal failure, see Kubelet log for details";

  /**
   * The assigned config was accepted and the kubelet failed with it. Retune's own text: the
   * original never noticed.
   */
  public static final String RUN = "failed to run config, see Kubelet log for details";

  private ConfigErrors() {}
}
