package dev.retune.kubelet.value;

import java.util.OptionalLong;

/** Durations as Go reads and writes them: {@code 1h0m0s}, {@code 1.5s}, {@code 100ms}. */
public final class GoDuration {

  private static final long MICROSECOND = 1_000;
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private GoDuration() {}

  /** Nanoseconds of a duration with units; empty when the text is none or too long for Go. */
  public static OptionalLong parse(String text) {
    int at = 0;
    boolean negative = false;
    if (!text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+')) {
      negative = text.charAt(0) == '-';
      at = 1;
    }
    if (text.length() - at == 1 && text.charAt(at) == '0') {
      return OptionalLong.of(0);
    }
    if (at == text.length()) {
      return OptionalLong.empty();
    }
    // Unsigned all along, because the most negative number has no positive counterpart.
    long total = 0;
    while (at < text.length()) {
      int point = skipDigits(text, at);
      int end = point;
      if (point < text.length() && text.charAt(point) == '.') {
        end = skipDigits(text, point + 1);
      }
      int unitEnd = end;
      while (unitEnd < text.length() && text.charAt(unitEnd) != '.' && !isDigit(text, unitEnd)) {
        unitEnd++;
      }
      long unit = unit(text, end, unitEnd);
      if (unit == 0 || end - at - (end > point ? 1 : 0) == 0) {
        return OptionalLong.empty();
      }
      long whole = whole(text, at, point, unit);
      if (isTooLong(whole)) {
        return OptionalLong.empty();
      }
      long part = whole + fraction(text, Math.min(point + 1, end), end, unit);
      total += part;
      if (isTooLong(part) || isTooLong(total)) {
        return OptionalLong.empty();
      }
      at = unitEnd;
    }
    if (!negative && total == Long.MIN_VALUE) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(negative ? -total : total);
  }

  private static int skipDigits(String text, int from) {
    int at = from;
    while (at < text.length() && isDigit(text, at)) {
      at++;
    }
    return at;
  }

  /** More than 2^63, of which a negative duration may have as many. */
  private static boolean isTooLong(long unsigned) {
    return Long.compareUnsigned(unsigned, Long.MIN_VALUE) > 0;
  }

  /** The digits times the unit; all bits set when that is too long. */
  private static long whole(String text, int from, int to, long unit) {
    long value = 0;
    for (int i = from; i < to; i++) {
      if (Long.compareUnsigned(value, Long.divideUnsigned(Long.MIN_VALUE, 10)) > 0) {
        return -1;
      }
      value = value * 10 + (text.charAt(i) - '0');
      if (isTooLong(value)) {
        return -1;
      }
    }
    boolean fits = Long.compareUnsigned(value, Long.divideUnsigned(Long.MIN_VALUE, unit)) <= 0;
    return fits ? value * unit : -1;
  }

  /** The digits after a point; those too many for a long do not count. */
  private static long fraction(String text, int from, int to, long unit) {
    long value = 0;
    double scale = 1;
    for (int i = from; i < to && value <= Long.MAX_VALUE / 10; i++) {
      long next = value * 10 + (text.charAt(i) - '0');
      if (isTooLong(next)) {
        break;
      }
      value = next;
      scale *= 10;
    }
    // In this order, as Go has it: another one rounds differently.
    return (long) (value * (unit / scale));
  }

  private static boolean isDigit(String text, int at) {
    return text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static long unit(String text, int from, int to) {
    if (to - from == 1) {
      return switch (text.charAt(from)) {
        case 's' -> SECOND;
        case 'm' -> MINUTE;
        case 'h' -> HOUR;
        default -> 0;
      };
    }
    if (to - from == 2 && text.charAt(from + 1) == 's') {
      return switch (text.charAt(from)) {
        case 'n' -> 1;
        case 'u', '\u00b5', '\u03bc' -> MICROSECOND;
        case 'm' -> MILLISECOND;
        default -> 0;
      };
    }
    return 0;
  }

  /** The shortest spelling with the units Go uses: {@code 1h30m0s}, {@code 1.5s}, {@code 999µs}. */
  public static String format(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    StringBuilder out = new StringBuilder(12);
    if (nanos < 0) {
      out.append('-');
    }
    // Unsigned from here on: the magnitude of the smallest long does not fit a signed one.
    long rest = nanos < 0 ? -nanos : nanos;
    if (Long.compareUnsigned(rest, SECOND) < 0) {
      long unit = rest < MICROSECOND ? 1 : rest < MILLISECOND ? MICROSECOND : MILLISECOND;
      fraction(out, rest / unit, rest % unit, unit);
      return out.append(unit == 1 ? "ns" : unit == MICROSECOND ? "\u00b5s" : "ms").toString();
    }
    long hours = Long.divideUnsigned(rest, HOUR);
    rest -= hours * HOUR;
    long minutes = rest / MINUTE;
    rest -= minutes * MINUTE;
    if (hours > 0) {
      out.append(hours).append('h');
    }
    if (hours > 0 || minutes > 0) {
      out.append(minutes).append('m');
    }
    fraction(out, rest / SECOND, rest % SECOND, SECOND);
    return out.append('s').toString();
  }

  private static void fraction(StringBuilder out, long whole, long part, long unit) {
    out.append(whole);
    if (part == 0) {
      return;
    }
    out.append('.');
    long digit = unit / 10;
    long rest = part;
    while (rest > 0) {
      out.append((char) ('0' + rest / digit));
      rest %= digit;
      digit = Math.max(1, digit / 10);
    }
  }
}
