package dev.retune.kubelet.value;

import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.FieldType.ListOf;
import dev.retune.kubelet.value.FieldType.MapOf;
import dev.retune.kubelet.value.FieldType.Scalar;
import dev.retune.kubelet.value.FieldType.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Spells the keys of a document as the fields they are for. */
public final class FieldNames {

  private FieldNames() {}

  /**
   * The document with the fields' own names, in the order in which Go's JSON library takes its keys
   * when they come sorted: it finds fields without regard to upper and lower case, and of two keys
   * for one field the last one counts. What is no field stays as it is.
   *
   * @param document an object of that type
   */
  public static Node.Mapping ignoringCase(Node.Mapping document, Struct type) {
    List<Node.Entry> sorted = new ArrayList<>(document.entries());
    sorted.sort(Comparator.comparing(Node.Entry::key));
    List<Node.Entry> entries = new ArrayList<>(sorted.size());
    for (Node.Entry entry : sorted) {
      Field field = find(type, entry.key());
      if (field == null) {
        entries.add(entry);
      } else {
        Node value = value(entry.value(), field.type());
        entries.add(new Node.Entry(field.name(), value, entry.line(), entry.column()));
      }
    }
    return new Node.Mapping(entries, document.line(), document.column());
  }

  private static Node value(Node node, FieldType type) {
    return switch (type) {
      case Struct struct ->
          node instanceof Node.Mapping mapping ? ignoringCase(mapping, struct) : node;
      case ListOf list ->
          node instanceof Node.Sequence sequence
              ? new Node.Sequence(
                  sequence.elements().stream().map(e -> value(e, list.element())).toList(),
                  sequence.line(),
                  sequence.column())
              : node;
      case MapOf map -> node;
      case Scalar scalar -> node;
    };
  }

  private static @Nullable Field find(Struct type, String key) {
    Field exact = type.field(key);
    if (exact != null) {
      return exact;
    }
    for (Field field : type.fields()) {
      if (field.name().equalsIgnoreCase(key)) {
        return field;
      }
    }
    return null;
  }
}
