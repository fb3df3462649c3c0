package dev.retune.agent.core;

import dev.retune.agent.core.NodeState.Activation;
import dev.retune.agent.core.NodeState.Trial;
import dev.retune.agent.core.Observation.Kubelet;
import dev.retune.agent.core.Observation.MainProcess;
import dev.retune.agent.core.Observation.Service;
import dev.retune.agent.core.Observation.Undone;
import java.time.Duration;
import java.util.Optional;

/**
 * What counts as a failure of the config (AGENT-13), and what does not: a restart by a person, a
 * reboot, an API server that is away for everyone, one kill for want of memory.
 */
record Failures(Limits limits) {
  /** Failed exits in a trial that are too many. */
  private static final long CRASH_LOOP = 2;

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
            "the kubelet ended before it was proven to run" + how(seen.kubelet().service()),
            seen.kubelet())
        : Optional.empty();
  }

  /** Whether the start has been watched for as long as it may take. */
  boolean late(Activation activation, Observation seen) {
    var watched = seen.kubelet().watchedSince();
    var from = watched.compareTo(activation.since()) > 0 ? watched : activation.since();
    return seen.now().sinceBoot().minus(from).compareTo(limits.start()) >= 0;
  }

  Failure ofDeadline(Observation seen, boolean runsTarget) {
    return new Failure(
        "StartDeadlineExceeded",
        withLines(
            "the kubelet was not proven to run within "
                + limits.start().toSeconds()
                + " s: "
                + missing(seen, runsTarget),
            seen.kubelet()));
  }

  private static String missing(Observation seen, boolean runsTarget) {
    var kubelet = seen.kubelet();
    if (kubelet.process().isEmpty()) {
      return "its unit is " + kubelet.service().activeState() + "/" + kubelet.service().subState();
    }
    if (!runsTarget) {
      var flag = kubelet.process().get().config();
      return "it was started with "
          + (flag.isEmpty() ? "no --config" : "--config=" + flag)
          + "; is the unit's drop-in in place?";
    }
    if (kubelet.healthySince().isEmpty()) {
      return "healthz does not answer ok";
    }
    return "the node's lease was not renewed";
  }

  static Failure ofUndone(Undone undone) {
    return new Failure(
        "NotJudged",
        "the agent did not judge the kubelet in time, so the node undid the change by itself"
            + (undone.evidence().isBlank() ? "" : "; before that: " + undone.evidence().strip()));
  }

  Optional<Failure> ofTrial(Trial trial, Observation seen) {
    var kubelet = seen.kubelet();
    var service = kubelet.service();
    long exits = trial.exits().failed();
    if (exits >= CRASH_LOOP) {
      return failure(
          "KubeletCrashLooping",
          "the kubelet ended " + exits + " times in its trial" + how(service),
          kubelet);
    }
    if (!service.stopped() && lasted(kubelet.unhealthySince(), limits.unhealthy(), seen)) {
      return failure(
          "KubeletUnhealthy",
          "healthz was not ok for " + limits.unhealthy().toSeconds() + " s",
          kubelet);
    }
    if (!seen.apiReachable() || service.stopped()) {
      return Optional.empty();
    }
    if (trial.readyBefore() && lasted(kubelet.notReadySince(), limits.notReady(), seen)) {
      return failure(
          "NodeNotReady",
          "the node was Ready before and was not for " + limits.notReady().toSeconds() + " s",
          kubelet);
    }
    if (lasted(kubelet.leaseUnchangedSince(), limits.leaseNotRenewed(), seen)) {
      return failure(
          "LeaseNotRenewed",
          "the node's lease was not renewed for " + limits.leaseNotRenewed().toSeconds() + " s",
          kubelet);
    }
    return Optional.empty();
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
        lasted(kubelet.leaseUnchangedSince(), limits.leaseNotRenewed().dividedBy(2), seen);
    return !seen.apiReachable() || !(notReady || overdue);
  }

  /** How it ended, while the unit still tells. */
  private static String how(Service service) {
    return service.down() ? " (" + service.ending() + ")" : "";
  }

  /** Whether it has been so for that long, not counting what was before the process started. */
  private static boolean lasted(Optional<Duration> since, Duration limit, Observation seen) {
    var started = seen.kubelet().process().map(MainProcess::startedAt).orElse(Duration.ZERO);
    return since
        .map(begin -> begin.compareTo(started) > 0 ? begin : started)
        .filter(begin -> seen.now().sinceBoot().minus(begin).compareTo(limit) >= 0)
        .isPresent();
  }

  private static Optional<Failure> failure(String reason, String what, Kubelet kubelet) {
    return Optional.of(new Failure(reason, withLines(what, kubelet)));
  }

  private static String withLines(String what, Kubelet kubelet) {
    var lines = kubelet.lastLines();
    return lines.isEmpty() ? what : what + "; its last lines:\n" + String.join("\n", lines);
  }
}
