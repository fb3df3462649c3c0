package dev.retune.sandbox.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code labelSelector} grammar: {@code a=b}, {@code a==b}, {@code a!=b}, {@code a in (x,y)},
 * {@code a notin (x,y)}, {@code a}, {@code !a}, {@code a>1}, {@code a<1}, joined by commas.
 */
public final class LabelSelector {
  private static final String NAME = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final Pattern KEY =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?" + NAME);
  private static final Pattern VALUE = Pattern.compile("(" + NAME + ")?");
  private static final Pattern SET =
      Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)", Pattern.DOTALL);
  private static final Pattern COMPARISON = Pattern.compile("([^=!<>\\s]+)\\s*(==|=|!=|>|<)(.*)");

  private LabelSelector() {}

  /**
   * Reads a selector.
   *
   * @return empty when the selector is blank, which selects everything
   * @throws IllegalArgumentException when it does not follow the grammar
   */
  public static Optional<Predicate<JsonNode>> parse(String selector) {
    if (selector.isBlank()) {
      return Optional.empty();
    }
    List<Predicate<JsonNode>> requirements = new ArrayList<>();
    for (String part : split(selector)) {
      requirements.add(requirement(part.strip(), selector));
    }
    return Optional.of(object -> requirements.stream().allMatch(one -> one.test(object)));
  }

  /**
   * Whether a {@code metav1.LabelSelector} selects an object; an empty one selects every object.
   *
   * @param selector with {@code matchLabels} and {@code matchExpressions}
   */
  public static boolean selects(JsonNode selector, JsonNode object) {
    for (var wanted : selector.path("matchLabels").properties()) {
      if (!label(object, wanted.getKey()).equals(Optional.of(wanted.getValue().asText()))) {
        return false;
      }
    }
    for (JsonNode expression : selector.path("matchExpressions")) {
      Optional<String> label = label(object, expression.path("key").asText());
      Set<String> values = new TreeSet<>();
      expression.path("values").forEach(value -> values.add(value.asText()));
      boolean holds =
          switch (expression.path("operator").asText()) {
            case "In" -> label.map(values::contains).orElse(false);
            case "NotIn" -> !label.map(values::contains).orElse(false);
            case "Exists" -> label.isPresent();
            case "DoesNotExist" -> label.isEmpty();
            default -> false;
          };
      if (!holds) {
        return false;
      }
    }
    return true;
  }

  private static Predicate<JsonNode> requirement(String text, String selector) {
    Matcher set = SET.matcher(text);
    if (set.matches()) {
      String key = key(set.group(1), selector);
      Set<String> values = new TreeSet<>();
      for (String value : set.group(3).split(",", -1)) {
        values.add(value(value.strip(), selector));
      }
      boolean in = set.group(2).equals("in");
      return object -> label(object, key).map(values::contains).orElse(false) == in;
    }
    Matcher comparison = COMPARISON.matcher(text);
    if (comparison.matches()) {
      String key = key(comparison.group(1), selector);
      String value = value(comparison.group(3).strip(), selector);
      return switch (comparison.group(2)) {
        case "!=" -> object -> !label(object, key).equals(Optional.of(value));
        case ">" -> ordered(key, number(value, selector), selector, 1);
        case "<" -> ordered(key, number(value, selector), selector, -1);
        default -> object -> label(object, key).equals(Optional.of(value));
      };
    }
    if (text.startsWith("!")) {
      String key = key(text.substring(1).strip(), selector);
      return object -> label(object, key).isEmpty();
    }
    String key = key(text, selector);
    return object -> label(object, key).isPresent();
  }

  private static Predicate<JsonNode> ordered(String key, long bound, String selector, int sign) {
    return object -> {
      Optional<String> label = label(object, key);
      try {
        return label.isPresent() && Long.compare(number(label.get(), selector), bound) == sign;
      } catch (IllegalArgumentException notANumber) {
        return false;
      }
    };
  }

  private static Optional<String> label(JsonNode object, String key) {
    JsonNode value = object.path("metadata").path("labels").path(key);
    return value.isMissingNode() ? Optional.empty() : Optional.of(value.asText());
  }

  private static List<String> split(String selector) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    int depth = 0;
    for (int i = 0; i < selector.length(); i++) {
      switch (selector.charAt(i)) {
        case '(' -> depth++;
        case ')' -> depth--;
        case ',' -> {
          if (depth == 0) {
            parts.add(selector.substring(start, i));
            start = i + 1;
          }
        }
        default -> {}
      }
    }
    parts.add(selector.substring(start));
    return parts;
  }

  private static String key(String key, String selector) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "unable to parse requirement: \"%s\" is no label key, in selector \"%s\""
              .formatted(key, selector));
    }
    return key;
  }

  private static String value(String value, String selector) {
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "unable to parse requirement: \"%s\" is no label value, in selector \"%s\""
              .formatted(value, selector));
    }
    return value;
  }

  private static long number(String value, String selector) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "unable to parse requirement: \"%s\" is no integer, in selector \"%s\""
              .formatted(value, selector),
          e);
    }
  }
}
