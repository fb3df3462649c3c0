package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.IntOrString;
import dev.retune.api.schema.Rule;

/**
 * So many nodes, or such a share of them; written as in a Deployment's {@code maxUnavailable}, for
 * example {@code 3} or {@code 10%}.
 *
 * @param value number of nodes, or percent
 */
@Description("So many nodes, or such a share of them: 3 or 10%.")
@IntOrString
@Rule(
    value = "type(self) == int ? self >= 0 : self.matches('^(100|[1-9]?[0-9])%$')",
    message = "must be a number of nodes, 0 or more, or a percentage from 0% to 100%")
public record IntOrPercent(long value, boolean percent) {

  /** So many nodes. */
  public static IntOrPercent nodes(long number) {
    return new IntOrPercent(number, false);
  }

  /** A share of all nodes, in percent. */
  public static IntOrPercent percent(long share) {
    return new IntOrPercent(share, true);
  }

  /**
   * How many nodes that is of all these: a share is rounded down, and is never more than all.
   *
   * @param all number of nodes, 0 or more
   */
  public int of(int all) {
    return (int) Math.min(all, percent ? all * value / 100 : value);
  }

  /** As {@link #of}, but at least one: a rollout that may touch nothing would never end. */
  public int ofAtLeastOne(int all) {
    return Math.max(1, of(all));
  }

  /**
   * Reads what stands in a JSON tree.
   *
   * @throws IllegalArgumentException when it is neither a number from 0 on nor a percentage
   */
  static IntOrPercent fromTree(Object value) {
    if (value instanceof Number number && number.longValue() >= 0) {
      return nodes(number.longValue());
    }
    if (value instanceof String text && text.matches("(100|[1-9]?[0-9])%")) {
      return percent(Long.parseLong(text.substring(0, text.length() - 1)));
    }
    throw new IllegalArgumentException(
        "\"" + value + "\" is neither a number of nodes nor a percentage such as 10%");
  }

  Object toTree() {
    return percent ? value + "%" : value;
  }

  @Override
  public String toString() {
    return percent ? value + "%" : Long.toString(value);
  }
}
