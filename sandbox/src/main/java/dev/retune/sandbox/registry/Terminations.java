package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.Stored;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Empties namespaces and custom kinds whose deletion has begun, and lets them go when the last
 * object is gone. One thread, told by every commit.
 */
public final class Terminations implements Registry.CommitListener, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Terminations.class.getName());

  private final Registry registry;
  private final Deletions deletions;
  private final Catalog catalog;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("terminations").factory());

  public Terminations(Registry registry, Deletions deletions, Catalog catalog) {
    this.registry = registry;
    this.deletions = deletions;
    this.catalog = catalog;
  }

  @Override
  public void committed(
      ResourceType type, Optional<ObjectNode> before, Optional<ObjectNode> after) {
    if (after.isEmpty()) {
      ObjectNode gone = before.orElseThrow();
      String namespace = Metadata.text(gone, "namespace");
      if (type.namespaced() && isTerminating(BuiltIns.NAMESPACES, namespace)) {
        later(() -> emptyNamespace(namespace));
      }
      if (type.definition().isPresent() && isTerminating(BuiltIns.CRDS, type.groupResource())) {
        later(() -> emptyKind(type.groupResource()));
      }
    } else if (Metadata.isDeleting(after.get())) {
      String name = Metadata.text(after.get(), "name");
      if (type.equals(BuiltIns.NAMESPACES)) {
        later(() -> emptyNamespace(name));
      } else if (type.equals(BuiltIns.CRDS)) {
        later(() -> emptyKind(name));
      }
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }

  private boolean isTerminating(ResourceType type, String name) {
    return registry
        .shelf(type)
        .get(new Key("", name))
        .map(stored -> Metadata.isDeleting(stored.tree()))
        .orElse(false);
  }

  private void later(Runnable task) {
    try {
      worker.execute(() -> {
        try {
          task.run();
        } catch (ApiFailure goneMeanwhile) {
          LOG.log(Level.DEBUG, "termination: {0}", goneMeanwhile.getMessage());
        }
      });
    } catch (RejectedExecutionException closed) {
      LOG.log(Level.DEBUG, "terminations are over");
    }
  }

  private void emptyNamespace(String name) {
    boolean empty = true;
    for (ResourceType type : catalog.resources()) {
      if (type.namespaced()) {
        empty &= empty(type, registry.shelf(type).list(Optional.of(name)).objects());
      }
    }
    if (empty) {
      registry.update(
          BuiltIns.NAMESPACES,
          new Key("", name),
          namespace -> {
            namespace.withObjectProperty("spec").remove("finalizers");
            return namespace;
          },
          Call.internal("finalize"));
    }
  }

  private void emptyKind(String crd) {
    boolean empty = true;
    for (ResourceType type : catalog.resources()) {
      if (type.groupResource().equals(crd)) {
        empty &= empty(type, registry.shelf(type).list(Optional.empty()).objects());
      }
    }
    if (empty) {
      registry.update(
          BuiltIns.CRDS,
          new Key("", crd),
          definition -> {
            List<String> finalizers = Rules.NONE.finalizers(definition);
            finalizers.remove(CrdRules.CLEANUP);
            Deletions.setFinalizers(definition, finalizers);
            return definition;
          },
          Call.internal());
    }
  }

  private boolean empty(ResourceType type, List<Stored> objects) {
    boolean empty = true;
    for (Stored stored : objects) {
      try {
        empty &=
            deletions.delete(type, stored.key(), Deletions.Options.NONE, Call.internal()).gone();
      } catch (ApiFailure failure) {
        if (failure.code() != 404) {
          throw failure;
        }
      }
    }
    return empty;
  }
}
