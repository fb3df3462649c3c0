package dev.retune.agent.core;

import dev.retune.agent.core.Observation.Undone;
import java.time.Duration;
import java.util.Optional;

/**
 * The dead man's switch on virtual time: what is armed survives the agent and the machine, its
 * clock runs while the machine is awake and starts anew with each boot.
 */
final class SimulatedSwitch {
  static final Duration AFTER = Duration.ofSeconds(90);

  /** What is armed: what it undoes, and the {@code --config} it goes back to. */
  private record Armed(String undoes, String configFlag) {}

  private Optional<Armed> armed = Optional.empty();
  private Optional<Duration> firesAt = Optional.empty();
  private Optional<String> override = Optional.empty();
  private Optional<Undone> undone = Optional.empty();

  /** How often it went the way back. */
  int fired;

  void arm(String undoes, String configFlag, Duration now) {
    armed = Optional.of(new Armed(undoes, configFlag));
    push(now);
  }

  void push(Duration now) {
    firesAt = Optional.of(now.plus(AFTER));
  }

  void disarm() {
    armed = Optional.empty();
    undone = Optional.empty();
    firesAt = Optional.empty();
  }

  /** The machine slept: the timer's clock did not run. */
  void slept(Duration duration) {
    firesAt = firesAt.map(at -> at.plus(duration));
  }

  /** The machine starts: what was in memory is gone. */
  void boot() {
    override = Optional.empty();
    undone = Optional.empty();
    firesAt = armed.map(_ -> AFTER);
  }

  /** When it will act; empty when it will not. */
  Optional<Duration> firesAt() {
    return armed.isPresent() ? firesAt : Optional.empty();
  }

  /** Goes the way back by itself, or because the agent pulled it. */
  void fire(String bootId, Duration now, boolean pulled) {
    var way = armed.orElseThrow();
    fired++;
    firesAt = Optional.empty();
    override = Optional.of(way.configFlag());
    undone =
        Optional.of(new Undone(way.undoes(), bootId, now, pulled, "the unit was active/running"));
  }

  /** An activation by the agent takes the place of what was undone. */
  void activated() {
    override = Optional.empty();
  }

  /** The {@code --config} that wins over the agent's; empty when there is none. */
  Optional<String> override() {
    return override;
  }

  boolean armed() {
    return armed.isPresent();
  }

  Optional<Undone> undone() {
    return undone;
  }
}
