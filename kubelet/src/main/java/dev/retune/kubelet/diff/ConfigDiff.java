package dev.retune.kubelet.diff;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.diff.Change.Kind;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.value.FieldType;
import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.FieldType.MapOf;
import dev.retune.kubelet.value.FieldType.Struct;
import dev.retune.kubelet.value.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The differences between two effective configurations, field by field: objects are compared key by
 * key, everything else, lists included, as a whole.
 *
 * @param changes in the order of the left configuration, then what only the right one has
 */
public record ConfigDiff(List<Change> changes) {

  public ConfigDiff {
    changes = List.copyOf(changes);
  }

  /**
   * Compares two configurations.
   *
   * @param before as in {@link dev.retune.kubelet.Judgement#effective()}
   * @param after the same
   */
  public static ConfigDiff between(
      Map<String, ? extends @Nullable Object> before,
      Map<String, ? extends @Nullable Object> after) {
    List<Change> changes = new ArrayList<>();
    compare(before, after, List.of(), changes);
    return new ConfigDiff(changes);
  }

  private static void compare(
      Map<?, ?> before, Map<?, ?> after, List<String> parent, List<Change> changes) {
    Set<Object> keys = new LinkedHashSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (Object key : keys) {
      List<String> steps = new ArrayList<>(parent);
      steps.add((String) key);
      Object left = before.get(key);
      Object right = after.get(key);
      if (!before.containsKey(key)) {
        changes.add(new Change(steps, spelled(steps), Kind.ADDED, null, right));
      } else if (!after.containsKey(key)) {
        changes.add(new Change(steps, spelled(steps), Kind.REMOVED, left, null));
      } else if (left instanceof Map<?, ?> l && right instanceof Map<?, ?> r) {
        compare(l, r, steps, changes);
      } else if (!Objects.equals(left, right)) {
        changes.add(new Change(steps, spelled(steps), Kind.CHANGED, left, right));
      }
    }
  }

  /** What all changes together cost; empty when nothing differs. */
  public Optional<Cost> cost() {
    return changes.stream().map(Change::cost).max(Comparator.naturalOrder());
  }

  /** Makes these changes to a configuration: applied to the left one, it gives the right one. */
  public Map<String, @Nullable Object> applyTo(Map<String, ? extends @Nullable Object> config) {
    Map<String, @Nullable Object> result = copy(config);
    for (Change change : changes) {
      Map<String, @Nullable Object> at = result;
      List<String> way = change.steps().subList(0, change.steps().size() - 1);
      for (String step : way) {
        at = child(at, step);
      }
      String last = change.steps().getLast();
      switch (change.kind()) {
        case ADDED, CHANGED -> at.put(last, change.after());
        case REMOVED -> at.remove(last);
      }
    }
    return result;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> child(Map<String, @Nullable Object> at, String key) {
    Map<String, @Nullable Object> child =
        at.get(key) instanceof Map<?, ?> map ? copy((Map<String, ?>) map) : new LinkedHashMap<>();
    at.put(key, child);
    return child;
  }

  private static Map<String, @Nullable Object> copy(Map<String, ? extends @Nullable Object> map) {
    return new LinkedHashMap<>(map);
  }

  /** A key of a map stands in brackets, a field of an object behind a dot. */
  private static String spelled(List<String> steps) {
    @Nullable FieldType type = Facts.of(KubeletVersion.newest()).root();
    Path path = Path.field(steps.getFirst());
    for (int i = 0; i < steps.size(); i++) {
      String step = steps.get(i);
      boolean key = type instanceof MapOf;
      if (i > 0) {
        path = key ? path.key(step) : path.then(step);
      }
      type =
          switch (type) {
            case Struct struct -> {
              Field field = struct.field(step);
              yield field == null ? null : field.type();
            }
            case MapOf map -> map.value();
            case null, default -> null;
          };
    }
    return path.toString();
  }
}
