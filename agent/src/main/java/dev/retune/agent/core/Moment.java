package dev.retune.agent.core;

import java.time.Duration;
import java.time.Instant;

/**
 * A moment on a node.
 *
 * @param wall the wall clock; shown to people and compared with nothing but other wall clocks
 * @param sinceBoot the boot-time clock, which runs on while the machine sleeps and is never set
 * @param bootId which boot {@code sinceBoot} counts from ({@code /proc/sys/kernel/random/boot_id})
 */
public record Moment(Instant wall, Duration sinceBoot, String bootId) {

  /** The wall-clock time of another moment of the same boot. */
  public Instant wallAt(Duration otherSinceBoot) {
    return wall.minus(sinceBoot).plus(otherSinceBoot);
  }
}
