package dev.retune.sandbox.crd;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and durations as Go and {@code strfmt} read and {@code kubectl} writes them. */
final class Times {
  private static final Pattern GO_PART = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)([a-zµμ]+)");
  private static final Pattern LOOSE_PART = Pattern.compile("(\\d+)\\s*([A-Za-zµ]+)");
  private static final Map<String, Long> GO_UNITS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private Times() {}

  static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return text.length() == "2006-01-02".length();
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** A date or a date-time as an instant; a date is its midnight in UTC. */
  static Optional<Instant> parseInstant(String text) {
    try {
      return Optional.of(
          text.length() == "2006-01-02".length()
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Go's {@code 1h30m}, or {@code strfmt}'s {@code 2 days}. */
  static Optional<Duration> parseDuration(String text) {
    Optional<Duration> go = parseGoDuration(text);
    return go.isPresent() ? go : parseLooseDuration(text);
  }

  private static Optional<Duration> parseGoDuration(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    Matcher matcher = GO_PART.matcher(rest);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      Long unit = GO_UNITS.get(matcher.group(2));
      if (unit == null) {
        return Optional.empty();
      }
      nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)));
      end = matcher.end();
    }
    if (end == 0
        || end != rest.length()
        || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue()));
  }

  private static Optional<Duration> parseLooseDuration(String text) {
    Matcher matcher = LOOSE_PART.matcher(text);
    Optional<Duration> sum = Optional.empty();
    while (matcher.find()) {
      Optional<Duration> unit = looseUnit(matcher.group(2).toLowerCase(Locale.ROOT));
      if (unit.isPresent() && matcher.group(1).length() < 10) {
        Duration part = unit.get().multipliedBy(Long.parseLong(matcher.group(1)));
        sum = Optional.of(sum.orElse(Duration.ZERO).plus(part));
      }
    }
    return sum;
  }

  private static Optional<Duration> looseUnit(String unit) {
    if (unit.equals("ns") || unit.startsWith("nano")) {
      return Optional.of(Duration.ofNanos(1));
    } else if (unit.equals("us") || unit.equals("µs") || unit.startsWith("micro")) {
      return Optional.of(Duration.ofNanos(1_000));
    } else if (unit.equals("ms") || unit.startsWith("milli")) {
      return Optional.of(Duration.ofMillis(1));
    } else if (unit.equals("s") || unit.startsWith("sec")) {
      return Optional.of(Duration.ofSeconds(1));
    } else if (unit.equals("m") || unit.startsWith("min")) {
      return Optional.of(Duration.ofMinutes(1));
    } else if (unit.equals("h") || unit.equals("hr") || unit.startsWith("hour")) {
      return Optional.of(Duration.ofHours(1));
    } else if (unit.equals("d") || unit.startsWith("day")) {
      return Optional.of(Duration.ofDays(1));
    } else if (unit.equals("w") || unit.equals("week") || unit.startsWith("wk")) {
      return Optional.of(Duration.ofDays(7));
    }
    return Optional.empty();
  }

  /** An age in at most two units, as {@code kubectl get} writes it. */
  static String age(Duration age) {
    long seconds = age.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    } else if (seconds < 0) {
      return "0s";
    } else if (seconds < 60 * 2) {
      return seconds + "s";
    }
    long minutes = age.toMinutes();
    if (minutes < 10) {
      return two(minutes, "m", seconds % 60, "s");
    } else if (minutes < 60 * 3) {
      return minutes + "m";
    }
    long hours = age.toHours();
    if (hours < 8) {
      return two(hours, "h", minutes % 60, "m");
    } else if (hours < 48) {
      return hours + "h";
    } else if (hours < 24 * 8) {
      return two(hours / 24, "d", hours % 24, "h");
    } else if (hours < 24 * 365 * 2) {
      return hours / 24 + "d";
    } else if (hours < 24 * 365 * 8) {
      return two(hours / 24 / 365, "y", hours / 24 % 365, "d");
    }
    return hours / 24 / 365 + "y";
  }

  private static String two(long big, String bigUnit, long small, String smallUnit) {
    return small == 0 ? big + bigUnit : big + bigUnit + small + smallUnit;
  }
}
