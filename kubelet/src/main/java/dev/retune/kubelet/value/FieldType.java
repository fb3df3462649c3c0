package dev.retune.kubelet.value;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The type of a field, after the Go type the kubelet decodes it into. */
public sealed interface FieldType {

  /** Types without parts, with the Java class their values have here. */
  enum Scalar implements FieldType {
    /** {@code bool}, a Boolean. */
    BOOL("true or false"),
    /** {@code string} and its named types, a String. */
    STRING("a string"),
    /** {@code int32}, a Long. */
    INT32("a whole number from -2147483648 to 2147483647"),
    /** {@code int64}, a Long. */
    INT64("a whole number of 64 bits"),
    /** {@code uint32}, a Long. */
    UINT32("a whole number from 0 to 4294967295"),
    /** {@code float64}, a Double. */
    FLOAT64("a number"),
    /** {@code metav1.Duration}, a Long of nanoseconds. */
    DURATION("a duration such as \"1m30s\""),
    /** A duration given as text or as a number of nanoseconds, an {@link EitherDuration}. */
    EITHER_DURATION("a duration such as \"5s\", or nanoseconds"),
    /** {@code resource.Quantity}, a {@link Quantity}. */
    QUANTITY("a quantity such as \"500m\" or \"1Gi\""),
    /** {@code metav1.Time}, a String in RFC 3339. */
    TIME("a time such as \"2026-01-02T15:04:05Z\"");

    private final String wanted;

    Scalar(String wanted) {
      this.wanted = wanted;
    }

    @Override
    public String wanted() {
      return wanted;
    }
  }

  /** {@code logging.flushFrequency} from 1.28 on: written back the way it was given. */
  record EitherDuration(long nanos, boolean text) {}

  /** A list. */
  record ListOf(FieldType element) implements FieldType {
    @Override
    public String wanted() {
      return "a list";
    }
  }

  /** A map with strings as keys. */
  record MapOf(FieldType value) implements FieldType {
    @Override
    public String wanted() {
      return "an object";
    }
  }

  /** An object with known fields, in the order the kubelet writes them. */
  final class Struct implements FieldType {
    private final String name;
    private final List<Field> fields;
    private final Map<String, Field> byName;

    public Struct(String name, List<Field> fields) {
      this.name = name;
      this.fields = List.copyOf(fields);
      this.byName = HashMap.newHashMap(fields.size());
      for (Field field : fields) {
        byName.put(field.name(), field);
      }
    }

    /** The Go name of the type. */
    public String name() {
      return name;
    }

    /** All fields; the index of a field is its position here. */
    public List<Field> fields() {
      return fields;
    }

    /** The field of that exact name, or null: the kubelet's fields are case-sensitive. */
    public @Nullable Field field(String fieldName) {
      return byName.get(fieldName);
    }

    /** Whether a way through objects ends at a field. */
    public boolean hasField(List<String> steps) {
      Field field = field(steps.getFirst());
      List<String> rest = steps.subList(1, steps.size());
      return field != null
          && (rest.isEmpty() || (field.type() instanceof Struct below && below.hasField(rest)));
    }

    @Override
    public String wanted() {
      return "an object";
    }
  }

  /**
   * A field of a struct.
   *
   * @param pointer whether the kubelet tells unset from zero
   * @param omitEmpty whether a zero value is left out when it is written
   */
  record Field(String name, FieldType type, boolean pointer, boolean omitEmpty, int index) {}

  /** What a person should have written for a field of this type. */
  String wanted();

  /** Numbers the fields of a struct under construction. */
  static Struct struct(String name, List<Field> unnumbered) {
    List<Field> fields = new ArrayList<>(unnumbered.size());
    for (Field f : unnumbered) {
      fields.add(new Field(f.name(), f.type(), f.pointer(), f.omitEmpty(), fields.size()));
    }
    return new Struct(name, fields);
  }
}
