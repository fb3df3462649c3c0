package dev.retune.api;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go and Kubernetes write them: {@code 10m}, {@code 1h30m0s}, {@code 1.5s}. */
public final class GoDuration {
  /** What the CRD accepts: units from nanoseconds to hours, no sign. */
  public static final String PATTERN = "^(0|([0-9]+([.][0-9]+)?(ns|us|µs|ms|s|m|h))+)$";

  private static final Pattern WHOLE = Pattern.compile(PATTERN);
  private static final Pattern PART = Pattern.compile("([0-9]+(?:[.][0-9]+)?)(ns|us|µs|ms|s|m|h)");
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /**
   * Parses a duration that is not negative.
   *
   * @throws IllegalArgumentException when {@code text} is none, or is over 2^63-1 nanoseconds
   */
  public static Duration parse(String text) {
    if (text.length() > 64 || !WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "not a duration: \""
              + text
              + "\"; write numbers with units, for example 30s, 10m, 1h30m");
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      nanos =
          nanos.add(
              new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))));
    }
    if (nanos.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("duration too long: \"" + text + "\"");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  /**
   * Formats as Go's {@code Duration.String}: {@code 10m0s}, {@code 1.5s}, {@code 250ms}, {@code
   * 0s}.
   */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.isNegative()) {
      return "-" + format(duration.negated());
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      long nanos = duration.toNanos();
      if (nanos < 1_000) {
        return nanos + "ns";
      }
      return nanos < 1_000_000 ? decimal(nanos, 3) + "µs" : decimal(nanos, 6) + "ms";
    }
    var text = new StringBuilder();
    if (duration.toHours() > 0) {
      text.append(duration.toHours()).append('h');
    }
    if (duration.toMinutes() > 0) {
      text.append(duration.toMinutesPart()).append('m');
    }
    long nanosOfMinute = duration.toSecondsPart() * 1_000_000_000L + duration.toNanosPart();
    return text.append(decimal(nanosOfMinute, 9)).append('s').toString();
  }

  private static String decimal(long value, int scale) {
    return value == 0 ? "0" : BigDecimal.valueOf(value, scale).stripTrailingZeros().toPlainString();
  }

  private static long unit(String unit) {
    return switch (unit) {
      case "ns" -> 1L;
      case "us", "µs" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> throw new IllegalArgumentException("not a unit of time: " + unit);
    };
  }
}
