package dev.retune.agent.core;

import java.time.Duration;

/**
 * How long the agent waits before it calls a kubelet failed (AGENT-11, AGENT-13).
 *
 * @param start from the restart to the proof
 * @param unhealthy {@code healthz} not ok in a trial
 * @param notReady Node not Ready in a trial, when it was Ready before
 * @param leaseNotRenewed Lease not renewed in a trial while the API server is reachable
 */
public record Limits(
    Duration start, Duration unhealthy, Duration notReady, Duration leaseNotRenewed) {
  public static final Limits DEFAULT =
      new Limits(
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(40));
}
