package dev.retune.kubelet.rules;

import dev.retune.kubelet.rules.Rule.Check;
import dev.retune.kubelet.value.Words;
import java.util.List;

/** Checks that more than one rule makes. */
public final class Checks {

  private Checks() {}

  static Check notNegative() {
    return atLeast(0);
  }

  static Check atLeast(long least) {
    return (candidate, field, out) -> {
      long value = candidate.config().number(field);
      if (value < least) {
        out.add(field, candidate.wants(value, least + " or more"));
      }
    };
  }

  /** Like {@link #atLeast} for a field that need not be set. */
  static Check unsetOrAtLeast(long least) {
    return (candidate, field, out) -> {
      if (candidate.config().has(field)) {
        atLeast(least).check(candidate, field, out);
      }
    };
  }

  static Check between(long least, long most) {
    return (candidate, field, out) -> {
      long value = candidate.config().number(field);
      if (value < least || value > most) {
        out.add(field, candidate.wants(value, least + " to " + most));
      }
    };
  }

  static Check oneOf(String... allowed) {
    List<String> values = List.of(allowed);
    return (candidate, field, out) -> {
      String value = candidate.config().string(field);
      if (!values.contains(value)) {
        out.add(field, candidate.wants(Words.quoted(value), choice(values)) + near(value, values));
      }
    };
  }

  /** A suggestion for a misspelt value, or nothing. */
  public static String near(String value, List<String> allowed) {
    return value.isEmpty() ? "" : Words.didYouMean(value, allowed);
  }

  /** {@code "a", "b" or "c"}. */
  public static String choice(List<String> allowed) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < allowed.size(); i++) {
      if (i > 0) {
        out.append(i == allowed.size() - 1 ? " or " : ", ");
      }
      out.append('"').append(allowed.get(i)).append('"');
    }
    return out.toString();
  }
}
