package dev.retune.kubelet.effective;

import dev.retune.kubelet.Source;
import dev.retune.kubelet.flags.Origin;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One value a kubelet runs with.
 *
 * @param field path of the field; keys of maps stand in brackets, {@code
 *     evictionHard[memory.available]}
 * @param value as a plain JSON tree; lists are one value; null when there is a default for it and
 *     it is empty here
 * @param source where the kubelet takes it from
 * @param part when the source is a file that was put together from others: the one that has this
 *     value
 * @param isDefault whether a kubelet to which nobody says anything has the same value
 * @param overrides what the same field is in weaker sources, the strongest of them first
 */
public record Setting(
    String field,
    @Nullable Object value,
    Source source,
    Optional<Origin> part,
    boolean isDefault,
    List<Overridden> overrides) {

  public Setting {
    overrides = List.copyOf(overrides);
  }

  /**
   * A value without effect.
   *
   * @param value as a plain JSON tree
   */
  public record Overridden(@Nullable Object value, Source source) {}
}
