package dev.retune.kube;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads and builds plain trees as {@link Json} and {@link Yaml} make them. A path that leads
 * nowhere, or to a value of another type, reads as absent.
 */
public final class Tree {

  private Tree() {}

  /** The string at {@code path}; absent too when it is another type. */
  public static Optional<String> string(Map<String, ?> tree, String... path) {
    return at(tree, path) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** The object at {@code path}, live and not a copy; an empty one when there is none. */
  public static Map<String, @Nullable Object> map(Map<String, ?> tree, String... path) {
    Object value = at(tree, path);
    return value instanceof Map<?, ?> ? asObject(value) : Map.of();
  }

  /** The array at {@code path}, live and not a copy; an empty one when there is none. */
  @SuppressWarnings("unchecked")
  public static List<@Nullable Object> list(Map<String, ?> tree, String... path) {
    return at(tree, path) instanceof List<?> list ? (List<@Nullable Object>) list : List.of();
  }

  /** The objects of the array at {@code path}; elements of another type are left out. */
  public static List<Map<String, @Nullable Object>> maps(Map<String, ?> tree, String... path) {
    List<Map<String, @Nullable Object>> maps = new ArrayList<>();
    for (Object item : list(tree, path)) {
      if (item instanceof Map<?, ?>) {
        maps.add(asObject(item));
      }
    }
    return maps;
  }

  /** The strings of the array at {@code path}; elements of another type are left out. */
  public static List<String> strings(Map<String, ?> tree, String... path) {
    List<String> strings = new ArrayList<>();
    for (Object item : list(tree, path)) {
      if (item instanceof String text) {
        strings.add(text);
      }
    }
    return strings;
  }

  /** The whole number at {@code path}; absent when it is none or does not fit a long. */
  public static OptionalLong longValue(Map<String, ?> tree, String... path) {
    return at(tree, path) instanceof Number number
            && (number instanceof Long || number instanceof Integer)
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }

  /** The boolean at {@code path}. */
  public static Optional<Boolean> bool(Map<String, ?> tree, String... path) {
    return at(tree, path) instanceof Boolean truth ? Optional.of(truth) : Optional.empty();
  }

  /** Whatever is at {@code path}; null when there is nothing. */
  public static @Nullable Object at(Map<String, ?> tree, String... path) {
    Object here = tree;
    for (String step : path) {
      if (!(here instanceof Map<?, ?> map)) {
        return null;
      }
      here = map.get(step);
    }
    return here;
  }

  /** An object of alternating names and values, in this order. */
  public static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return object;
  }

  /**
   * Sets {@code value} at {@code path}, making the objects on the way; one of another type there is
   * replaced.
   */
  public static void put(
      Map<String, @Nullable Object> tree, @Nullable Object value, String... path) {
    Map<String, @Nullable Object> here = tree;
    for (int i = 0; i < path.length - 1; i++) {
      Object next = here.get(path[i]);
      if (next instanceof Map<?, ?>) {
        here = asObject(next);
      } else {
        Map<String, @Nullable Object> made = new LinkedHashMap<>();
        here.put(path[i], made);
        here = made;
      }
    }
    here.put(path[path.length - 1], value);
  }

  /** A copy that shares no object or array with {@code tree}. */
  public static Map<String, @Nullable Object> copy(Map<String, ?> tree) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    tree.forEach((name, value) -> copy.put(name, copied(value)));
    return copy;
  }

  private static @Nullable Object copied(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> copy(asObject(map));
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        for (Object item : list) {
          copy.add(copied(item));
        }
        yield copy;
      }
      case null, default -> value;
    };
  }

  /** Objects of a parsed tree have string keys only, so the view is safe. */
  @SuppressWarnings("unchecked")
  static Map<String, @Nullable Object> asObject(Object map) {
    return (Map<String, @Nullable Object>) map;
  }
}
