package dev.retune.kubelet.diff;

import dev.retune.kubelet.Hazards;
import dev.retune.kubelet.Hazards.Hazard;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One difference between two configurations.
 *
 * @param steps the keys on the way to the value; a list is one value
 * @param field the same as a path, such as {@code evictionHard[memory.available]}
 * @param kind whether the value came, went or changed
 * @param before the value on the left; null also where there is none
 * @param after the value on the right; null also where there is none
 */
public record Change(
    List<String> steps, String field, Kind kind, @Nullable Object before, @Nullable Object after) {

  /** What became of a value. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED
  }

  /** The field of the configuration that the change is in. */
  public String topLevelField() {
    return steps.getFirst();
  }

  /** What changing the field does to a running node; empty when nothing is known of it. */
  public Optional<Hazard> hazard() {
    return Hazards.of(topLevelField());
  }

  /** What the change costs; a restart when nothing is known of the field. */
  public Cost cost() {
    return Cost.ofField(topLevelField());
  }
}
