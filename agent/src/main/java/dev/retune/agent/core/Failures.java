package dev.retune.agent.core;

import dev.retune.agent.core.Ending.Doing;
import dev.retune.agent.core.Exits.Restart;
import dev.retune.agent.core.NodeState.Activation;
import dev.retune.agent.core.NodeState.Trial;
import dev.retune.agent.core.Observation.Kubelet;
import dev.retune.agent.core.Observation.MainProcess;
import dev.retune.agent.core.Observation.Service.Standing;
import dev.retune.agent.core.Observation.Undone;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What counts as a failure of the config (AGENT-13), and what does not: a restart by a person, a
 * reboot, an API server that is away for everyone, one kill for want of memory, a kubelet that
 * could not be started at all. {@code docs/attribution.md} has the whole table.
 */
record Failures(Limits limits) {
  /** Failed exits in a trial that are too many. */
  private static final long CRASH_LOOP = 2;

  /** How long a unit may be down that nobody starts again. */
  private static final Duration STRANDED = Duration.ofSeconds(5);

  /**
   * A failure and its evidence.
   *
   * @param reason one CamelCase word
   * @param message for people, with the kubelet's last lines where it ended
   */
  record Failure(String reason, String message) {}

  /** Before the proof one failed exit is enough. */
  Optional<Failure> ofStart(Activation activation, Observation seen) {
    return activation.exits().failed() > 0
        ? failure(
            "KubeletExited",
            "the kubelet ended before it was proven to run" + activation.exits().evidence(),
            seen.kubelet())
        : Optional.empty();
  }

  /** Whether the start has been watched for as long as it may take, whoever started it last. */
  boolean late(Activation activation, Observation seen) {
    var from = later(activation.since(), seen.kubelet().watchedSince());
    var started = seen.kubelet().process().map(MainProcess::startedAt).orElse(from);
    return seen.now().sinceBoot().minus(later(from, started)).compareTo(limits.start()) >= 0;
  }

  /** What is to be done about a kubelet that is not there when its time is over. */
  sealed interface Overdue {
    /** It read the config and does not run well. */
    record Blame(Failure failure) implements Overdue {}

    /** It runs as well as this node's kubelet did before. */
    record Proven() implements Overdue {}

    /** It was not started, so nothing is known of the config: it is started again. */
    record Restart() implements Overdue {}

    /** Somebody else has to act first: systemd, or the person who stopped it. */
    record Wait() implements Overdue {}
  }

  /**
   * What follows from a start that is {@link #late}.
   *
   * @param restarted whether the main process is younger than the restart
   * @param runsTarget whether it was started with the config
   */
  Overdue overdue(Activation activation, Observation seen, boolean restarted, boolean runsTarget) {
    var kubelet = seen.kubelet();
    if (kubelet.process().isPresent()) {
      if (!restarted) {
        return new Overdue.Restart();
      }
      var restartedAt = seen.now().wallAt(activation.since());
      boolean healthy = runsTarget && kubelet.healthySince().isPresent();
      if (healthy && seen.apiReachable() && !renewedBefore(restartedAt, kubelet)) {
        return new Overdue.Proven();
      }
      return runsTarget
          ? new Overdue.Blame(ofDeadline(activation, seen))
          : new Overdue.Wait(); // The config was not read: a drop-in or the unit is not as it was.
    }
    return switch (kubelet.service().standing()) {
      case UP, WAITING -> new Overdue.Wait();
      case STRANDED, UNUSABLE -> new Overdue.Restart();
      case STOPPED -> {
        boolean ranSince =
            activation.exits().last().filter(look -> look.restart() == Restart.NONE).isPresent();
        yield ranSince ? new Overdue.Wait() : new Overdue.Restart();
      }
    };
  }

  private Failure ofDeadline(Activation activation, Observation seen) {
    return new Failure(
        "StartDeadlineExceeded",
        withLines(
            "the kubelet was not proven to run within "
                + limits.start().toSeconds()
                + " s: "
                + missing(seen)
                + activation.exits().evidence(),
            seen.kubelet()));
  }

  private static String missing(Observation seen) {
    if (seen.kubelet().healthySince().isEmpty()) {
      return "healthz does not answer ok";
    }
    return seen.apiReachable()
        ? "the node's lease was not renewed, though the API server answers the agent"
        : "it was not healthy for long enough";
  }

  static Failure ofUndone(Undone undone) {
    return new Failure(
        "NotJudged",
        "the agent did not judge the kubelet in time, so the node undid the change by itself"
            + (undone.evidence().isBlank() ? "" : "; before that: " + undone.evidence().strip()));
  }

  Optional<Failure> ofTrial(Trial trial, Observation seen) {
    var kubelet = seen.kubelet();
    long exits = trial.exits().failed();
    if (exits >= CRASH_LOOP) {
      return failure(
          "KubeletCrashLooping",
          "the kubelet ended " + exits + " times in its trial" + trial.exits().evidence(),
          kubelet);
    }
    if (kubelet.process().isEmpty()) {
      // What is not there can be neither ill nor well; its ends are counted above.
      return Optional.empty();
    }
    if (lasted(kubelet.unhealthySince(), limits.unhealthy(), seen)) {
      return failure(
          "KubeletUnhealthy",
          "healthz was not ok for "
              + limits.unhealthy().toSeconds()
              + " s"
              + trial.exits().evidence(),
          kubelet);
    }
    if (!seen.apiReachable()) {
      return Optional.empty();
    }
    if (trial.readyBefore() && lasted(kubelet.notReadySince(), limits.notReady(), seen)) {
      return failure(
          "NodeNotReady",
          "the node was Ready before and was not for "
              + limits.notReady().toSeconds()
              + " s"
              + trial.exits().evidence(),
          kubelet);
    }
    var holds = leaseHolds(kubelet);
    if (trial.leaseBefore() && lasted(kubelet.leaseUnchangedSince(), holds, seen)) {
      return failure(
          "LeaseNotRenewed",
          "the node's lease was not renewed for "
              + holds.toSeconds()
              + " s, though the API server answers the agent"
              + trial.exits().evidence(),
          kubelet);
    }
    return Optional.empty();
  }

  /**
   * Kubelets renew their lease four times in the time that it holds, and that time is a field of
   * their config ({@code nodeLeaseDurationSeconds}).
   */
  private Duration leaseHolds(Kubelet kubelet) {
    return later(limits.leaseNotRenewed(), kubelet.leaseHolds());
  }

  /**
   * Whether the lease was being renewed until about then, or later: one that was not, with the
   * config before, says nothing of this one. The kubelet writes its times by this node's clock.
   */
  private boolean renewedBefore(Instant then, Kubelet kubelet) {
    var stale = then.minus(leaseHolds(kubelet));
    return kubelet.leaseRenewed().filter(renewed -> renewed.isAfter(stale)).isPresent();
  }

  /**
   * Whether the kubelet has ended, not by the doing of somebody who knows, and nobody will start it
   * again: a unit with {@code Restart=on-failure} after an exit without an error, one with {@code
   * Restart=no}, one that was restarted too often.
   */
  boolean stranded(Exits exits, Observation seen) {
    var service = seen.kubelet().service();
    if (seen.kubelet().process().isPresent() || service.standing() != Standing.STRANDED) {
      return false;
    }
    // What could not be started at all will hardly be a moment later.
    var patience = service.last().doing() == Doing.NOT_STARTED ? limits.start() : STRANDED;
    return exits
        .last()
        .filter(look -> seen.now().sinceBoot().minus(look.since()).compareTo(patience) >= 0)
        .isPresent();
  }

  /**
   * Whether the kubelet is as well as can be seen: a Node that turned not Ready or a lease that is
   * overdue is no failure yet, but no health either, so that no trial ends on it.
   */
  boolean well(Trial trial, Observation seen) {
    var kubelet = seen.kubelet();
    if (kubelet.healthySince().isEmpty()) {
      return false;
    }
    boolean notReady = trial.readyBefore() && kubelet.notReadySince().isPresent();
    boolean overdue =
        trial.leaseBefore()
            && lasted(kubelet.leaseUnchangedSince(), leaseHolds(kubelet).dividedBy(2), seen);
    return !seen.apiReachable() || !(notReady || overdue);
  }

  /** Whether it has been so for that long, not counting what was before the process started. */
  private static boolean lasted(Optional<Duration> since, Duration limit, Observation seen) {
    var started = seen.kubelet().process().map(MainProcess::startedAt).orElse(Duration.ZERO);
    return since
        .map(begin -> later(begin, started))
        .filter(begin -> seen.now().sinceBoot().minus(begin).compareTo(limit) >= 0)
        .isPresent();
  }

  private static Duration later(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Optional<Failure> failure(String reason, String what, Kubelet kubelet) {
    return Optional.of(new Failure(reason, withLines(what, kubelet)));
  }

  private static String withLines(String what, Kubelet kubelet) {
    var lines = kubelet.lastLines();
    return lines.isEmpty() ? what : what + "; its last lines:\n" + String.join("\n", lines);
  }
}
