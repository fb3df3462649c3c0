package dev.retune.sandbox.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The {@code fieldSelector} grammar: {@code path=value}, {@code path==value} and {@code
 * path!=value}, joined by commas, over the paths a resource declares.
 *
 * @param name the value of {@code metadata.name} if the selector asks for one
 * @param namespace the value of {@code metadata.namespace} if the selector asks for one
 * @param content the rest; empty when there is none
 */
public record FieldSelector(
    Optional<String> name, Optional<String> namespace, Optional<Predicate<JsonNode>> content) {

  /**
   * Reads a selector.
   *
   * @param declared selectable path to the path inside the object, besides {@code metadata.name}
   *     and {@code metadata.namespace}; the values are dotted
   * @throws IllegalArgumentException for a path that is not declared or a term without operator
   */
  public static FieldSelector parse(String selector, Map<String, String> declared) {
    Optional<String> name = Optional.empty();
    Optional<String> namespace = Optional.empty();
    List<Predicate<JsonNode>> rest = new ArrayList<>();
    for (Term term : terms(selector)) {
      boolean plain = !term.negated();
      if (plain && term.path().equals("metadata.name") && name.isEmpty()) {
        name = Optional.of(term.value());
      } else if (plain && term.path().equals("metadata.namespace") && namespace.isEmpty()) {
        namespace = Optional.of(term.value());
      } else {
        rest.add(predicate(term, declared));
      }
    }
    return new FieldSelector(
        name,
        namespace,
        rest.isEmpty()
            ? Optional.empty()
            : Optional.of(object -> rest.stream().allMatch(one -> one.test(object))));
  }

  /**
   * What a selector wants to be equal, by path, declared or not.
   *
   * @throws IllegalArgumentException for a term without operator
   */
  public static Map<String, String> equalities(String selector) {
    Map<String, String> equal = new LinkedHashMap<>();
    for (Term term : terms(selector)) {
      if (!term.negated()) {
        equal.putIfAbsent(term.path(), term.value());
      }
    }
    return equal;
  }

  private record Term(String path, boolean negated, String value) {}

  private static Predicate<JsonNode> predicate(Term term, Map<String, String> declared) {
    String inside =
        term.path().equals("metadata.name") || term.path().equals("metadata.namespace")
            ? term.path()
            : declared.get(term.path());
    if (inside == null) {
      throw new IllegalArgumentException("field label not supported: " + term.path());
    }
    String[] steps = inside.split("\\.", -1);
    return object -> {
      JsonNode at = object;
      for (String step : steps) {
        at = at.path(step);
      }
      return at.asText("").equals(term.value()) != term.negated();
    };
  }

  private static List<Term> terms(String selector) {
    List<Term> terms = new ArrayList<>();
    StringBuilder term = new StringBuilder();
    for (int i = 0; i < selector.length(); i++) {
      char c = selector.charAt(i);
      if (c == '\\' && i + 1 < selector.length()) {
        term.append(c).append(selector.charAt(++i));
      } else if (c == ',') {
        add(terms, term.toString(), selector);
        term.setLength(0);
      } else {
        term.append(c);
      }
    }
    add(terms, term.toString(), selector);
    return terms;
  }

  private static void add(List<Term> terms, String text, String selector) {
    if (text.isEmpty()) {
      return;
    }
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new IllegalArgumentException(
          "invalid selector: '%s'; can't understand '%s'".formatted(selector, text));
    }
    boolean negated = text.charAt(equals - 1) == '!';
    String path = text.substring(0, negated ? equals - 1 : equals).strip();
    int value = text.startsWith("==", equals) ? equals + 2 : equals + 1;
    terms.add(new Term(path, negated, unescape(text.substring(value))));
  }

  private static String unescape(String value) {
    return value.replace("\\,", ",").replace("\\=", "=").replace("\\\\", "\\");
  }
}
