package dev.retune.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A change whose trees are parsed at most once, and only if a selector asks for them. */
final class Parsed {
  private final Change change;
  private @Nullable ObjectNode after;
  private @Nullable ObjectNode before;

  Parsed(Change change) {
    this.change = change;
  }

  Change change() {
    return change;
  }

  ObjectNode after() {
    ObjectNode tree = after;
    if (tree == null) {
      tree = change.object().tree();
      after = tree;
    }
    return tree;
  }

  Optional<ObjectNode> before() {
    if (before == null && change.previous().isPresent()) {
      before = change.previous().get().tree();
    }
    return Optional.ofNullable(before);
  }
}
