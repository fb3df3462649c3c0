package dev.retune.cli;

import dev.retune.kube.Tree;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retune config NODE}: what the node's kubelet runs now. */
@Command(
    name = "config",
    description = {
      "Show the config that a node's kubelet runs now, ready to edit and push.",
      "It is asked of the kubelet itself (/configz, through the API server), so it has every"
          + " field, defaults and flags included."
    },
    footer = {
      "",
      "Examples:",
      "  retune config node-1 > node.yaml",
      "  retune config node-1 -o json",
      "  diff <(retune config node-1) <(retune config node-2)"
    })
final class ConfigCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "NODE", description = "Name of the node.")
  private String node = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "json|yaml",
      description = "How to write it (default: yaml).")
  private Output.Format format = Output.Format.yaml;

  ConfigCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (var cluster = Cluster.open(session, this.cluster)) {
      session.console().out().print(Output.text(format, liveConfig(cluster, node)));
      session.console().out().flush();
      return ExitCode.DONE;
    }
  }

  /** The kubelet's own answer as a document that it would take: with kind and apiVersion. */
  static Map<String, @Nullable Object> liveConfig(Cluster cluster, String node) {
    var answer =
        cluster.get(
            Cluster.nodePath(node) + "/proxy/configz", "the kubelet config of node " + node);
    var config = Tree.map(answer, "kubeletconfig");
    if (config.isEmpty()) {
      throw Failure.of(
          "node "
              + node
              + " answered /configz without a kubeletconfig; its keys are "
              + answer.keySet(),
          "check that enableDebuggingHandlers is not false on that kubelet");
    }
    return KubeletDocument.of(config);
  }
}
