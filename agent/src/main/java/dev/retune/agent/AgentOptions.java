package dev.retune.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What the command line of {@code retune agent} says.
 *
 * @param nodeName name of the Node and of its NodeKubelet ({@code --node-name})
 * @param kubeconfig the node's own credentials ({@code --kubeconfig})
 * @param directory absolute directory of the agent's files ({@code --dynamic-config-dir})
 * @param kubeletUnit the kubelet's systemd unit ({@code --kubelet-unit})
 * @param kubeletBinary ({@code --kubelet-binary})
 * @param kubeletHealthz URL of the kubelet's health endpoint ({@code --kubelet-healthz})
 * @param metricsAddress where to serve metrics ({@code --metrics-address})
 */
public record AgentOptions(
    String nodeName,
    Path kubeconfig,
    Path directory,
    String kubeletUnit,
    Path kubeletBinary,
    URI kubeletHealthz,
    InetSocketAddress metricsAddress) {
  public static final Path DEFAULT_KUBECONFIG = Path.of("/etc/kubernetes/kubelet.conf");
  public static final Path DEFAULT_DIRECTORY = Path.of("/var/lib/retune");
  public static final String DEFAULT_UNIT = "kubelet.service";
  public static final Path DEFAULT_BINARY = Path.of("/usr/bin/kubelet");
  public static final URI DEFAULT_HEALTHZ = URI.create("http://127.0.0.1:10248/healthz");
  public static final InetSocketAddress DEFAULT_METRICS =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9446);

  /** These options as arguments of {@code retune agent}. */
  public List<String> arguments() {
    return List.of(
        "--node-name=" + nodeName,
        "--kubeconfig=" + kubeconfig,
        "--dynamic-config-dir=" + directory,
        "--kubelet-unit=" + kubeletUnit,
        "--kubelet-binary=" + kubeletBinary,
        "--kubelet-healthz=" + kubeletHealthz,
        "--metrics-address=" + metricsAddress.getHostString() + ":" + metricsAddress.getPort());
  }
}
