package dev.retune.kubelet;

import dev.retune.kubelet.Hazards.Hazard;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.facts.FieldGates;
import dev.retune.kubelet.facts.Gate;
import dev.retune.kubelet.flags.Flag;
import dev.retune.kubelet.flags.FlagTable;
import dev.retune.kubelet.value.FieldType;
import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.FieldType.Struct;
import dev.retune.kubelet.value.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one field.
 *
 * @param path such as {@code authentication.x509.clientCAFile}
 * @param type its type as kubectl writes it, such as {@code integer} or {@code map[string]string}
 * @param since the first version that has it, of those that are known
 * @param until the last version that has it, of those that are known
 * @param defaults its defaults over the versions, from the oldest to the newest
 * @param gates the feature gates it needs in the newest version that was asked for
 * @param flags the flags that set it in that version
 * @param hazard what changing it does to a running node; empty when nothing is known
 * @param fields the names of the fields below it, when it is an object
 */
public record FieldReference(
    String path,
    String type,
    KubeletVersion since,
    KubeletVersion until,
    List<Default> defaults,
    List<NeededGate> gates,
    List<Flag> flags,
    Optional<Hazard> hazard,
    List<String> fields) {

  /**
   * A default and the versions that have it.
   *
   * @param value as a plain JSON tree; null for none
   */
  public record Default(KubeletVersion since, KubeletVersion until, @Nullable Object value) {}

  /**
   * A gate that a field needs.
   *
   * @param on whether it is on by default
   */
  public record NeededGate(String name, Gate.Stage stage, boolean on) {}

  /**
   * What is known of a field; empty when no version in the range has it.
   *
   * @param path names of objects and of the field with dots between; elements of lists and keys of
   *     maps are left out
   * @param from the oldest version to look at
   * @param to the newest version to look at
   */
  public static Optional<FieldReference> of(String path, KubeletVersion from, KubeletVersion to) {
    List<String> steps = List.of(path.split("\\.", -1));
    List<KubeletVersion> having = new ArrayList<>();
    List<Default> defaults = new ArrayList<>();
    Field found = null;
    for (KubeletVersion version : KubeletVersion.known()) {
      if (version.compareTo(from) < 0 || version.compareTo(to) > 0) {
        continue;
      }
      Field field = field(Facts.of(version).root(), steps);
      if (field == null) {
        continue;
      }
      found = field;
      having.add(version);
      add(defaults, version, value(Defaults.of(version), steps));
    }
    if (found == null) {
      return Optional.empty();
    }
    KubeletVersion newest = having.getLast();
    return Optional.of(
        new FieldReference(
            path,
            type(found.type()),
            having.getFirst(),
            newest,
            List.copyOf(defaults),
            gates(steps, newest),
            FlagTable.of(newest).ofField(path),
            Hazards.of(steps.getFirst()),
            below(found.type())));
  }

  /** The names of the top-level fields of a version, in the kubelet's own order. */
  public static List<String> names(KubeletVersion version) {
    return Facts.of(version).root().fields().stream().map(Field::name).toList();
  }

  /** A suggestion for a path that is none: {@code ; did you mean "maxPods"?}, or nothing. */
  public static String didYouMean(String path) {
    TreeSet<String> names = new TreeSet<>(Comparator.naturalOrder());
    int dot = path.lastIndexOf('.');
    for (KubeletVersion version : KubeletVersion.known()) {
      Struct root = Facts.of(version).root();
      Field parent = dot < 0 ? null : field(root, List.of(path.substring(0, dot).split("\\.", -1)));
      Struct struct = parent == null ? root : struct(parent.type());
      if (struct != null) {
        struct.fields().forEach(field -> names.add(field.name()));
      }
    }
    return Words.didYouMean(path.substring(dot + 1), names);
  }

  private static void add(List<Default> defaults, KubeletVersion version, @Nullable Object value) {
    Default last = defaults.isEmpty() ? null : defaults.getLast();
    if (last != null && Objects.equals(last.value(), value)) {
      defaults.set(defaults.size() - 1, new Default(last.since(), version, value));
    } else {
      defaults.add(new Default(version, version, value));
    }
  }

  private static List<NeededGate> gates(List<String> steps, KubeletVersion version) {
    Facts facts = Facts.of(version);
    List<NeededGate> gates = new ArrayList<>();
    for (int length = 1; length <= steps.size(); length++) {
      for (String name : FieldGates.of(String.join(".", steps.subList(0, length)), facts)) {
        Gate gate = Objects.requireNonNull(facts.gates().get(name));
        gates.add(new NeededGate(name, gate.stage(), gate.on()));
      }
    }
    return gates;
  }

  private static @Nullable Field field(Struct root, List<String> steps) {
    Struct at = root;
    Field field = null;
    for (String step : steps) {
      field = at == null ? null : at.field(step);
      if (field == null) {
        return null;
      }
      at = struct(field.type());
    }
    return field;
  }

  /** The object whose fields can be named below a field: its own, or that of its elements. */
  private static @Nullable Struct struct(FieldType type) {
    return switch (type) {
      case Struct struct -> struct;
      case FieldType.ListOf list -> struct(list.element());
      case FieldType.MapOf map -> struct(map.value());
      case FieldType.Scalar scalar -> null;
    };
  }

  private static List<String> below(FieldType type) {
    Struct struct = struct(type);
    return struct == null ? List.of() : struct.fields().stream().map(Field::name).toList();
  }

  private static @Nullable Object value(
      Map<String, @Nullable Object> defaults, List<String> steps) {
    Object value = defaults;
    for (String step : steps) {
      value = value instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return value;
  }

  private static String type(FieldType type) {
    return switch (type) {
      case Struct struct -> "Object";
      case FieldType.ListOf list -> "[]" + type(list.element());
      case FieldType.MapOf map -> "map[string]" + type(map.value());
      case FieldType.Scalar scalar ->
          switch (scalar) {
            case BOOL -> "boolean";
            case STRING -> "string";
            case INT32, INT64, UINT32 -> "integer";
            case FLOAT64 -> "number";
            case DURATION, EITHER_DURATION -> "duration";
            case QUANTITY -> "quantity";
            case TIME -> "time";
          };
    };
  }
}
