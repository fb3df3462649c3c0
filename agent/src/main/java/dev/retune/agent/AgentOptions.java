package dev.retune.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line of {@code retune agent} says.
 *
 * @param nodeName name of the Node and of its NodeKubelet ({@code --node-name})
 * @param kubeconfig the node's own credentials ({@code --kubeconfig})
 * @param directory absolute directory of the agent's files ({@code --dynamic-config-dir})
 * @param kubeletUnit the kubelet's systemd unit ({@code --kubelet-unit})
 * @param kubeletBinary ({@code --kubelet-binary})
 * @param kubeletHealthz URL of the kubelet's health endpoint ({@code --kubelet-healthz})
 * @param kubeadmPatches the directory that kubeadm is given with {@code --patches} on this node;
 *     empty: {@link dev.retune.agent.node.KubeadmFiles#DEFAULT_PATCHES}, if it is there ({@code
 *     --kubeadm-patches})
 * @param metricsAddress where to serve metrics ({@code --metrics-address})
 */
public record AgentOptions(
    String nodeName,
    Path kubeconfig,
    Path directory,
    String kubeletUnit,
    Path kubeletBinary,
    URI kubeletHealthz,
    Optional<Path> kubeadmPatches,
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
    var arguments = new ArrayList<String>();
    arguments.add("--node-name=" + nodeName);
    arguments.add("--kubeconfig=" + kubeconfig);
    arguments.add("--dynamic-config-dir=" + directory);
    arguments.add("--kubelet-unit=" + kubeletUnit);
    arguments.add("--kubelet-binary=" + kubeletBinary);
    arguments.add("--kubelet-healthz=" + kubeletHealthz);
    kubeadmPatches.ifPresent(patches -> arguments.add("--kubeadm-patches=" + patches));
    arguments.add(
        "--metrics-address=" + metricsAddress.getHostString() + ":" + metricsAddress.getPort());
    return List.copyOf(arguments);
  }

  /**
   * Reads what {@link #arguments} wrote. A unit starts the agent with just that, and then nothing
   * has to be loaded that reads any command line people may think of.
   *
   * @return empty for anything else, right or wrong
   */
  public static Optional<AgentOptions> ofArguments(List<String> arguments) {
    Map<String, String> values = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 0) {
        return Optional.empty();
      }
      values.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    try {
      var options =
          new AgentOptions(
              values.getOrDefault("--node-name", ""),
              Path.of(values.getOrDefault("--kubeconfig", "")),
              Path.of(values.getOrDefault("--dynamic-config-dir", "")),
              values.getOrDefault("--kubelet-unit", ""),
              Path.of(values.getOrDefault("--kubelet-binary", "")),
              URI.create(values.getOrDefault("--kubelet-healthz", "")),
              Optional.ofNullable(values.get("--kubeadm-patches")).map(Path::of),
              address(values.getOrDefault("--metrics-address", "")));
      return options.arguments().equals(arguments) ? Optional.of(options) : Optional.empty();
    } catch (IllegalArgumentException wrong) {
      return Optional.empty();
    }
  }

  /**
   * {@code host:port}; without a host: every address of this machine.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(0, colon));
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new InetSocketAddress(
        host.isEmpty() ? "0.0.0.0" : host, Integer.parseInt(text.substring(colon + 1)));
  }
}
