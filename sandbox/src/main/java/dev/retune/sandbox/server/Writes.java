package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.admission.Admission;
import dev.retune.sandbox.authorization.Action;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Call;
import dev.retune.sandbox.registry.Deletions;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.registry.ResourceType.Trait;
import dev.retune.sandbox.server.RequestInfo.Target;
import dev.retune.sandbox.store.Json;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.Selection;
import dev.retune.sandbox.store.Stored;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Requests that change objects, from their parameters and bodies to their answers. */
final class Writes {
  private final Registry registry;
  private final Deletions deletions;
  private final Authorization authorization;
  private final Admission admission;

  Writes(Registry registry, Deletions deletions, Authorization authorization, Admission admission) {
    this.registry = registry;
    this.deletions = deletions;
    this.authorization = authorization;
    this.admission = admission;
  }

  void create(Request request, ResourceType type, Target target) throws IOException {
    if (!target.name().isEmpty()) {
      throw ApiFailure.methodNotAllowed();
    }
    if (type.namespaced() && target.namespace().isEmpty()) {
      throw ApiFailure.methodNotAllowed();
    }
    Call call = call(request, Ownership.of(request, type, registry.clock())::track);
    ObjectNode body = Bodies.object(request);
    ObjectNode created = registry.create(type, target.namespace(), body, call);
    answer(request, type, call, 201, created);
  }

  void update(Request request, ResourceType type, Key key) throws IOException {
    Call call = call(request, Ownership.of(request, type, registry.clock())::track);
    ObjectNode body = Bodies.object(request);
    boolean exists = registry.shelf(type).get(key).isPresent();
    if (!exists && type.has(Trait.CREATE_ON_UPDATE)) {
      requireCreate(request);
      ObjectNode created = registry.create(type, key.namespace(), body, call);
      answer(request, type, call, 201, created);
      return;
    }
    ObjectNode updated = registry.update(type, key, old -> body.deepCopy(), call);
    answer(request, type, call, 200, updated);
  }

  void patch(Request request, ResourceType type, Key key) throws IOException {
    Patching patching =
        Patching.of(request, type, Ownership.of(request, type, registry.clock()), registry.clock());
    Call call = call(request, patching.tracker());
    while (true) {
      if (patching.mayCreate() && registry.shelf(type).get(key).isEmpty()) {
        requireCreate(request);
        try {
          ObjectNode created = registry.create(type, key.namespace(), patching.create(key), call);
          answer(request, type, call, 201, created);
          return;
        } catch (ApiFailure failure) {
          if (!failure.reason().equals("AlreadyExists")) {
            throw failure;
          }
        }
      } else {
        ObjectNode updated = registry.update(type, key, patching::change, call);
        answer(request, type, call, 200, updated);
        return;
      }
    }
  }

  void delete(Request request, ResourceType type, Key key) throws IOException {
    ObjectNode options = deleteOptions(request);
    Call call = deletion(request, options);
    Deletions.Outcome outcome = deletions.delete(type, key, options(request, options), call);
    Replies.warnings(request.answer(), call.warnings());
    if (outcome.gone()) {
      Replies.json(request.answer(), 200, Replies.deleted(type, outcome.object()));
    } else {
      answer(request, type, call, 200, outcome.object());
    }
  }

  void deleteCollection(Request request, ResourceType type, Selection selection)
      throws IOException {
    ObjectNode given = deleteOptions(request);
    Call call = deletion(request, given);
    Deletions.Options options = options(request, given);
    ObjectNode list = Json.object();
    list.put("kind", type.names().listKind()).put("apiVersion", type.apiVersion());
    ObjectNode metadata = list.putObject("metadata");
    ArrayNode items = list.putArray("items");
    for (Stored stored : registry.shelf(type).list(selection.namespace()).objects()) {
      if (selection.matches(stored)) {
        try {
          items.add(deletions.delete(type, stored.key(), options, call).object());
        } catch (ApiFailure failure) {
          if (failure.code() != 404) {
            throw failure;
          }
        }
      }
    }
    metadata.put("resourceVersion", Long.toString(registry.store().revision()));
    Replies.json(request.answer(), 200, list);
  }

  private void answer(Request request, ResourceType type, Call call, int code, ObjectNode object)
      throws IOException {
    Replies.warnings(request.answer(), call.warnings());
    Representation representation = Representation.of(request, type, registry.clock());
    Replies.json(request.answer(), code, representation.one(object));
  }

  /** A write to an object that is not there creates it, which is another verb. */
  private void requireCreate(Request request) {
    if (request.info().action() instanceof Action.OnResource on) {
      authorization.require(request.user(), on.as("create"));
    }
  }

  private Call call(Request request, Call.Tracker tracker) {
    Query query = request.query();
    return new Call(
        request.info().target().orElseThrow().subresource(),
        fieldValidation(query.text("fieldValidation").orElse("Warn")),
        dryRun(query.text("dryRun").map(List::of).orElse(List.of())),
        tracker,
        write -> admission.judge(request.user(), write));
  }

  private static Call.FieldValidation fieldValidation(String text) {
    try {
      return Call.FieldValidation.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw ApiFailure.unprocessable(
          "fieldValidation: Unsupported value: \"%s\": supported values: \"Ignore\", \"Warn\", \"Strict\""
              .formatted(text));
    }
  }

  private static boolean dryRun(List<String> values) {
    for (String value : values) {
      if (!value.equals("All")) {
        throw ApiFailure.unprocessable(
            "dryRun: Unsupported value: \"%s\": supported values: \"All\"".formatted(value));
      }
    }
    return !values.isEmpty();
  }

  private static ObjectNode deleteOptions(Request request) {
    return request.body().length == 0 ? Json.object() : Bodies.object(request);
  }

  private Call deletion(Request request, ObjectNode options) {
    JsonNode inBody = options.path("dryRun");
    boolean dryRun =
        inBody.isEmpty()
            ? dryRun(request.query().text("dryRun").map(List::of).orElse(List.of()))
            : dryRun(List.of(inBody.get(0).asText()));
    return new Call(
        "",
        Call.FieldValidation.IGNORE,
        dryRun,
        Call.Tracker.NONE,
        write -> admission.judge(request.user(), write));
  }

  private static Deletions.Options options(Request request, ObjectNode body) {
    Optional<String> policy =
        text(body, "propagationPolicy").or(() -> request.query().text("propagationPolicy"));
    if (policy.isEmpty() && body.path("orphanDependents").asBoolean(false)) {
      policy = Optional.of("Orphan");
    }
    JsonNode preconditions = body.path("preconditions");
    return new Deletions.Options(
        policy.map(Writes::propagation),
        text(preconditions, "uid"),
        text(preconditions, "resourceVersion"));
  }

  private static Deletions.Propagation propagation(String policy) {
    try {
      return Deletions.Propagation.valueOf(policy.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw ApiFailure.unprocessable(
          "propagationPolicy: Unsupported value: \"%s\": supported values: \"Foreground\", \"Background\", \"Orphan\""
              .formatted(policy));
    }
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.of(node.path(field).asText("")).filter(text -> !text.isEmpty());
  }
}
