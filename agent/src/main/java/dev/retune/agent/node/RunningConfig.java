package dev.retune.agent.node;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a running kubelet says that its config is. */
@FunctionalInterface
public interface RunningConfig {

  /**
   * Asks it; takes some seconds at most.
   *
   * @param effective what it should run
   * @return empty when it does not tell
   */
  Optional<Map<String, @Nullable Object>> read(Map<String, @Nullable Object> effective)
      throws InterruptedException;
}
