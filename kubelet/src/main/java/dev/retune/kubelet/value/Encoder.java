package dev.retune.kubelet.value;

import dev.retune.kubelet.value.FieldType.EitherDuration;
import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.FieldType.ListOf;
import dev.retune.kubelet.value.FieldType.MapOf;
import dev.retune.kubelet.value.FieldType.Scalar;
import dev.retune.kubelet.value.FieldType.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes typed values as the plain JSON tree the kubelet itself would write. */
public final class Encoder {

  private Encoder() {}

  /** The object as maps, lists, strings, numbers and booleans. */
  public static Map<String, @Nullable Object> encode(StructValue struct) {
    Map<String, @Nullable Object> out =
        LinkedHashMap.newLinkedHashMap(struct.type().fields().size());
    for (Field field : struct.type().fields()) {
      Object value = struct.get(field);
      if (field.type() instanceof Struct nested && !field.pointer()) {
        out.put(field.name(), encode(value instanceof StructValue v ? v : new StructValue(nested)));
      } else if (!isLeftOut(field, value)) {
        out.put(field.name(), plain(field.type(), value));
      }
    }
    return out;
  }

  private static boolean isLeftOut(Field field, @Nullable Object value) {
    if (!field.omitEmpty()) {
      return false;
    }
    if (value == null) {
      return field.pointer() || !isGoStruct(field.type());
    }
    return !field.pointer()
        && switch (value) {
          case String s -> s.isEmpty();
          case Boolean b -> !b;
          case Long n -> n == 0 && field.type() != Scalar.DURATION;
          case Double d -> d == 0;
          case List<?> list -> list.isEmpty();
          case Map<?, ?> map -> map.isEmpty();
          default -> false;
        };
  }

  /** Durations and quantities are structs in Go, and Go never leaves a struct out. */
  private static boolean isGoStruct(FieldType type) {
    return type == Scalar.DURATION || type == Scalar.EITHER_DURATION || type == Scalar.QUANTITY;
  }

  private static @Nullable Object plain(FieldType type, @Nullable Object value) {
    return switch (type) {
      case Scalar scalar -> scalar(scalar, value);
      case Struct struct -> value instanceof StructValue v ? encode(v) : null;
      case ListOf list -> {
        if (!(value instanceof List<?> elements)) {
          yield null;
        }
        List<@Nullable Object> out = new ArrayList<>(elements.size());
        for (Object element : elements) {
          out.add(plain(list.element(), element));
        }
        yield out;
      }
      case MapOf map -> {
        if (!(value instanceof Map<?, ?> entries)) {
          yield null;
        }
        Map<String, @Nullable Object> out = LinkedHashMap.newLinkedHashMap(entries.size());
        entries.forEach((key, element) -> out.put((String) key, plain(map.value(), element)));
        yield out;
      }
    };
  }

  private static @Nullable Object scalar(Scalar type, @Nullable Object value) {
    return switch (type) {
      case BOOL -> value == null ? (Object) false : value;
      case STRING -> value == null ? "" : value;
      case TIME -> GoTime.ZERO.equals(value) ? null : value;
      case INT32, INT64, UINT32 -> value == null ? Long.valueOf(0) : value;
      case FLOAT64 -> number(value);
      case DURATION -> GoDuration.format(value instanceof Long nanos ? nanos : 0);
      case EITHER_DURATION ->
          value instanceof EitherDuration d
              ? d.text() ? GoDuration.format(d.nanos()) : Long.valueOf(d.nanos())
              : Long.valueOf(0);
      case QUANTITY -> value == null ? "0" : value.toString();
    };
  }

  private static Object number(@Nullable Object value) {
    double number = value instanceof Double d ? d : 0;
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? (Object) Long.valueOf((long) number)
        : Double.valueOf(number);
  }
}
