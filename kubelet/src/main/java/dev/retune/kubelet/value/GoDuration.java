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
    // Counted downwards, because the most negative number has no positive counterpart.
    long total = 0;
    while (at < text.length()) {
      int start = at;
      long whole = 0;
      while (at < text.length() && isDigit(text.charAt(at))) {
        if (whole > (Long.MAX_VALUE - 9) / 10 + 1) {
          return OptionalLong.empty();
        }
        whole = whole * 10 + (text.charAt(at) - '0');
        if (whole < 0) {
          return OptionalLong.empty();
        }
        at++;
      }
      boolean digits = at > start;
      double fraction = 0;
      if (at < text.length() && text.charAt(at) == '.') {
        at++;
        int from = at;
        double scale = 1;
        long value = 0;
        boolean full = false;
        while (at < text.length() && isDigit(text.charAt(at))) {
          if (!full && value <= (Long.MAX_VALUE - 9) / 10) {
            value = value * 10 + (text.charAt(at) - '0');
            scale *= 10;
          } else {
            full = true;
          }
          at++;
        }
        digits |= at > from;
        fraction = value / scale;
      }
      if (!digits) {
        return OptionalLong.empty();
      }
      int unitFrom = at;
      while (at < text.length() && text.charAt(at) != '.' && !isDigit(text.charAt(at))) {
        at++;
      }
      long unit = unit(text, unitFrom, at);
      if (unit == 0 || whole > Long.MAX_VALUE / unit) {
        return OptionalLong.empty();
      }
      long part = whole * unit + (long) (fraction * unit);
      total -= part;
      if (part < 0 || total > 0) {
        return OptionalLong.empty();
      }
    }
    if (!negative && total == Long.MIN_VALUE) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(negative ? total : -total);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
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
