package dev.retune.cli;

import dev.retune.kube.Tree;
import dev.retune.kubelet.KubeletVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** For which kubelet a document is judged. */
final class KubeletOptions {
  @Option(
      names = "--kubelet-version",
      paramLabel = "VERSION",
      description = "Judge as this kubelet would, like 1.30 (default: the newest known).")
  private @Nullable String text;

  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = "Judge as the kubelet of this node would.")
  private @Nullable String node;

  KubeletVersion version(Session session, ClusterOptions options) {
    if (text != null && node != null) {
      throw Failure.usage("--kubelet-version and --node exclude each other", "give one of them");
    }
    if (text != null) {
      return known(text, "--kubelet-version");
    }
    if (node != null) {
      try (var cluster = Cluster.open(session, options)) {
        var tree = cluster.get(Cluster.nodePath(node), "node " + node);
        return known(
            Tree.string(tree, "status", "nodeInfo", "kubeletVersion").orElse(""),
            "the version that node " + node + " reports");
      }
    }
    return KubeletVersion.newest();
  }

  private static KubeletVersion known(String text, String source) {
    KubeletVersion version;
    try {
      version = KubeletVersion.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw Failure.usage(source + ": " + wrong.getMessage(), "");
    }
    if (version.compareTo(KubeletVersion.oldest()) < 0) {
      throw Failure.usage(
          source + ": kubelet " + version + " is older than Retune knows",
          "known are " + KubeletVersion.oldest() + " to " + KubeletVersion.newest());
    }
    return version;
  }
}
