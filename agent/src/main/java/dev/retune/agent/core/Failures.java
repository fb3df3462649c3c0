package dev.retune.agent.core;

import dev.retune.agent.core.NodeState.Activation;
import dev.retune.agent.core.NodeState.Trial;
import dev.retune.agent.core.Observation.Kubelet;
import dev.retune.agent.core.Observation.Service;
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
    var service = seen.kubelet().service();
    boolean restarted =
        activation.restartsBefore().filter(before -> service.restarts() > before).isPresent();
    if ((service.down() || restarted) && !killedForMemory(service)) {
      return failure(
          "KubeletExited",
          "the kubelet ended before it was proven to run (" + service.ending() + ")",
          seen.kubelet());
    }
    var waited = seen.now().sinceBoot().minus(activation.since());
    if (waited.compareTo(limits.start()) >= 0) {
      return failure(
          "StartDeadlineExceeded",
          "the kubelet was not proven to run within "
              + limits.start().toSeconds()
              + " s: "
              + missing(seen),
          seen.kubelet());
    }
    return Optional.empty();
  }

  private static String missing(Observation seen) {
    var kubelet = seen.kubelet();
    if (kubelet.process().isEmpty()) {
      return "its unit is " + kubelet.service().activeState() + "/" + kubelet.service().subState();
    }
    if (kubelet.healthySince().isEmpty()) {
      return "healthz does not answer ok";
    }
    return "the node's lease was not renewed";
  }

  Optional<Failure> ofTrial(Trial trial, Observation seen) {
    var kubelet = seen.kubelet();
    var service = kubelet.service();
    long exits =
        Math.max(0, service.restarts() - trial.restartsBefore()) + (service.down() ? 1 : 0);
    if (killedForMemory(service)) {
      exits--;
    }
    if (exits >= CRASH_LOOP) {
      return failure(
          "KubeletCrashLooping",
          "the kubelet ended " + exits + " times in its trial (" + service.ending() + ")",
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

  private static boolean killedForMemory(Service service) {
    return service.result().equals("oom-kill");
  }

  private static boolean lasted(Optional<Duration> since, Duration limit, Observation seen) {
    return since
        .filter(begin -> seen.now().sinceBoot().minus(begin).compareTo(limit) >= 0)
        .isPresent();
  }

  private static Optional<Failure> failure(String reason, String what, Kubelet kubelet) {
    var lines = kubelet.lastLines();
    return Optional.of(
        new Failure(
            reason,
            lines.isEmpty() ? what : what + "; its last lines:\n" + String.join("\n", lines)));
  }
}
