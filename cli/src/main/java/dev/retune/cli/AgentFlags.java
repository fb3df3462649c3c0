package dev.retune.cli;

import dev.retune.agent.AgentOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What an agent is told of its node; {@code retune agent} and {@code retune node} both take it. */
final class AgentFlags {
  @Option(
      names = "--node-name",
      paramLabel = "NODE",
      description = "Name of the Node (default: this machine's name).")
  private String nodeName = "";

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The node's own credentials (default: ${DEFAULT-VALUE}).")
  private Path kubeconfig = AgentOptions.DEFAULT_KUBECONFIG;

  @Option(
      names = "--dynamic-config-dir",
      paramLabel = "DIRECTORY",
      description = "Where checkpoints and state are kept (default: ${DEFAULT-VALUE}).")
  private Path directory = AgentOptions.DEFAULT_DIRECTORY;

  @Option(
      names = "--kubelet-unit",
      paramLabel = "UNIT",
      description = "The kubelet's systemd unit (default: ${DEFAULT-VALUE}).")
  private String unit = AgentOptions.DEFAULT_UNIT;

  @Option(
      names = "--kubelet-binary",
      paramLabel = "FILE",
      description =
          "The kubelet, asked to judge a config before it runs (default:" + " ${DEFAULT-VALUE}).")
  private Path binary = AgentOptions.DEFAULT_BINARY;

  @Option(
      names = "--kubelet-healthz",
      paramLabel = "URL",
      description = "The kubelet's health endpoint (default: ${DEFAULT-VALUE}).")
  private URI healthz = AgentOptions.DEFAULT_HEALTHZ;

  @Option(
      names = "--kubeadm-patches",
      paramLabel = "DIRECTORY",
      description = {
        "The directory that kubeadm is given with --patches on this node: with kubeadm's own"
            + " ConfigMap assigned, its patches are applied as kubeadm does (default:"
            + " /etc/kubernetes/patches, if it is there)."
      })
  private @Nullable Path patches;

  @Option(
      names = "--metrics-address",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description = "Where to serve metrics (default: 127.0.0.1:9446).")
  private InetSocketAddress metrics = AgentOptions.DEFAULT_METRICS;

  AgentOptions options(Console console) {
    var name = nodeName.isEmpty() ? HostName.of(console) : nodeName;
    return new AgentOptions(
        name,
        kubeconfig,
        directory.toAbsolutePath().normalize(),
        unit,
        binary,
        healthz,
        Optional.ofNullable(patches),
        metrics);
  }

  /** {@code host:port}. */
  static final class AddressConverter implements ITypeConverter<InetSocketAddress> {
    @Override
    public InetSocketAddress convert(String text) {
      try {
        return AgentOptions.address(text);
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(
            "not an address: \"" + text + "\"; write it like 127.0.0.1:9446");
      }
    }
  }
}
