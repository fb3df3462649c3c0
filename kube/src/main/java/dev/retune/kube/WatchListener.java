package dev.retune.kube;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hears what a {@link Watching} sees, always on its one thread. An exception thrown here is logged,
 * and the collection is listed again.
 */
public interface WatchListener {

  /** All objects there are now; whatever was known before and is not in it, is gone. */
  void synced(List<Map<String, @Nullable Object>> items);

  /** An object is new or has changed. */
  void changed(Map<String, @Nullable Object> object);

  /** An object was deleted, or no longer matches; {@code lastState} is the last seen of it. */
  void gone(Map<String, @Nullable Object> lastState);

  /** A try failed; it is repeated. Called for each failed try; what was known is not gone. */
  default void unreachable(Exception cause) {}

  /** The server answered, for the first time or for the first time since {@link #unreachable}. */
  default void reachable() {}
}
