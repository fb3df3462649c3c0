package dev.retune.cli.text;

import java.time.Duration;
import java.time.Instant;

/** Spans of time as kubectl shows them: two units at most, coarser the longer they are. */
public final class Age {
  private Age() {}

  public static String since(Instant then, Instant now) {
    return of(Duration.between(then, now));
  }

  /** A negative span, from clocks that differ, reads as {@code 0s}. */
  public static String of(Duration span) {
    if (span.isNegative()) {
      return "0s";
    }
    long seconds = span.toSeconds();
    long minutes = span.toMinutes();
    long hours = span.toHours();
    long days = span.toDays();
    if (minutes < 2) {
      return seconds + "s";
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
    if (hours < 48) {
      return hours + "h";
    }
    if (days < 8) {
      return two(days, "d", hours % 24, "h");
    }
    if (days < 2 * 365) {
      return days + "d";
    }
    return days < 8 * 365 ? two(days / 365, "y", days % 365, "d") : days / 365 + "y";
  }

  private static String two(long major, String majorUnit, long minor, String minorUnit) {
    return major + majorUnit + (minor == 0 ? "" : minor + minorUnit);
  }
}
