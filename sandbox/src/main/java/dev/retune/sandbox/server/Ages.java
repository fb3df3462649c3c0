package dev.retune.sandbox.server;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** How long ago, the way kubectl writes it: two units at most, the second only while it matters. */
final class Ages {
  private static final String UNKNOWN = "<unknown>";

  private Ages() {}

  /**
   * @param timestamp RFC 3339; {@code <unknown>} is the answer when it is empty
   */
  static String since(String timestamp, Instant now) {
    if (timestamp.isEmpty()) {
      return UNKNOWN;
    }
    try {
      return format(Duration.between(Instant.parse(timestamp), now));
    } catch (DateTimeException e) {
      return UNKNOWN;
    }
  }

  static String format(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    }
    long minutes = seconds / 60;
    long hours = minutes / 60;
    long days = hours / 24;
    if (seconds < 120) {
      return Math.max(0, seconds) + "s";
    }
    if (minutes < 10) {
      return two(minutes, "m", seconds % 60, "s");
    }
    if (hours < 3) {
      return minutes + "m";
    }
    if (hours < 8) {
      return two(hours, "h", minutes % 60, "m");
    }
    if (days < 2) {
      return hours + "h";
    }
    if (days < 8) {
      return two(days, "d", hours % 24, "h");
    }
    if (days < 365 * 2) {
      return days + "d";
    }
    return days < 365 * 8 ? two(days / 365, "y", days % 365, "d") : days / 365 + "y";
  }

  private static String two(long large, String unit, long small, String smallUnit) {
    return small == 0 ? large + unit : large + unit + small + smallUnit;
  }
}
