package dev.retune.cli;

import dev.retune.api.RetuneApi;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code retune retry NODE…}: what failed on a node is tried there once more (AGENT-14). */
@Command(
    name = "retry",
    description = {
      "Try once more what failed on nodes.",
      "A config that failed on a node, or that the node refused, is not tried there again until it"
          + " changes, or until somebody says so."
    },
    footer = {
      "",
      "Examples:",
      "  retune retry node-1                                   after what was wrong there is mended",
      "  retune retry -l pool=batch",
      "",
      "The same with kubectl:",
      "  kubectl annotate nodekubelet node-1 --overwrite retune.dev/retry=\"$(date -Is)\""
    })
final class RetryCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Mixin private final NodeSelection nodes = new NodeSelection();

  @Mixin private final DryRun.Option dryRun = new DryRun.Option();

  RetryCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (var cluster = Cluster.open(session, this.cluster)) {
      String now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS).toString();
      var assignments = new Assignments(cluster, session.console(), dryRun.mode());
      for (Map<String, @Nullable Object> node : nodes.nodes(cluster)) {
        assignments.annotate(node, RetuneApi.RETRY_ANNOTATION, now, "will be tried again");
      }
      return ExitCode.DONE;
    }
  }
}
