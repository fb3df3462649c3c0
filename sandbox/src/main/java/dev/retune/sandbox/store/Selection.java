package dev.retune.sandbox.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which objects of a resource a reader wants.
 *
 * @param name only the object of this name; kept apart because watchers are indexed by it
 * @param content a test of labels and fields; empty when every object passes, which saves parsing
 */
public record Selection(
    Optional<String> namespace, Optional<String> name, Optional<Predicate<JsonNode>> content) {

  /** Whether the object's place is right, without a look at its content. */
  public boolean covers(Key key) {
    return namespace.map(key.namespace()::equals).orElse(true)
        && name.map(key.name()::equals).orElse(true);
  }

  public boolean matches(Stored stored) {
    return covers(stored.key())
        && content.map(predicate -> predicate.test(stored.tree())).orElse(true);
  }
}
