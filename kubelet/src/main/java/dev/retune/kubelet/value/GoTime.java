package dev.retune.kubelet.value;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as Go reads and writes them: RFC 3339, in UTC and to the second. */
final class GoTime {

  /** What Go has for a time that is not set; it is written as null. */
  static final String ZERO = "0001-01-01T00:00:00Z";

  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]+)?"
              + "(?:Z|([-+])([0-9]{2}):([0-9]{2}))");

  private static final DateTimeFormatter WRITTEN =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR, 4, 5, SignStyle.NORMAL)
          .appendPattern("-MM-dd'T'HH:mm:ss'Z'")
          .toFormatter(Locale.ROOT);

  private GoTime() {}

  /** The time in UTC; empty when the text is none. */
  static Optional<String> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int[] parts = new int[6];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Integer.parseInt(matcher.group(i + 1));
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
      if (matcher.group(7) != null) {
        int hours = Integer.parseInt(matcher.group(8));
        int minutes = Integer.parseInt(matcher.group(9));
        if (hours > 24 || minutes > 60) {
          return Optional.empty();
        }
        // Not an offset of Java's, which ends at 18 hours.
        long offset = hours * 60L + minutes;
        local = local.minusMinutes(matcher.group(7).equals("-") ? -offset : offset);
      }
      return Optional.of(local.atOffset(ZoneOffset.UTC).format(WRITTEN));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
