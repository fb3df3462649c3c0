package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.ApplyConflict;
import dev.retune.sandbox.patch.PatchRejected;
import dev.retune.sandbox.patch.Patches;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Call;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Key;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A PATCH body and what it does to an object, in the four formats of the API. */
final class Patching {
  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String MERGE = "application/merge-patch+json";
  private static final String STRATEGIC = "application/strategic-merge-patch+json";
  private static final String APPLY = "application/apply-patch+yaml";

  private final Format format;
  private final JsonNode patch;
  private final Ownership ownership;
  private final boolean force;
  private final Clock clock;

  private enum Format {
    JSON,
    MERGE,
    STRATEGIC,
    APPLY
  }

  private Patching(Format format, JsonNode patch, Ownership ownership, boolean force, Clock clock) {
    this.format = format;
    this.patch = patch;
    this.ownership = ownership;
    this.force = force;
    this.clock = clock;
  }

  /**
   * @throws ApiFailure 415 for a format the kind does not take, 400 for a body that is none
   */
  static Patching of(Request request, ResourceType type, Ownership ownership, Clock clock) {
    boolean custom = type.definition().isPresent();
    Format format =
        switch (request.contentType()) {
          case JSON_PATCH -> Format.JSON;
          case MERGE -> Format.MERGE;
          case STRATEGIC -> {
            if (custom) {
              throw ApiFailure.unsupportedMediaType(List.of(JSON_PATCH, MERGE, APPLY));
            }
            yield Format.STRATEGIC;
          }
          case APPLY -> Format.APPLY;
          default ->
              throw ApiFailure.unsupportedMediaType(
                  custom
                      ? List.of(JSON_PATCH, MERGE, APPLY)
                      : List.of(JSON_PATCH, MERGE, STRATEGIC, APPLY));
        };
    JsonNode patch =
        format == Format.APPLY ? Bodies.yaml(request.body()) : Bodies.json(request.body());
    boolean fits = format == Format.JSON ? patch instanceof ArrayNode : patch instanceof ObjectNode;
    if (!fits) {
      throw ApiFailure.badRequest(
          format == Format.JSON
              ? "a JSON patch is an array of operations"
              : "the patch is no object");
    }
    boolean force = request.query().flag("force");
    if (format == Format.APPLY && request.query().text("fieldManager").isEmpty()) {
      throw ApiFailure.unprocessable(
          "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for"
              + " apply patch");
    }
    if (format != Format.APPLY && force) {
      throw ApiFailure.unprocessable(
          "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for"
              + " non-apply patch");
    }
    return new Patching(format, patch, ownership, force, clock);
  }

  /** Server-side apply does its own bookkeeping; the others are updates. */
  Call.Tracker tracker() {
    return format == Format.APPLY ? Call.Tracker.NONE : ownership::track;
  }

  /** Only server-side apply makes an object that is not there. */
  boolean mayCreate() {
    return format == Format.APPLY && ownership.writer().subresource().isEmpty();
  }

  ObjectNode create(Key key) {
    return guarded(() -> {
      ObjectNode applied = named(key);
      return Patches.apply(
          Optional.empty(),
          applied,
          ownership.writer(),
          force,
          ownership.shape(applied),
          clock.instant());
    });
  }

  ObjectNode change(ObjectNode old) {
    return guarded(() ->
        switch (format) {
          case JSON -> Patches.json(old, patch);
          case MERGE -> Patches.merge(old, patch);
          case STRATEGIC -> Patches.strategic(old, (ObjectNode) patch);
          case APPLY ->
              Patches.apply(
                  Optional.of(old),
                  (ObjectNode) patch,
                  ownership.writer(),
                  force,
                  ownership.shape(old),
                  clock.instant());
        });
  }

  private ObjectNode named(Key key) {
    ObjectNode applied = ((ObjectNode) patch).deepCopy();
    ObjectNode metadata = applied.withObjectProperty("metadata");
    if (metadata.path("name").asText("").isEmpty()) {
      metadata.put("name", key.name());
    } else if (!metadata.path("name").asText().equals(key.name())) {
      throw ApiFailure.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(metadata.path("name").asText(), key.name()));
    }
    return applied;
  }

  private ObjectNode guarded(Supplier<ObjectNode> work) {
    try {
      return work.get();
    } catch (PatchRejected rejected) {
      String why = String.valueOf(rejected.getMessage());
      throw rejected.code() == 400 ? ApiFailure.badRequest(why) : ApiFailure.unprocessable(why);
    } catch (ApplyConflict conflict) {
      throw ApiFailure.applyConflict(conflict);
    }
  }
}
