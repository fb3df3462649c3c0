package dev.retune.kube;

/** A kubeconfig that cannot be used. The message names the file, the entry and what to do. */
public final class KubeConfigException extends Exception {

  private static final long serialVersionUID = 1;

  /** For a kubeconfig that is at fault itself. */
  public KubeConfigException(String message) {
    super(message);
  }

  /** For a file or a key that could not be read because of {@code cause}. */
  public KubeConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
