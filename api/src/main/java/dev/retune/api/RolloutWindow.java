package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.MaxItems;
import dev.retune.api.schema.MaxLength;
import dev.retune.api.schema.Required;
import dev.retune.api.schema.Rule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When nodes may be started. A node that was started in time goes on; the way back knows no window.
 * An end before the start is on the next day.
 */
@Description("When further nodes may be started. The way back knows no window.")
@Rule(
    value = "self.start.matches('^([01][0-9]|2[0-3]):[0-5][0-9]$')",
    message = "start must be a time of day such as 22:30",
    fieldPath = ".start")
@Rule(
    value = "self.end.matches('^([01][0-9]|2[0-3]):[0-5][0-9]$')",
    message = "end must be a time of day such as 06:00",
    fieldPath = ".end")
@Rule(
    value = "self.start != self.end",
    message = "end must not be start: leave the window out for a whole day",
    fieldPath = ".end")
public record RolloutWindow(
    @Description("Days on which the window opens. None: every day.") @MaxItems(7) List<Day> days,
    @Description("When it opens, as 22:30.") @Required @MaxLength(5) String start,
    @Description("When it closes, as 06:00; before start: on the next day.") @Required @MaxLength(5)
        String end,
    @Description("IANA name of the time zone, such as Europe/Berlin. Unset: UTC.") @MaxLength(64)
        String timeZone) {

  /** A day of the week. */
  public enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun
  }

  /** How far ahead an opening is looked for: the window opens at least once a week. */
  private static final int DAYS_AHEAD = 8;

  public RolloutWindow {
    days = List.copyOf(days);
  }

  /**
   * When a node may be started next: now, when the window is open.
   *
   * @throws IllegalArgumentException when a time or the time zone is none
   */
  public Instant opens(Instant now) {
    ZonedDateTime here = now.atZone(zone());
    // It may have opened yesterday and go on past midnight.
    for (int ahead = -1; ahead <= DAYS_AHEAD; ahead++) {
      ZonedDateTime day = here.plusDays(ahead);
      if (!opensOn(day)) {
        continue;
      }
      Instant opens = day.with(time(start)).toInstant();
      ZonedDateTime lastDay = time(end).isAfter(time(start)) ? day : day.plusDays(1);
      Instant closes = lastDay.with(time(end)).toInstant();
      if (now.isBefore(closes)) {
        return opens.isAfter(now) ? opens : now;
      }
    }
    throw new IllegalStateException("no day in " + days);
  }

  private boolean opensOn(ZonedDateTime day) {
    return days.isEmpty() || days.contains(Day.values()[day.getDayOfWeek().getValue() - 1]);
  }

  private ZoneId zone() {
    try {
      return timeZone.isEmpty() ? ZoneId.of("UTC") : ZoneId.of(timeZone);
    } catch (DateTimeException unknown) {
      throw new IllegalArgumentException(
          "time zone \"" + timeZone + "\" is not known: give an IANA name such as Europe/Berlin",
          unknown);
    }
  }

  private static LocalTime time(String text) {
    try {
      return LocalTime.parse(text);
    } catch (DateTimeException none) {
      throw new IllegalArgumentException("\"" + text + "\" is no time of day such as 22:30", none);
    }
  }

  static RolloutWindow fromTree(Map<String, @Nullable Object> tree) {
    return new RolloutWindow(
        Fields.strings(tree, "days").stream().map(Day::valueOf).toList(),
        Fields.string(tree, "start"),
        Fields.string(tree, "end"),
        Fields.string(tree, "timeZone"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    if (!days.isEmpty()) {
      tree.put("days", days.stream().map(Day::name).toList());
    }
    tree.put("start", start);
    tree.put("end", end);
    Fields.put(tree, "timeZone", timeZone);
    return tree;
  }
}
