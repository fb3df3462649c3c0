package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.Stored;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Ends objects with their owners: in the background, before the owner, or not at all. An object
 * whose owners do not exist is ended too, as kube-controller-manager does.
 *
 * <p>Works in one thread of its own and always goes by what is stored at that moment; the index of
 * dependents may name too many, never too few.
 */
public final class GarbageCollector implements Registry.CommitListener, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(GarbageCollector.class.getName());

  private final Registry registry;
  private final Deletions deletions;
  private final Catalog catalog;
  private final Map<String, Set<Reference>> dependents = new ConcurrentHashMap<>();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("garbage-collector").factory());

  private record Reference(ResourceType type, Key key) {}

  public GarbageCollector(Registry registry, Deletions deletions, Catalog catalog) {
    this.registry = registry;
    this.deletions = deletions;
    this.catalog = catalog;
  }

  @Override
  public void committed(
      ResourceType type, Optional<ObjectNode> before, Optional<ObjectNode> after) {
    if (after.isEmpty()) {
      ObjectNode gone = before.orElseThrow();
      String uid = Metadata.text(gone, "uid");
      Set<Reference> orphans = dependents.remove(uid);
      if (orphans != null) {
        orphans.forEach(orphan -> later(() -> endIfOwnersAreGone(orphan)));
      }
      for (JsonNode owner : owners(gone)) {
        later(() -> resumeForeground(owner));
      }
      return;
    }
    ObjectNode object = after.get();
    Reference self = new Reference(type, key(object));
    for (JsonNode owner : owners(object)) {
      dependents
          .computeIfAbsent(owner.path("uid").asText(), uid -> ConcurrentHashMap.newKeySet())
          .add(self);
    }
    if (!owners(object).isEmpty()) {
      later(() -> endIfOwnersAreGone(self));
    }
    if (Metadata.isDeleting(object)) {
      List<String> finalizers = Rules.NONE.finalizers(object);
      if (finalizers.contains(Deletions.ORPHAN)) {
        later(() -> orphanDependents(self, Metadata.text(object, "uid")));
      } else if (finalizers.contains(Deletions.FOREGROUND)) {
        later(() -> endDependentsFirst(self, Metadata.text(object, "uid")));
      }
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }

  private void later(Runnable task) {
    try {
      worker.execute(() -> {
        try {
          task.run();
        } catch (ApiFailure goneMeanwhile) {
          LOG.log(Level.DEBUG, "garbage collection: {0}", goneMeanwhile.getMessage());
        }
      });
    } catch (RejectedExecutionException closed) {
      LOG.log(Level.DEBUG, "garbage collection is over");
    }
  }

  private void endIfOwnersAreGone(Reference reference) {
    Optional<Stored> stored = registry.shelf(reference.type()).get(reference.key());
    if (stored.isEmpty()) {
      return;
    }
    ObjectNode object = stored.get().tree();
    JsonNode owners = owners(object);
    if (owners.isEmpty() || Metadata.isDeleting(object)) {
      return;
    }
    for (JsonNode owner : owners) {
      if (mayExist(owner, reference.key().namespace())) {
        return;
      }
    }
    deletions.delete(
        reference.type(),
        reference.key(),
        new Deletions.Options(
            Optional.of(Deletions.Propagation.BACKGROUND),
            Optional.of(Metadata.text(object, "uid")),
            Optional.empty()),
        Call.internal());
  }

  /** An owner of a kind nobody serves may exist for all we know. */
  private boolean mayExist(JsonNode owner, String namespace) {
    return catalog
        .findKind(owner.path("apiVersion").asText(), owner.path("kind").asText())
        .map(type -> find(type, owner, namespace).isPresent())
        .orElse(true);
  }

  private Optional<ObjectNode> find(ResourceType type, JsonNode owner, String namespace) {
    return registry
        .shelf(type)
        .get(new Key(type.namespaced() ? namespace : "", owner.path("name").asText()))
        .map(Stored::tree)
        .filter(object -> Metadata.text(object, "uid").equals(owner.path("uid").asText()));
  }

  private void endDependentsFirst(Reference owner, String uid) {
    boolean blocked = false;
    for (Reference reference : dependents.getOrDefault(uid, Set.of())) {
      Optional<ObjectNode> dependent =
          registry.shelf(reference.type()).get(reference.key()).map(Stored::tree);
      Optional<JsonNode> link = dependent.flatMap(object -> link(object, uid));
      if (link.isPresent()) {
        blocked |= link.get().path("blockOwnerDeletion").asBoolean(false);
        if (!Metadata.isDeleting(dependent.orElseThrow())) {
          deletions.delete(
              reference.type(),
              reference.key(),
              new Deletions.Options(
                  Optional.of(Deletions.Propagation.FOREGROUND),
                  Optional.empty(),
                  Optional.empty()),
              Call.internal());
        }
      }
    }
    if (!blocked || noneBlocks(uid)) {
      dropFinalizer(owner, uid, Deletions.FOREGROUND);
    }
  }

  private boolean noneBlocks(String uid) {
    return dependents.getOrDefault(uid, Set.of()).stream()
        .flatMap(reference -> registry.shelf(reference.type()).get(reference.key()).stream())
        .flatMap(stored -> link(stored.tree(), uid).stream())
        .noneMatch(link -> link.path("blockOwnerDeletion").asBoolean(false));
  }

  private void resumeForeground(JsonNode owner) {
    catalog
        .findKind(owner.path("apiVersion").asText(), owner.path("kind").asText())
        .ifPresent(type -> {
          String uid = owner.path("uid").asText();
          for (Stored stored : registry.shelf(type).list(Optional.empty()).objects()) {
            if (stored.key().name().equals(owner.path("name").asText())) {
              ObjectNode object = stored.tree();
              if (Metadata.text(object, "uid").equals(uid)
                  && Metadata.isDeleting(object)
                  && Rules.NONE.finalizers(object).contains(Deletions.FOREGROUND)) {
                endDependentsFirst(new Reference(type, stored.key()), uid);
              }
            }
          }
        });
  }

  private void orphanDependents(Reference owner, String uid) {
    for (Reference reference : dependents.getOrDefault(uid, Set.of())) {
      if (registry.shelf(reference.type()).get(reference.key()).isPresent()) {
        registry.update(
            reference.type(),
            reference.key(),
            object -> withoutOwner(object, uid),
            Call.internal());
      }
    }
    dropFinalizer(owner, uid, Deletions.ORPHAN);
  }

  private static ObjectNode withoutOwner(ObjectNode object, String uid) {
    if (Metadata.of(object).get("ownerReferences") instanceof ArrayNode owners) {
      for (int i = owners.size() - 1; i >= 0; i--) {
        if (owners.get(i).path("uid").asText().equals(uid)) {
          owners.remove(i);
        }
      }
      if (owners.isEmpty()) {
        Metadata.of(object).remove("ownerReferences");
      }
    }
    return object;
  }

  private void dropFinalizer(Reference reference, String uid, String finalizer) {
    registry.update(
        reference.type(),
        reference.key(),
        object -> {
          List<String> finalizers = Rules.NONE.finalizers(object);
          if (Metadata.text(object, "uid").equals(uid) && finalizers.remove(finalizer)) {
            Deletions.setFinalizers(object, finalizers);
          }
          return object;
        },
        Call.internal());
  }

  private static Optional<JsonNode> link(ObjectNode dependent, String uid) {
    for (JsonNode owner : owners(dependent)) {
      if (owner.path("uid").asText().equals(uid)) {
        return Optional.of(owner);
      }
    }
    return Optional.empty();
  }

  private static JsonNode owners(JsonNode object) {
    return object.path("metadata").path("ownerReferences");
  }

  private static Key key(JsonNode object) {
    return new Key(Metadata.text(object, "namespace"), Metadata.text(object, "name"));
  }
}
