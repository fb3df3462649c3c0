package dev.retune.cli;

import dev.retune.api.Condition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubelet;
import dev.retune.api.Phase;
import dev.retune.cli.text.Style;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Stays with nodes until each has taken or refused what it was assigned, and shows the way. */
final class Following {
  private final Cluster cluster;
  private final Console console;
  private final long startedNanos = System.nanoTime();

  Following(Cluster cluster, Console console) {
    this.cluster = cluster;
    this.console = console;
  }

  /** What was printed last of a node. */
  private record Shown(String phase, String error) {}

  /** How far a node has come. */
  private enum Outcome {
    WAITING,
    DONE,
    FAILED
  }

  /**
   * Waits, and returns the exit code: done when every node runs what it should.
   *
   * @param written the objects as they were written; their generations are waited for
   */
  int follow(List<NodeKubelet> written, Duration timeout) throws InterruptedException {
    var pending = new LinkedHashMap<String, NodeKubelet>();
    written.forEach(object -> pending.put(object.name(), object));
    var shown = new LinkedHashMap<String, Shown>();
    var failed = new boolean[1];
    if (!pending.isEmpty()) {
      try (var progress = console.waitingFor(waitingFor(pending))) {
        cluster.follow(
            tree -> {
              var seen = NodeKubelet.fromTree(tree);
              var wanted = pending.get(seen.name());
              if (wanted == null || !speaksOf(seen, wanted)) {
                return !pending.isEmpty();
              }
              progress.clear();
              show(seen, shown);
              var outcome = outcome(seen);
              if (outcome != Outcome.WAITING) {
                pending.remove(seen.name());
                failed[0] |= outcome == Outcome.FAILED;
                progress.now(waitingFor(pending));
              }
              return !pending.isEmpty();
            },
            Optional.of(timeout));
      }
    }
    if (!pending.isEmpty()) {
      throw Failure.of(
          "after "
              + timeout.toSeconds()
              + " s still waiting for: "
              + String.join(", ", pending.keySet()),
          "retune status NODE says where a node stands; a node without an agent never answers");
    }
    return failed[0] ? ExitCode.FAILED : ExitCode.DONE;
  }

  private static String waitingFor(Map<String, NodeKubelet> pending) {
    return "waiting for " + String.join(", ", pending.keySet());
  }

  /** Whether the agent has seen what was written, and says something about that source. */
  private static boolean speaksOf(NodeKubelet seen, NodeKubelet written) {
    if (seen.status().observedGeneration() < written.generation()) {
      return false;
    }
    var wanted = reference(seen.spec().configSource());
    return wanted.isEmpty() || reference(seen.status().config().assigned()).equals(wanted);
  }

  private static Optional<ConfigMapNodeConfigSource> reference(Optional<NodeConfigSource> source) {
    return source.flatMap(NodeConfigSource::configMap).map(ConfigMapNodeConfigSource::unresolved);
  }

  private static Outcome outcome(NodeKubelet seen) {
    var config = seen.status().config();
    if (seen.spec().configSource().isEmpty()) {
      var local =
          config.assigned().isEmpty()
              && config.active().isEmpty()
              && config.lastKnownGood().isEmpty()
              && config.error().isEmpty();
      return local && seen.status().phase().equals(Optional.of(Phase.Local))
          ? Outcome.DONE
          : Outcome.WAITING;
    }
    return seen.status()
        .phase()
        .map(phase ->
            switch (phase) {
              case Trial, Good -> runsAssigned(seen) ? Outcome.DONE : Outcome.WAITING;
              case RolledBack, Rejected, Blocked -> Outcome.FAILED;
              // It runs, and something else has the last word on some of its fields (AGENT-19).
              case Drifted -> runsAssigned(seen) ? Outcome.FAILED : Outcome.WAITING;
              case Local, Syncing, Restarting -> Outcome.WAITING;
            })
        .orElse(Outcome.WAITING);
  }

  private static boolean runsAssigned(NodeKubelet seen) {
    return reference(seen.status().config().active()).equals(reference(seen.spec().configSource()));
  }

  private void show(NodeKubelet seen, Map<String, Shown> shown) {
    var report = new NodeReport(seen, Optional.of(Instant.EPOCH), Instant.now());
    var error = seen.status().config().error();
    var before = shown.put(seen.name(), new Shown(report.phase(), error));
    if (new Shown(report.phase(), error).equals(before)) {
      return;
    }
    var seconds = Duration.ofNanos(System.nanoTime() - startedNanos).toMillis() / 1000.0;
    var isNew = !error.isEmpty() && (before == null || !before.error().equals(error));
    console
        .out()
        .printf(
            Locale.ROOT,
            "%6.1f s  %s  %s%s%n",
            seconds,
            seen.name(),
            report.style().paint(report.phase(), console.colors()),
            isNew ? ": " + error : "");
    if (isNew || seen.status().phase().equals(Optional.of(Phase.Drifted))) {
      seen.status().conditions().stream()
          .filter(condition -> condition.status() == Condition.Status.False)
          .flatMap(condition -> condition.message().lines())
          .forEach(line ->
              console.out().println("          " + Style.FAINT.paint(line, console.colors())));
    }
    console.out().flush();
  }
}
