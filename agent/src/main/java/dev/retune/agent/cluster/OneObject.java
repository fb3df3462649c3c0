package dev.retune.agent.cluster;

import dev.retune.kube.ApiException;
import dev.retune.kube.WatchListener;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears a watch of a collection that was narrowed to one object.
 *
 * @param name of the object
 * @param now takes the object as it is now; empty when there is none
 * @param fails takes why it cannot be watched, for people, and whether the API server said so
 * @param answers takes whether the API server answers
 */
record OneObject(
    String name,
    Consumer<Optional<Map<String, @Nullable Object>>> now,
    BiConsumer<String, Boolean> fails,
    Consumer<Boolean> answers)
    implements WatchListener {

  @Override
  public void synced(List<Map<String, @Nullable Object>> items) {
    now.accept(items.stream().findFirst());
  }

  @Override
  public void changed(Map<String, @Nullable Object> object) {
    now.accept(Optional.of(object));
  }

  @Override
  public void gone(Map<String, @Nullable Object> lastState) {
    now.accept(Optional.empty());
  }

  @Override
  public void unreachable(Exception cause) {
    boolean answered = answered(cause);
    fails.accept(String.valueOf(cause.getMessage()), answered);
    answers.accept(answered);
  }

  /** A server that refuses or lacks the kind does answer. */
  private static boolean answered(Exception cause) {
    return cause instanceof ApiException refused
        && refused.code() >= 400
        && refused.code() < 500
        && refused.code() != 429;
  }

  @Override
  public void reachable() {
    answers.accept(true);
  }
}
