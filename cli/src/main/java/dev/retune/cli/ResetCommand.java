package dev.retune.cli;

import dev.retune.api.NodeKubelet;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code retune reset NODE…}: back to the local config. */
@Command(
    name = "reset",
    description = {
      "Take the assignment away from nodes.",
      "The kubelet goes back to the config that is on the node itself, in one restart."
    },
    footer = {
      "",
      "Examples:",
      "  retune reset node-1",
      "  retune reset -l pool=batch --wait",
      "  retune reset node-1 --dry-run=server"
    })
final class ResetCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Mixin private final NodeSelection nodes = new NodeSelection();

  @Mixin private final WaitOptions waiting = new WaitOptions();

  @Mixin private final DryRun.Option dryRun = new DryRun.Option();

  ResetCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (var cluster = Cluster.open(session, this.cluster)) {
      var assignments = new Assignments(cluster, session.console(), dryRun.mode());
      var written = new ArrayList<NodeKubelet>();
      for (Map<String, @Nullable Object> node : nodes.nodes(cluster)) {
        var object = assignments.reset(node);
        if (!object.uid().isEmpty()) {
          written.add(object);
        }
      }
      return waiting.asked() && dryRun.mode() == DryRun.none
          ? new Following(cluster, session.console()).follow(written, waiting.timeout())
          : ExitCode.DONE;
    }
  }
}
