package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The part of {@code k8s.io/client-go/util/jsonpath} that printer columns use: fields (with {@code
 * \.} for a dot in a name), {@code ['name']}, {@code [0]}, {@code [-1]}, {@code [0:2]}, {@code
 * [*]}, {@code ..name} and filters such as {@code [?(@.type=="Ready")]}.
 */
final class JsonPath {
  private static final Pattern FILTER =
      Pattern.compile("\\s*@([^=<>!\\s]*)\\s*(==|!=|<=|>=|<|>)\\s*(.+?)\\s*");
  private static final Pattern SLICE = Pattern.compile("(-?[0-9]*):(-?[0-9]*)");
  private static final Pattern INDEX = Pattern.compile("-?[0-9]+");

  private interface Step extends Function<JsonNode, Stream<JsonNode>> {}

  private final List<Step> steps;

  private JsonPath(List<Step> steps) {
    this.steps = steps;
  }

  /** Reads a path that starts with a dot; empty when it cannot be read. */
  static Optional<JsonPath> parse(String text) {
    List<Step> steps = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '.' && text.startsWith("..", at)) {
        steps.add(JsonPath::descendants);
        at += 1;
      } else if (c == '.') {
        int end = endOfName(text, at + 1);
        String name = text.substring(at + 1, end).replaceAll("\\\\(.)", "$1");
        if (!name.isEmpty()) {
          steps.add(name.equals("*") ? JsonPath::children : field(name));
        }
        at = end;
      } else if (c == '[') {
        int end = endOfBracket(text, at);
        Optional<Step> step =
            end < 0 ? Optional.empty() : bracket(text.substring(at + 1, end).strip());
        if (step.isEmpty()) {
          return Optional.empty();
        }
        steps.add(step.get());
        at = end + 1;
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new JsonPath(steps));
  }

  /** The first value found. */
  Optional<JsonNode> first(JsonNode root) {
    Stream<JsonNode> values = Stream.of(root);
    for (Step step : steps) {
      values = values.flatMap(step);
    }
    return values.findFirst();
  }

  private static int endOfName(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '[') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at, text.length());
  }

  /** The bracket that closes the one at {@code from}; brackets in quotes do not count. */
  private static int endOfBracket(String text, int from) {
    char quote = 0;
    int depth = 0;
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '[') {
        depth++;
      } else if (c == ']' && --depth == 0) {
        return at;
      }
    }
    return -1;
  }

  private static Optional<Step> bracket(String inside) {
    if (inside.equals("*")) {
      return Optional.of(JsonPath::children);
    } else if (isQuoted(inside)) {
      return Optional.of(field(unquote(inside)));
    } else if (INDEX.matcher(inside).matches()) {
      int index = Integer.parseInt(inside);
      return Optional.of(list -> {
        JsonNode item = list.path(index < 0 ? list.size() + index : index);
        return list.isArray() ? present(item) : Stream.empty();
      });
    } else if (inside.startsWith("?(") && inside.endsWith(")")) {
      return filter(inside.substring(2, inside.length() - 1));
    }
    Matcher slice = SLICE.matcher(inside);
    return slice.matches() ? Optional.of(slice(slice.group(1), slice.group(2))) : Optional.empty();
  }

  private static Step slice(String from, String to) {
    return list -> {
      int size = list.size();
      int start = from.isEmpty() ? 0 : Integer.parseInt(from);
      int end = to.isEmpty() ? size : Integer.parseInt(to);
      int first = Math.max(0, start < 0 ? start + size : start);
      int last = Math.min(size, end < 0 ? end + size : end);
      return list.isArray()
          ? children(list).skip(first).limit(Math.max(0, last - first))
          : Stream.empty();
    };
  }

  private static Optional<Step> filter(String expression) {
    Matcher comparison = FILTER.matcher(expression);
    if (comparison.matches()) {
      JsonNode right = literal(comparison.group(3));
      BiPredicate<JsonNode, JsonNode> test = comparator(comparison.group(2));
      return parse(comparison.group(1))
          .map(left ->
              select(item -> left.first(item).filter(v -> test.test(v, right)).isPresent()));
    } else if (expression.strip().startsWith("@")) {
      return parse(expression.strip().substring(1))
          .map(path -> select(item -> path.first(item).isPresent()));
    }
    return Optional.empty();
  }

  private static Step select(Predicate<JsonNode> condition) {
    return list -> children(list).filter(condition);
  }

  private static BiPredicate<JsonNode, JsonNode> comparator(String operator) {
    return switch (operator) {
      case "==" -> (a, b) -> compare(a, b) == 0;
      case "!=" -> (a, b) -> compare(a, b) != 0;
      case "<" -> (a, b) -> compare(a, b) < 0;
      case "<=" -> (a, b) -> compare(a, b) <= 0;
      case ">" -> (a, b) -> compare(a, b) > 0;
      default -> (a, b) -> compare(a, b) >= 0;
    };
  }

  private static int compare(JsonNode a, JsonNode b) {
    return a.isNumber() && b.isNumber()
        ? a.decimalValue().compareTo(b.decimalValue())
        : a.asText().compareTo(b.asText());
  }

  private static JsonNode literal(String text) {
    if (isQuoted(text)) {
      return TextNode.valueOf(unquote(text));
    } else if (text.equals("true") || text.equals("false")) {
      return BooleanNode.valueOf(text.equals("true"));
    } else if (INDEX.matcher(text).matches()) {
      return LongNode.valueOf(Long.parseLong(text));
    }
    try {
      return DoubleNode.valueOf(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return NullNode.getInstance();
    }
  }

  private static boolean isQuoted(String text) {
    return isBetween(text, "'") || isBetween(text, "\"");
  }

  private static boolean isBetween(String text, String quote) {
    return text.length() >= 2 && text.startsWith(quote) && text.endsWith(quote);
  }

  private static String unquote(String text) {
    return text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1");
  }

  private static Step field(String name) {
    return node -> present(node.path(name));
  }

  private static Stream<JsonNode> present(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? Stream.empty() : Stream.of(node);
  }

  private static Stream<JsonNode> children(JsonNode node) {
    List<JsonNode> children = new ArrayList<>();
    node.forEach(children::add);
    return children.stream();
  }

  private static Stream<JsonNode> descendants(JsonNode node) {
    return Stream.concat(Stream.of(node), children(node).flatMap(JsonPath::descendants));
  }
}
