package dev.retune.cli;

import dev.retune.kube.Tree;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.NodeFacts;
import dev.retune.kubelet.value.Quantity;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** For which kubelet a document is judged. */
final class KubeletOptions {
  private static final Set<String> COMPARED = Set.of("cpu", "memory", "ephemeral-storage");

  @Option(
      names = "--kubelet-version",
      paramLabel = "VERSION",
      description = "Judge as this kubelet would, like 1.30 (default: the newest known).")
  private @Nullable String text;

  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = "Judge as the kubelet of this node would: its version, and what it has.")
  private @Nullable String node;

  /**
   * A kubelet and the machine it runs on.
   *
   * @param facts what is known of the machine; nothing, unless a node was named
   */
  record Kubelet(KubeletVersion version, NodeFacts facts) {}

  Kubelet kubelet(Session session, ClusterOptions options) {
    if (text != null && node != null) {
      throw Failure.usage("--kubelet-version and --node exclude each other", "give one of them");
    }
    if (text != null) {
      return new Kubelet(Versions.judged(text, "--kubelet-version"), NodeFacts.UNKNOWN);
    }
    if (node != null) {
      try (var cluster = Cluster.open(session, options)) {
        var tree = cluster.get(Cluster.nodePath(node), "node " + node);
        return new Kubelet(version(tree, node), facts(tree));
      }
    }
    return new Kubelet(KubeletVersion.newest(), NodeFacts.UNKNOWN);
  }

  /** The version that a Node reports. */
  static KubeletVersion version(Map<String, @Nullable Object> tree, String node) {
    return Versions.judged(
        Tree.string(tree, "status", "nodeInfo", "kubeletVersion").orElse(""),
        "the version that node " + node + " reports");
  }

  private static NodeFacts facts(Map<String, @Nullable Object> tree) {
    var facts = NodeFacts.UNKNOWN;
    for (Map.Entry<String, @Nullable Object> entry :
        Tree.map(tree, "status", "capacity").entrySet()) {
      var resource = entry.getKey();
      var amount = String.valueOf(entry.getValue());
      if ((COMPARED.contains(resource) || resource.startsWith("hugepages-"))
          && Quantity.parse(amount).isPresent()) {
        facts = facts.withCapacity(resource, amount);
      }
    }
    return facts;
  }
}
