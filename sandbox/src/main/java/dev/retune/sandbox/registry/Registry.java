package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.FieldError;
import dev.retune.sandbox.crd.InvalidObject;
import dev.retune.sandbox.store.Json;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.Shelf;
import dev.retune.sandbox.store.Store;
import dev.retune.sandbox.store.Stored;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * What happens to an object on its way into the store: identity, optimistic concurrency, the wall
 * between spec and status, generations. Deletion is in {@link Deletions}.
 *
 * <p>Objects go in and come out as trees of the version the caller speaks. A write reads the stored
 * object, makes the new one from it without a lock, and stores it only if nothing happened in
 * between; a write that did not depend on a revision is then made again.
 */
public final class Registry {
  private static final String NAMESPACES = "namespaces";

  private final Store store;
  private final Clock clock;
  private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();

  /** Told of every stored change, in the writer's thread, after the change can be seen. */
  public interface CommitListener {
    void committed(ResourceType type, Optional<ObjectNode> before, Optional<ObjectNode> after);
  }

  public Registry(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  public void listen(CommitListener listener) {
    listeners.add(listener);
  }

  public Clock clock() {
    return clock;
  }

  public Store store() {
    return store;
  }

  public Shelf shelf(ResourceType type) {
    return store.shelf(type.shelf());
  }

  /**
   * The stored object.
   *
   * @throws ApiFailure 404 when there is none
   */
  public Stored get(ResourceType type, Key key) {
    return shelf(type).get(key).orElseThrow(() -> ApiFailure.notFound(type, key.name()));
  }

  /** The Namespace of this name. */
  public Optional<ObjectNode> namespace(String name) {
    return store.shelf(NAMESPACES).get(new Key("", name)).map(Stored::tree);
  }

  /** The stored object in the version of {@code type}. */
  public static ObjectNode view(ResourceType type, Stored stored) {
    return type.conversion().fromStored().apply(stored.tree());
  }

  /**
   * Makes a new object.
   *
   * @param namespace from the URL; empty for cluster-scoped kinds
   * @return the object as stored, or as it would be for a dry run
   */
  public ObjectNode create(ResourceType type, String namespace, ObjectNode given, Call call) {
    ObjectNode object = typed(type, given.deepCopy());
    FieldCheck.run(type, object, call);
    ObjectNode metadata = Metadata.of(object);
    if (!Metadata.text(object, "resourceVersion").isEmpty()) {
      throw ApiFailure.badRequest("resourceVersion should not be set on objects to be created");
    }
    placeInNamespace(type, namespace, metadata);
    Metadata.create(object, type.has(ResourceType.Trait.GENERATION), clock.instant());
    if (type.hasStatus() && !type.has(ResourceType.Trait.STATUS_ON_CREATE)) {
      object.remove("status");
    }
    String name = Metadata.text(object, "name");
    requireNamespace(type, namespace);
    ObjectNode admitted =
        admit(type, call.tracked(Optional.empty(), object), Optional.empty(), call);
    Key key = new Key(namespace, name);
    call.pass(type, Gate.Operation.CREATE, key, Optional.of(admitted), Optional.empty());
    Shelf shelf = shelf(type);
    if (shelf.get(key).isPresent()) {
      throw ApiFailure.alreadyExists(type, name);
    }
    if (call.dryRun()) {
      return admitted;
    }
    ObjectNode stored = type.conversion().toStored().apply(admitted);
    if (shelf.put(key, 0, stored).isEmpty()) {
      throw ApiFailure.alreadyExists(type, name);
    }
    committed(type, Optional.empty(), Optional.of(stored));
    return type.conversion().fromStored().apply(stored);
  }

  /**
   * Writes a changed object, or its status.
   *
   * @param edit makes the new object from the stored one; may be called again when others write too
   * @return the object as stored, or as it would be for a dry run
   */
  public ObjectNode update(ResourceType type, Key key, UnaryOperator<ObjectNode> edit, Call call) {
    while (true) {
      Stored seen = get(type, key);
      ObjectNode old = view(type, seen);
      ObjectNode given = typed(type, edit.apply(old.deepCopy()));
      FieldCheck.run(type, given, call);
      checkIdentity(type, key, given, old);
      ObjectNode object = shielded(type, given, old, call);
      Metadata.carryOver(object, old);
      ObjectNode admitted =
          admit(type, call.tracked(Optional.of(old), object), Optional.of(old), call);
      Metadata.of(admitted).set("resourceVersion", Metadata.of(old).get("resourceVersion"));
      countGeneration(type, admitted, old, call);
      call.pass(type, Gate.Operation.UPDATE, key, Optional.of(admitted), Optional.of(old));
      if (admitted.equals(old)) {
        return old;
      }
      boolean released =
          Metadata.isDeleting(admitted) && type.rules().finalizers(admitted).isEmpty();
      if (call.dryRun()) {
        return admitted;
      }
      ObjectNode stored = type.conversion().toStored().apply(admitted);
      Optional<Stored> written =
          released
              ? shelf(type).remove(key, seen.revision(), stored)
              : shelf(type).put(key, seen.revision(), stored);
      if (written.isPresent()) {
        ObjectNode before = type.conversion().toStored().apply(old);
        committed(type, Optional.of(before), released ? Optional.empty() : Optional.of(stored));
        return type.conversion().fromStored().apply(stored);
      }
    }
  }

  /** Tells the listeners of a change that is already in the store. Trees are as stored. */
  void committed(ResourceType type, Optional<ObjectNode> before, Optional<ObjectNode> after) {
    listeners.forEach(listener -> listener.committed(type, before, after));
  }

  private static ObjectNode typed(ResourceType type, ObjectNode object) {
    requireTypeMeta(object, "apiVersion", type.apiVersion());
    requireTypeMeta(object, "kind", type.kind());
    ObjectNode ordered = Json.object();
    ordered.put("apiVersion", type.apiVersion());
    ordered.put("kind", type.kind());
    ordered.setAll(object);
    return ordered;
  }

  private static void requireTypeMeta(ObjectNode object, String field, String expected) {
    String given = object.path(field).asText("");
    if (given.isEmpty()) {
      object.put(field, expected);
    } else if (!given.equals(expected)) {
      throw ApiFailure.badRequest(
          "the %s in the data (%s) does not match the expected %s (%s)"
              .formatted(field, given, field, expected));
    }
  }

  private static void placeInNamespace(ResourceType type, String namespace, ObjectNode metadata) {
    String given = metadata.path("namespace").asText("");
    if (!type.namespaced()) {
      if (!given.isEmpty()) {
        throw ApiFailure.badRequest(
            "the namespace of the provided object does not match the namespace sent on the"
                + " request");
      }
      metadata.remove("namespace");
    } else if (given.isEmpty()) {
      metadata.put("namespace", namespace);
    } else if (!given.equals(namespace)) {
      throw ApiFailure.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
  }

  private void requireNamespace(ResourceType type, String namespace) {
    if (!type.namespaced()) {
      return;
    }
    Stored stored =
        store
            .shelf(NAMESPACES)
            .get(new Key("", namespace))
            .orElseThrow(() -> ApiFailure.notFound(BuiltIns.NAMESPACES, namespace));
    if (Metadata.isDeleting(stored.tree())) {
      throw ApiFailure.forbidden(
          type,
          "",
          "unable to create new content in namespace "
              + namespace
              + " because it is being terminated");
    }
  }

  private static void checkIdentity(ResourceType type, Key key, ObjectNode object, ObjectNode old) {
    ObjectNode metadata = Metadata.of(object);
    String name = metadata.path("name").asText("");
    if (name.isEmpty()) {
      metadata.put("name", key.name());
    } else if (!name.equals(key.name())) {
      throw ApiFailure.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(name, key.name()));
    }
    placeInNamespace(type, key.namespace(), metadata);
    String revision = metadata.path("resourceVersion").asText("");
    if (revision.isEmpty() || revision.equals("0")) {
      if (!type.has(ResourceType.Trait.UNCONDITIONAL_UPDATE)) {
        throw ApiFailure.invalid(
            type,
            key.name(),
            new InvalidObject(
                List.of(
                    new FieldError(
                        "metadata.resourceVersion",
                        "FieldValueInvalid",
                        "Invalid value: 0: must be specified for an update"))));
      }
    } else if (!revision.equals(Metadata.text(old, "resourceVersion"))) {
      throw ApiFailure.stale(type, key);
    }
    String uid = metadata.path("uid").asText("");
    if (!uid.isEmpty() && !uid.equals(Metadata.text(old, "uid"))) {
      throw ApiFailure.conflict(
          type,
          key.name(),
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(uid, Metadata.text(old, "uid")));
    }
  }

  /** Keeps a write to status away from the rest, and a write to the rest away from status. */
  private static ObjectNode shielded(
      ResourceType type, ObjectNode given, ObjectNode old, Call call) {
    if (!type.hasStatus()) {
      return given;
    }
    if (!call.isStatus()) {
      return withField(given, "status", old);
    }
    ObjectNode object = withField(old.deepCopy(), "status", given);
    ObjectNode metadata = Metadata.of(object);
    ObjectNode wanted = Metadata.of(given);
    List<String> open = new ArrayList<>(List.of("managedFields"));
    if (type.has(ResourceType.Trait.STATUS_METADATA)) {
      open.addAll(List.of("labels", "annotations"));
    }
    for (String field : open) {
      JsonNode value = wanted.get(field);
      if (value == null) {
        metadata.remove(field);
      } else {
        metadata.set(field, value);
      }
    }
    return object;
  }

  private static ObjectNode withField(ObjectNode object, String field, ObjectNode source) {
    JsonNode value = source.get(field);
    if (value == null) {
      object.remove(field);
    } else {
      object.set(field, value.deepCopy());
    }
    return object;
  }

  private static ObjectNode admit(
      ResourceType type, ObjectNode object, Optional<ObjectNode> old, Call call) {
    String name = Metadata.text(object, "name");
    Metadata.dropEmpty(object);
    try {
      List<FieldError> errors = Metadata.errors(object, old, type);
      if (!errors.isEmpty()) {
        throw new InvalidObject(errors);
      }
      return type.rules().admit(object, old, call);
    } catch (InvalidObject invalid) {
      throw ApiFailure.invalid(type, name, invalid);
    }
  }

  private static void countGeneration(
      ResourceType type, ObjectNode object, ObjectNode old, Call call) {
    if (!type.has(ResourceType.Trait.GENERATION) || (call.isStatus() && type.hasStatus())) {
      return;
    }
    if (!intent(type, object).equals(intent(type, old))) {
      Metadata.of(object).put("generation", old.path("metadata").path("generation").asLong() + 1);
    }
  }

  private static ObjectNode intent(ResourceType type, ObjectNode object) {
    ObjectNode intent = object.deepCopy();
    intent.remove("metadata");
    if (type.hasStatus()) {
      intent.remove("status");
    }
    return intent;
  }
}
