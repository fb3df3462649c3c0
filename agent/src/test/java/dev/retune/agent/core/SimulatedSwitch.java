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
public final class SimulatedSwitch {
  public static final Duration AFTER = Duration.ofSeconds(90);

  private final NodeDisk disk;
  private Optional<Duration> firesAt = Optional.empty();

  /** Whether the agent had it act, and has not disarmed it since. */
  private boolean pulled;

  /** Whether it was cut off on its way, and has neither ended it since nor was disarmed. */
  private boolean cutOff;

  /** How often it went the way back. */
  public int fired;

  SimulatedSwitch(NodeDisk disk) {
    this.disk = disk;
  }

  public void arm(String undoes, Config to, Duration now) throws IOException {
    push(now);
    disk.arm(undoes, to);
  }

  public void push(Duration now) {
    firesAt = Optional.of(now.plus(AFTER));
  }

  public void disarm(Duration now) throws IOException {
    push(now);
    pulled = false;
    disk.disarm();
    cutOff = false;
    firesAt = Optional.empty();
  }

  /** The machine slept: the timer's clock did not run. */
  public void slept(Duration duration) {
    firesAt = firesAt.map(at -> at.plus(duration));
  }

  /** The machine starts, and with it the timer. */
  public void boot() {
    firesAt = Optional.of(AFTER);
  }

  /** The agent that had it act is gone. */
  public void forgetPulled() {
    pulled = false;
  }

  /** When it will act; empty when it will not. */
  public Optional<Duration> firesAt() {
    return armed() ? firesAt : Optional.empty();
  }

  /** Goes the way back by itself, or because the agent pulled it. */
  public void fire(String bootId, Duration now, boolean byAgent, Runnable restart) {
    fired++;
    pulled |= byAgent;
    firesAt = Optional.empty();
    cutOff = true;
    try {
      disk.script().run(bootId, now, restart);
      cutOff = false;
    } catch (IOException full) {
      throw new IllegalStateException("the way back could not be gone", full);
    }
  }

  public boolean armed() {
    return disk.armed();
  }

  /** Whether it has begun to undo what the agent's files do not know to be undone. */
  boolean underWay() {
    return cutOff || undone().isPresent();
  }

  public Optional<Undone> undone() {
    return disk.undone(pulled);
  }
}
