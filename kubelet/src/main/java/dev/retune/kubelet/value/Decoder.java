package dev.retune.kubelet.value;

import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.value.FieldType.EitherDuration;
import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.FieldType.ListOf;
import dev.retune.kubelet.value.FieldType.MapOf;
import dev.retune.kubelet.value.FieldType.Scalar;
import dev.retune.kubelet.value.FieldType.Struct;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Turns a document into typed values by the rules of the kubelet's JSON library: names are
 * case-sensitive, null leaves a value as it was (a duration refuses it), an object given twice is
 * merged, numbers never come from strings.
 */
public final class Decoder {

  private final Problems errors;
  private final Problems repeated;
  private final Problems unknown;
  private final String version;
  private final UnaryOperator<String> remark;

  /**
   * @param errors receives what makes the document unreadable
   * @param repeated receives fields given twice
   * @param unknown receives fields this version does not know
   * @param version how the kubelet's version is named in messages
   * @param remark what else is to be said of an unknown top-level field, empty for nothing
   */
  public Decoder(
      Problems errors,
      Problems repeated,
      Problems unknown,
      String version,
      UnaryOperator<String> remark) {
    this.errors = errors;
    this.repeated = repeated;
    this.unknown = unknown;
    this.version = version;
    this.remark = remark;
  }

  /** Decodes the root object. */
  public StructValue root(Node.Mapping mapping, Struct type) {
    StructValue value = new StructValue(type);
    over(mapping, value);
    return value;
  }

  /**
   * Decodes an object over one that has values already, as Go's JSON library does: what the
   * document does not name stays, elements of lists are overwritten in their place.
   */
  public void over(Node.Mapping mapping, StructValue value) {
    fields(mapping, value, null);
  }

  /**
   * Gives a field another value, whatever it had; a value of the wrong type is an error and changes
   * nothing.
   *
   * @param steps the names of the objects on the way and of the field, all of them known
   */
  public void replace(StructValue config, List<String> steps, Node node) {
    StructValue at = config;
    Path path = Path.field(steps.getFirst());
    for (String step : steps.subList(0, steps.size() - 1)) {
      StructValue next = at.struct(step);
      at.set(known(at, step), next);
      at = next;
    }
    for (String step : steps.subList(1, steps.size())) {
      path = path.then(step);
    }
    Field field = known(at, steps.getLast());
    Object value = field(field, inUnitsOf(field, node), null, path);
    if (value != null) {
      at.set(field, value);
    }
  }

  /** Up to 1.27 {@code logging.flushFrequency} is a number of nanoseconds, its flag a duration. */
  private static Node inUnitsOf(Field field, Node node) {
    Long nanos = field.type() == Scalar.INT64 ? duration(node) : null;
    return nanos == null ? node : new Node.Numeral(nanos.toString(), node.line(), node.column());
  }

  private static Field known(StructValue value, String name) {
    Field field = value.type().field(name);
    if (field == null) {
      throw new IllegalArgumentException("there is no field " + name);
    }
    return field;
  }

  private void fields(Node.Mapping mapping, StructValue into, @Nullable Path parent) {
    Struct type = into.type();
    boolean[] seen = new boolean[type.fields().size()];
    for (Node.Entry entry : mapping.entries()) {
      Field field = type.field(entry.key());
      if (field == null) {
        unknown(entry, type, parent);
        continue;
      }
      Path path = parent == null ? Path.field(field.name()) : parent.then(field.name());
      if (seen[field.index()]) {
        repeated(entry, path);
      }
      seen[field.index()] = true;
      into.set(field, field(field, entry.value(), into.get(field), path));
    }
  }

  private void unknown(Node.Entry entry, Struct type, @Nullable Path parent) {
    if (unknown.isFull()) {
      return;
    }
    Path path = parent == null ? Path.field(entry.key()) : parent.then(entry.key());
    String known = parent == null ? remark.apply(entry.key()) : "";
    List<String> names = new ArrayList<>(type.fields().size());
    for (Field field : type.fields()) {
      names.add(field.name());
    }
    unknown.add(
        path.toString(),
        "kubelet "
            + version
            + " ignores this field"
            + (known.isEmpty()
                ? ", it knows none of that name" + Words.didYouMean(entry.key(), names)
                : known),
        entry.line(),
        entry.column());
  }

  private void repeated(Node.Entry entry, Path path) {
    repeated.add(
        path.toString(),
        "is given twice; the kubelet takes the last",
        entry.line(),
        entry.column());
  }

  private @Nullable Object field(Field field, Node node, @Nullable Object before, Path path) {
    if (node instanceof Node.Null && field.pointer()) {
      return null;
    }
    return value(field.type(), node, before, path);
  }

  private @Nullable Object value(FieldType type, Node node, @Nullable Object before, Path path) {
    return switch (type) {
      case Scalar scalar -> scalar(scalar, node, before, path);
      case Struct struct -> struct(struct, node, before, path);
      case ListOf list -> list(list, node, before, path);
      case MapOf map -> map(map, node, before, path);
    };
  }

  private @Nullable Object struct(Struct type, Node node, @Nullable Object before, Path path) {
    return switch (node) {
      case Node.Null n -> before;
      case Node.Mapping mapping -> {
        StructValue value =
            before instanceof StructValue existing ? existing : new StructValue(type);
        fields(mapping, value, path);
        yield value;
      }
      default -> mismatch(type, node, before, path);
    };
  }

  private @Nullable Object list(ListOf type, Node node, @Nullable Object before, Path path) {
    return switch (node) {
      case Node.Null n -> null;
      case Node.Sequence sequence -> {
        List<?> previous = before instanceof List<?> existing ? existing : List.of();
        List<@Nullable Object> values = new ArrayList<>(sequence.elements().size());
        int index = 0;
        for (Node element : sequence.elements()) {
          Object existing = index < previous.size() ? previous.get(index) : null;
          Object value = value(type.element(), element, existing, path.at(index));
          values.add(value == null ? zero(type.element()) : value);
          index++;
        }
        yield values;
      }
      default -> mismatch(type, node, before, path);
    };
  }

  private @Nullable Object map(MapOf type, Node node, @Nullable Object before, Path path) {
    return switch (node) {
      case Node.Null n -> null;
      case Node.Mapping mapping -> {
        Map<String, @Nullable Object> values = new TreeMap<>();
        if (before instanceof Map<?, ?> existing) {
          existing.forEach((key, value) -> values.put((String) key, value));
        }
        Set<String> seen = new HashSet<>();
        for (Node.Entry entry : mapping.entries()) {
          Path at = path.key(entry.key());
          if (!seen.add(entry.key())) {
            repeated(entry, at);
          }
          Object value = value(type.value(), entry.value(), null, at);
          values.put(entry.key(), value == null ? zero(type.value()) : value);
        }
        yield values;
      }
      default -> mismatch(type, node, before, path);
    };
  }

  /** What Go has in a list or map for an element that is null. */
  private static @Nullable Object zero(FieldType type) {
    return switch (type) {
      case Scalar scalar ->
          switch (scalar) {
            case BOOL -> false;
            case STRING, TIME -> "";
            case INT32, INT64, UINT32, DURATION -> 0L;
            case FLOAT64 -> 0.0;
            case EITHER_DURATION -> new EitherDuration(0, false);
            case QUANTITY -> Quantity.ZERO;
          };
      case Struct struct -> new StructValue(struct);
      case ListOf list -> null;
      case MapOf map -> null;
    };
  }

  private @Nullable Object scalar(Scalar type, Node node, @Nullable Object before, Path path) {
    if (node instanceof Node.Null && type != Scalar.DURATION) {
      return switch (type) {
        case QUANTITY -> Quantity.ZERO;
        // Null is no text, and so the duration that was there is written as a number from now on.
        case EITHER_DURATION ->
            before instanceof EitherDuration d ? new EitherDuration(d.nanos(), false) : before;
        default -> before;
      };
    }
    Object value =
        switch (type) {
          case BOOL -> node instanceof Node.Bool b ? b.value() : null;
          case STRING -> node instanceof Node.Text t ? t.value() : null;
          case INT32 -> whole(node, Integer.MIN_VALUE, Integer.MAX_VALUE);
          case INT64 -> whole(node, Long.MIN_VALUE, Long.MAX_VALUE);
          case UINT32 -> whole(node, 0, 0xffff_ffffL);
          case FLOAT64 -> floating(node);
          case DURATION -> duration(node);
          case EITHER_DURATION -> eitherDuration(node);
          case QUANTITY -> quantity(node);
          case TIME -> time(node);
        };
    return value == null ? mismatch(type, node, before, path) : value;
  }

  private static @Nullable Long whole(Node node, long least, long most) {
    if (!(node instanceof Node.Numeral number)) {
      return null;
    }
    String text = number.text();
    if (text.length() > 20 || (least == 0 && text.charAt(0) == '-')) {
      return null;
    }
    for (int i = text.charAt(0) == '-' ? 1 : 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return null;
      }
    }
    // Nineteen digits can be too many for a long; that is found without an exception on the way.
    if (text.length() >= 19) {
      BigInteger exact = new BigInteger(text);
      if (exact.bitLength() > 63) {
        return null;
      }
    }
    long value = Long.parseLong(text);
    return value < least || value > most ? null : value;
  }

  private static @Nullable Double floating(Node node) {
    if (!(node instanceof Node.Numeral number)) {
      return null;
    }
    double value = Double.parseDouble(number.text());
    return Double.isInfinite(value) ? null : value;
  }

  private static @Nullable Long duration(Node node) {
    if (!(node instanceof Node.Text text)) {
      return null;
    }
    OptionalLong nanos = GoDuration.parse(text.value());
    return nanos.isPresent() ? nanos.getAsLong() : null;
  }

  private static @Nullable EitherDuration eitherDuration(Node node) {
    Long text = duration(node);
    if (text != null) {
      return new EitherDuration(text, true);
    }
    Long number = whole(node, Long.MIN_VALUE, Long.MAX_VALUE);
    return number == null ? null : new EitherDuration(number, false);
  }

  private static @Nullable Quantity quantity(Node node) {
    return switch (node) {
      case Node.Text text -> Quantity.parse(Quantity.trimmed(text.value())).orElse(null);
      case Node.Numeral number -> Quantity.parse(number.text()).orElse(null);
      default -> null;
    };
  }

  private static @Nullable String time(Node node) {
    if (!(node instanceof Node.Text text)) {
      return null;
    }
    return GoTime.parse(text.value()).orElse(null);
  }

  private @Nullable Object mismatch(FieldType type, Node node, @Nullable Object before, Path path) {
    errors.add(
        path.toString(), given(node) + "; kubelet " + version + " wants " + type.wanted(), node);
    return before;
  }

  private static String given(Node node) {
    return switch (node) {
      case Node.Text t -> Words.quoted(t.value()) + " is a string";
      case Node.Numeral n -> Words.shortened(n.text()) + " is a number";
      case Node.Bool b -> b.value() + " is a boolean";
      case Node.Null n -> "null";
      case Node.Sequence s -> "this is a list";
      case Node.Mapping m -> "this is an object";
    };
  }
}
