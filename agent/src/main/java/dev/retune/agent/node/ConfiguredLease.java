package dev.retune.agent.node;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Document;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How long a kubelet's lease holds by its config: {@code nodeLeaseDurationSeconds}. The Lease
 * itself does not tell after a change of it: kubelets set its duration when they make it, and only
 * its time when they renew it (component-helpers, {@code newLease}). Used by one thread.
 */
public final class ConfiguredLease {
  private static final String FIELD = "nodeLeaseDurationSeconds";

  private final Function<Checkpoint, Optional<Document>> documents;
  private Config known = new Config.Local();
  private Duration holds = Duration.ZERO;

  public ConfiguredLease(Function<Checkpoint, Optional<Document>> documents) {
    this.documents = documents;
  }

  /** Zero when the config does not say, or cannot be read. */
  public Duration of(Config config) {
    if (!config.equals(known)) {
      holds =
          config instanceof Checkpoint checkpoint
              ? documents.apply(checkpoint).map(ConfiguredLease::of).orElse(Duration.ZERO)
              : Duration.ZERO;
      known = config;
    }
    return holds;
  }

  private static Duration of(Document document) {
    try {
      var root = dev.retune.kubelet.document.Document.read(document.bytes()).root();
      return root instanceof Node.Mapping mapping ? of(mapping) : Duration.ZERO;
    } catch (UnreadableException unreadable) {
      return Duration.ZERO;
    }
  }

  private static Duration of(Node.Mapping mapping) {
    return mapping.entries().stream()
        .filter(entry -> entry.key().equals(FIELD))
        .map(Node.Entry::value)
        .map(value ->
            value instanceof Node.Numeral(String text, _, _) && text.matches("[0-9]{1,9}")
                ? Duration.ofSeconds(Long.parseLong(text))
                : Duration.ZERO)
        .reduce(Duration.ZERO, (_, last) -> last);
  }
}
