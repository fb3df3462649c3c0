package dev.retune.kubelet.value;

import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.FieldType.Struct;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of an object with known fields. An unset field has no value here; reading it gives the
 * zero value, as in Go.
 */
public final class StructValue {

  private final Struct type;
  private final @Nullable Object[] values;

  public StructValue(Struct type) {
    this.type = type;
    this.values = new @Nullable Object[type.fields().size()];
  }

  public Struct type() {
    return type;
  }

  /** The value of a field of this struct, null when unset. */
  public @Nullable Object get(Field field) {
    return values[field.index()];
  }

  public void set(Field field, @Nullable Object value) {
    values[field.index()] = value;
  }

  /** The value of the named field; null when it is unset or this version has no such field. */
  public @Nullable Object get(String name) {
    Field field = type.field(name);
    return field == null ? null : values[field.index()];
  }

  /** Whether this version has the field and it is set. */
  public boolean has(String name) {
    return get(name) != null;
  }

  /** A whole number; 0 when unset. */
  public long number(String name) {
    return get(name) instanceof Long value ? value : 0;
  }

  /** A duration in nanoseconds; 0 when unset. */
  public long nanos(String name) {
    return number(name);
  }

  /** A string; empty when unset. */
  public String string(String name) {
    return get(name) instanceof String value ? value : "";
  }

  /** A boolean; false when unset. */
  public boolean bool(String name) {
    return get(name) instanceof Boolean value && value;
  }

  /** A list; empty when unset. */
  public List<?> list(String name) {
    return get(name) instanceof List<?> value ? value : List.of();
  }

  /** A map; empty when unset. */
  @SuppressWarnings("unchecked")
  public Map<String, ?> map(String name) {
    return get(name) instanceof Map<?, ?> value ? (Map<String, ?>) value : Map.of();
  }

  /** A nested object; one with nothing set when it is unset. */
  public StructValue struct(String name) {
    if (get(name) instanceof StructValue value) {
      return value;
    }
    Field field = type.field(name);
    return field != null && field.type() instanceof Struct struct
        ? new StructValue(struct)
        : new StructValue(new Struct("", List.of()));
  }
}
