package dev.retune.api;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads fields of a JSON tree; a missing field and one of another type both read as unset. */
final class Fields {
  private Fields() {}

  static String string(Map<String, @Nullable Object> tree, String field) {
    return tree.get(field) instanceof String text ? text : "";
  }

  static long number(Map<String, @Nullable Object> tree, String field) {
    return tree.get(field) instanceof Number number ? number.longValue() : 0;
  }

  static Optional<Instant> time(Map<String, @Nullable Object> tree, String field) {
    try {
      var text = string(tree, field);
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException notATime) {
      return Optional.empty();
    }
  }

  static Optional<Map<String, @Nullable Object>> object(
      Map<String, @Nullable Object> tree, String field) {
    return tree.get(field) instanceof Map<?, ?> map ? Optional.of(keyed(map)) : Optional.empty();
  }

  static List<Map<String, @Nullable Object>> objects(
      Map<String, @Nullable Object> tree, String field) {
    var objects = new ArrayList<Map<String, @Nullable Object>>();
    if (tree.get(field) instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> map) {
          objects.add(keyed(map));
        }
      }
    }
    return objects;
  }

  static List<Object> values(Map<String, @Nullable Object> tree, String field) {
    var values = new ArrayList<Object>();
    if (tree.get(field) instanceof List<?> list) {
      for (Object element : list) {
        if (element != null) {
          values.add(element);
        }
      }
    }
    return values;
  }

  static boolean truth(Map<String, @Nullable Object> tree, String field) {
    return Boolean.TRUE.equals(tree.get(field));
  }

  static List<String> strings(Map<String, @Nullable Object> tree, String field) {
    var strings = new ArrayList<String>();
    if (tree.get(field) instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof String text) {
          strings.add(text);
        }
      }
    }
    return strings;
  }

  static <E extends Enum<E>> Optional<E> enumValue(
      Class<E> type, Map<String, @Nullable Object> tree, String field) {
    var name = string(tree, field);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }

  static <E extends Enum<E>> E enumValue(
      Class<E> type, Map<String, @Nullable Object> tree, String field, E unset) {
    return enumValue(type, tree, field).orElse(unset);
  }

  /** Puts a string that is set; the empty string is how Kubernetes writes an unset one. */
  static void put(Map<String, @Nullable Object> tree, String field, String value) {
    if (!value.isEmpty()) {
      tree.put(field, value);
    }
  }

  /** RFC 3339 in whole seconds, as metav1.Time is written. */
  static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @SuppressWarnings("unchecked") // keys of a JSON object are strings
  private static Map<String, @Nullable Object> keyed(Map<?, ?> map) {
    return (Map<String, @Nullable Object>) map;
  }
}
