package dev.retune.api;

/** Names of the API group that Retune adds to a cluster. */
public final class RetuneApi {
  public static final String GROUP = "retune.dev";
  public static final String VERSION = "v1alpha1";
  public static final String API_VERSION = GROUP + "/" + VERSION;

  public static final String NODE_KUBELET_KIND = "NodeKubelet";
  public static final String NODE_KUBELET_PLURAL = "nodekubelets";

  public static final String KUBELET_ROLLOUT_KIND = "KubeletRollout";
  public static final String KUBELET_ROLLOUT_PLURAL = "kubeletrollouts";

  /**
   * Annotation of a NodeKubelet whose new value asks the node to try once more what failed there
   * (AGENT-14): any text, by convention the time of the request.
   */
  public static final String RETRY_ANNOTATION = "retune.dev/retry";

  /**
   * Path of the NodeKubelet collection below an API server's address; the kind is cluster-scoped.
   */
  public static final String NODE_KUBELETS_PATH =
      "/apis/" + API_VERSION + "/" + NODE_KUBELET_PLURAL;

  private RetuneApi() {}

  /** Path of one NodeKubelet; {@code node} is the name of its Node too. */
  public static String nodeKubeletPath(String node) {
    return NODE_KUBELETS_PATH + "/" + node;
  }
}
