package dev.retune.agent.core;

import dev.retune.agent.core.Observation.Undone;
import dev.retune.agent.store.NodeDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The dead man's switch on virtual time: its files are real ones on the simulated disk. Its timer
 * runs while the machine is awake and starts anew with each boot.
 */
final class SimulatedSwitch {
  static final Duration AFTER = Duration.ofSeconds(90);

  private final NodeDisk disk;
  private Optional<Duration> firesAt = Optional.empty();

  /** Whether the agent had it act, and has not disarmed it since. */
  private boolean pulled;

  /** How often it went the way back. */
  int fired;

  SimulatedSwitch(NodeDisk disk) {
    this.disk = disk;
  }

  void arm(String undoes, Config to, Duration now) throws IOException {
    push(now);
    disk.arm(undoes, to);
  }

  void push(Duration now) {
    firesAt = Optional.of(now.plus(AFTER));
  }

  void disarm(Duration now) throws IOException {
    push(now);
    pulled = false;
    disk.disarm();
    firesAt = Optional.empty();
  }

  /** The machine slept: the timer's clock did not run. */
  void slept(Duration duration) {
    firesAt = firesAt.map(at -> at.plus(duration));
  }

  /** The machine starts, and with it the timer. */
  void boot() {
    firesAt = Optional.of(AFTER);
  }

  /** The agent that had it act is gone. */
  void forgetPulled() {
    pulled = false;
  }

  /** When it will act; empty when it will not. */
  Optional<Duration> firesAt() {
    return armed() ? firesAt : Optional.empty();
  }

  /** Goes the way back by itself, or because the agent pulled it. */
  void fire(String bootId, Duration now, boolean byAgent, Runnable restart) {
    fired++;
    pulled |= byAgent;
    firesAt = Optional.empty();
    try {
      disk.script().run(bootId, now, restart);
    } catch (IOException full) {
      throw new IllegalStateException("the way back could not be gone", full);
    }
  }

  boolean armed() {
    return disk.armed();
  }

  Optional<Undone> undone() {
    return disk.undone(pulled);
  }
}
