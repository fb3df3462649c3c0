package dev.retune.kubelet.value;

import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.FieldType.MapOf;
import dev.retune.kubelet.value.FieldType.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value at the end of a way through objects and maps: a plain value, a list, an empty map.
 *
 * @param steps the names of the fields and the keys on the way
 * @param path the same as people write it, such as {@code evictionHard[memory.available]}
 */
public record Leaf(List<String> steps, String path, Node value, int line) {

  /** What a document says of itself is no part of the configuration. */
  private static final Set<String> HEADER = Set.of("kind", "apiVersion");

  public Leaf {
    steps = List.copyOf(steps);
  }

  /**
   * The leaves of a document in its order; what is no field of this type is left out. A key that
   * stands twice is there twice.
   */
  public static List<Leaf> of(Node.Mapping document, Struct type) {
    List<Leaf> leaves = new ArrayList<>();
    fields(document, type, List.of(), null, leaves);
    return leaves;
  }

  /** What a plain tree has at the end of that way; null when it does not go so far. */
  public static @Nullable Object at(Object tree, List<String> steps) {
    Object value = tree;
    for (String step : steps) {
      value = value instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return value;
  }

  /** Whether a way goes through, or to, the end of this one. */
  public boolean leadsTo(List<String> further) {
    return further.size() >= steps.size() && further.subList(0, steps.size()).equals(steps);
  }

  private static void fields(
      Node.Mapping document,
      Struct type,
      List<String> steps,
      @Nullable Path parent,
      List<Leaf> leaves) {
    for (Node.Entry entry : document.entries()) {
      Field field = type.field(entry.key());
      if (field == null || (parent == null && HEADER.contains(entry.key()))) {
        continue;
      }
      Path path = parent == null ? Path.field(field.name()) : parent.then(field.name());
      List<String> here = with(steps, field.name());
      if (field.type() instanceof Struct struct && entry.value() instanceof Node.Mapping below) {
        fields(below, struct, here, path, leaves);
      } else if (field.type() instanceof MapOf
          && entry.value() instanceof Node.Mapping map
          && !map.entries().isEmpty()) {
        for (Node.Entry key : map.entries()) {
          leaves.add(
              new Leaf(
                  with(here, key.key()), path.key(key.key()).toString(), key.value(), key.line()));
        }
      } else {
        leaves.add(new Leaf(here, path.toString(), entry.value(), entry.line()));
      }
    }
  }

  private static List<String> with(List<String> steps, String step) {
    List<String> longer = new ArrayList<>(steps);
    longer.add(step);
    return longer;
  }
}
