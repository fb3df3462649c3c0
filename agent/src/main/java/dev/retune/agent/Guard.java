package dev.retune.agent;

import dev.retune.agent.core.WayBack;
import dev.retune.agent.node.DeadMansSwitch;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Keeps the dead man's switch from acting as long as this agent judges the kubelet (AGENT-15). */
final class Guard {
  private static final Logger LOG = System.getLogger(Guard.class.getName());

  /** The switch gives the agent 90 s; a few pushes may be lost. */
  private static final Duration PUSH_EVERY = Duration.ofSeconds(20);

  private final DeadMansSwitch deadMansSwitch;
  private boolean pulled;
  private long pushed = System.nanoTime() - PUSH_EVERY.toNanos();

  Guard(DeadMansSwitch deadMansSwitch) {
    this.deadMansSwitch = deadMansSwitch;
  }

  void arm(WayBack wayBack) throws IOException, InterruptedException {
    deadMansSwitch.arm(wayBack);
    pushed = System.nanoTime();
  }

  void disarm() throws IOException, InterruptedException {
    pulled = false;
    deadMansSwitch.disarm();
  }

  /** Whether this agent has had the switch act, and has not disarmed it since. */
  boolean pulled() {
    return pulled;
  }

  /**
   * To be called after each step that was done to its end: the agent is alive, writes and judges.
   */
  void keep() throws InterruptedException {
    if (System.nanoTime() - pushed < PUSH_EVERY.toNanos()) {
      return;
    }
    try {
      deadMansSwitch.push();
      pushed = System.nanoTime();
    } catch (IOException failed) {
      LOG.log(
          Level.WARNING, "the dead man's switch was not pushed forward: " + failed.getMessage());
    }
  }

  /** For a way back that the agent cannot go, because it cannot write what it decided. */
  void goBackWithoutAgent() throws InterruptedException {
    LOG.log(Level.WARNING, "the agent cannot write: the dead man's switch undoes the change now");
    try {
      pulled = true;
      deadMansSwitch.pull();
    } catch (IOException failed) {
      LOG.log(Level.ERROR, "the dead man's switch failed: " + failed.getMessage(), failed);
    }
  }
}
