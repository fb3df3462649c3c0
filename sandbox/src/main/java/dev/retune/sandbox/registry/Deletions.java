package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.Shelf;
import dev.retune.sandbox.store.Stored;
import java.util.List;
import java.util.Optional;

/** How objects end: preconditions, finalizers and what is to become of dependents. */
public final class Deletions {
  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  private final Registry registry;

  /** What becomes of the objects that name the deleted one as their owner. */
  public enum Propagation {
    /** They are deleted after it; the default. */
    BACKGROUND,
    /** They are deleted before it. */
    FOREGROUND,
    /** They stay and forget it. */
    ORPHAN
  }

  /**
   * The {@code DeleteOptions} that matter here.
   *
   * @param uid the object must have this uid
   * @param resourceVersion the object must be at this revision
   */
  public record Options(
      Optional<Propagation> propagation, Optional<String> uid, Optional<String> resourceVersion) {
    public static final Options NONE =
        new Options(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * What became of an object.
   *
   * @param object its last state, in the version of the request
   * @param gone false when finalizers still hold it
   */
  public record Outcome(ObjectNode object, boolean gone) {}

  public Deletions(Registry registry) {
    this.registry = registry;
  }

  /**
   * Deletes an object, or begins to.
   *
   * @throws ApiFailure 404, 409 when a precondition does not hold, 403 for what may never go
   */
  public Outcome delete(ResourceType type, Key key, Options options, Call call) {
    while (true) {
      Stored seen = registry.get(type, key);
      ObjectNode old = seen.tree();
      checkPreconditions(type, key, old, options);
      type.rules()
          .undeletable(key.name())
          .ifPresent(why -> {
            throw ApiFailure.forbidden(type, key.name(), why);
          });
      call.pass(
          type,
          Gate.Operation.DELETE,
          key,
          Optional.empty(),
          Optional.of(Registry.view(type, seen)));
      ObjectNode object = old.deepCopy();
      options.propagation().ifPresent(wanted -> setPropagation(object, wanted));
      boolean gone = type.rules().finalizers(object).isEmpty();
      if (!gone && !Metadata.isDeleting(object)) {
        begin(type, object);
      }
      if (call.dryRun() || (!gone && object.equals(old))) {
        return outcome(type, object, gone);
      }
      Shelf shelf = registry.shelf(type);
      Optional<Stored> written =
          gone
              ? shelf.remove(key, seen.revision(), object)
              : shelf.put(key, seen.revision(), object);
      if (written.isPresent()) {
        registry.committed(type, Optional.of(old), gone ? Optional.empty() : Optional.of(object));
        return outcome(type, object, gone);
      }
    }
  }

  private void begin(ResourceType type, ObjectNode object) {
    ObjectNode metadata = Metadata.of(object);
    metadata.put("deletionTimestamp", Metadata.time(registry.clock().instant()));
    metadata.put("deletionGracePeriodSeconds", 0);
    if (type.has(ResourceType.Trait.GENERATION)) {
      metadata.put("generation", metadata.path("generation").asLong() + 1);
    }
    type.rules().deleting(object);
  }

  private static Outcome outcome(ResourceType type, ObjectNode stored, boolean gone) {
    return new Outcome(type.conversion().fromStored().apply(stored), gone);
  }

  private static void setPropagation(ObjectNode object, Propagation wanted) {
    List<String> finalizers = Rules.NONE.finalizers(object);
    finalizers.removeAll(List.of(FOREGROUND, ORPHAN));
    switch (wanted) {
      case BACKGROUND -> {}
      case FOREGROUND -> finalizers.add(FOREGROUND);
      case ORPHAN -> finalizers.add(ORPHAN);
    }
    setFinalizers(object, finalizers);
  }

  static void setFinalizers(ObjectNode object, List<String> finalizers) {
    ObjectNode metadata = Metadata.of(object);
    if (finalizers.isEmpty()) {
      metadata.remove("finalizers");
    } else {
      ArrayNode array = metadata.putArray("finalizers");
      finalizers.forEach(array::add);
    }
  }

  private static void checkPreconditions(
      ResourceType type, Key key, ObjectNode object, Options options) {
    String uid = Metadata.text(object, "uid");
    if (options.uid().isPresent() && !options.uid().get().equals(uid)) {
      throw ApiFailure.conflict(
          type,
          key.name(),
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(options.uid().get(), uid));
    }
    String revision = Metadata.text(object, "resourceVersion");
    if (options.resourceVersion().isPresent()
        && !options.resourceVersion().get().equals(revision)) {
      throw ApiFailure.conflict(
          type,
          key.name(),
          "Precondition failed: ResourceVersion in precondition: %s, ResourceVersion in object meta: %s"
              .formatted(options.resourceVersion().get(), revision));
    }
  }
}
