package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * The patch formats of the Kubernetes API. Inputs are never changed; every answer is a new tree.
 *
 * <p>All throw {@link PatchRejected} on a patch that is malformed or does not apply.
 */
public final class Patches {
  private Patches() {}

  /** {@code application/json-patch+json}, RFC 6902. */
  public static ObjectNode json(ObjectNode object, JsonNode patch) {
    return JsonPatch.apply(object, patch);
  }

  /** {@code application/merge-patch+json}, RFC 7386. */
  public static ObjectNode merge(ObjectNode object, JsonNode patch) {
    return MergePatch.apply(object, patch);
  }

  /** {@code application/strategic-merge-patch+json} of a built-in kind. */
  public static ObjectNode strategic(ObjectNode object, ObjectNode patch) {
    return StrategicPatch.apply(object, patch, BuiltInShape.of(object));
  }

  /**
   * {@code application/apply-patch+yaml}: server-side apply.
   *
   * @param live the stored object, empty when the apply creates it
   * @param applied the fields the manager wants to own, with their values
   * @param manager who applies; {@code subresource} is empty for the object itself
   * @param force take over fields that other managers own
   * @param shape how the kind's lists and maps are merged: {@link #builtInShape} or a custom
   *     resource's own
   * @return the merged object with new {@code metadata.managedFields}
   * @throws ApplyConflict when other managers own the fields and {@code force} is false
   */
  public static ObjectNode apply(
      Optional<ObjectNode> live,
      ObjectNode applied,
      Writer manager,
      boolean force,
      Shape shape,
      Instant now) {
    return ServerSideApply.apply(live, applied, manager, force, shape, now);
  }

  /**
   * Records who wrote what by any request that is no apply: fields that are new or changed go to
   * the writer, fields that are gone leave every manager.
   *
   * @return {@code updated} with new {@code metadata.managedFields}
   */
  public static ObjectNode trackUpdate(
      Optional<ObjectNode> live, ObjectNode updated, Writer manager, Shape shape, Instant now) {
    return ServerSideApply.trackUpdate(live, updated, manager, shape, now);
  }

  /** How server-side apply merges the built-in kind of this object. */
  public static Shape builtInShape(ObjectNode object) {
    return BuiltInShape.of(object);
  }

  /** How server-side apply merges {@code metadata} of any kind. */
  public static Shape metadataShape() {
    return BuiltInShape.ofType("ObjectMeta");
  }
}
