package dev.retune.kube;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** When to try again. */
final class Retry {

  /** The longest wait between two tries. */
  static final Duration CAP = Duration.ofSeconds(60);

  private Retry() {}

  /**
   * What the server asks for with a 429 or a 5xx: the Retry-After header (seconds), else {@code
   * details.retryAfterSeconds} of the Status, else a second after a 429.
   */
  static Optional<Duration> after(
      @Nullable String header, int code, Map<String, @Nullable Object> status) {
    if (code != 429 && code < 500) {
      return Optional.empty();
    }
    if (header != null && header.matches("[0-9]{1,6}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(header)));
    }
    long seconds = Tree.longValue(status, "details", "retryAfterSeconds").orElse(0);
    if (seconds > 0) {
      return Optional.of(Duration.ofSeconds(seconds));
    }
    return code == 429 ? Optional.of(Duration.ofSeconds(1)) : Optional.empty();
  }

  /**
   * The wait before the next try after {@code failures} in a row: next to none, then 1 s, 2 s, 4 s
   * … up to {@link #CAP}, each shortened by up to a half at random so that a fleet does not come
   * back in step.
   */
  static Duration backOff(int failures) {
    if (failures <= 1) {
      return Duration.ofMillis(ThreadLocalRandom.current().nextLong(50));
    }
    long full = Math.min(CAP.toMillis(), 1000L << Math.min(failures - 2, 16));
    return Duration.ofMillis(full - ThreadLocalRandom.current().nextLong(full / 2));
  }
}
