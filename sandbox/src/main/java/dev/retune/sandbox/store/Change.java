package dev.retune.sandbox.store;

import java.util.Optional;

/**
 * What happened to one object at one revision.
 *
 * @param object the object after the change; for {@link Type#DELETED} its last content, with the
 *     revision of the deletion
 * @param previous the object before the change, empty for {@link Type#ADDED}
 */
public record Change(Type type, Stored object, Optional<Stored> previous) {
  /** The event types of a Kubernetes watch that carry an object. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }

  public long revision() {
    return object.revision();
  }

  public Key key() {
    return object.key();
  }
}
