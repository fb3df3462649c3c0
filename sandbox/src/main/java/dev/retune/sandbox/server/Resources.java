package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retune.sandbox.authorization.Authorizer;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Catalog;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.registry.ResourceType.Trait;
import dev.retune.sandbox.server.RequestInfo.Target;
import dev.retune.sandbox.store.FieldSelector;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.LabelSelector;
import dev.retune.sandbox.store.Selection;
import dev.retune.sandbox.store.Stored;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/** Requests for objects: finds the kind, then reads here or hands on to who writes. */
final class Resources {
  private final Catalog catalog;
  private final Registry registry;
  private final Writes writes;
  private final Lists lists;
  private final Watches watches;
  private final Reviews reviews;
  private final NodeProxy proxy;

  Resources(
      Catalog catalog,
      Registry registry,
      Writes writes,
      Watches watches,
      NodeProxy proxy,
      Authorizer authorizer) {
    this.catalog = catalog;
    this.registry = registry;
    this.writes = writes;
    this.lists = new Lists(registry);
    this.watches = watches;
    this.reviews = new Reviews(registry.clock(), authorizer);
    this.proxy = proxy;
  }

  void serve(Request request, Target target) throws IOException, InterruptedException {
    ResourceType type =
        catalog
            .find(target.group(), target.version(), target.resource())
            .orElseThrow(ApiFailure::noSuchPath);
    String verb = request.info().verb();
    if (type.has(Trait.QUESTION)) {
      if (!verb.equals("create")) {
        throw ApiFailure.methodNotAllowed();
      }
      if (type.namespaced() == target.namespace().isEmpty()) {
        throw ApiFailure.noSuchPath();
      }
      reviews.answer(request, type, target.namespace());
      return;
    }
    if (!type.namespaced() && !target.namespace().isEmpty()) {
      throw ApiFailure.noSuchPath();
    }
    if (!target.subresource().isEmpty() && !type.subresources().contains(target.subresource())) {
      throw ApiFailure.noSuchPath();
    }
    if (target.subresource().equals("proxy")) {
      proxy.forward(request, target);
      return;
    }
    if (type.namespaced() && target.namespace().isEmpty() && !target.name().isEmpty()) {
      throw ApiFailure.noSuchPath();
    }
    Key key = new Key(target.namespace(), target.name());
    switch (verb) {
      case "get" -> get(request, type, key);
      case "list" -> lists.serve(request, type, selection(request, type, target));
      case "watch" -> watches.serve(request, type, selection(request, type, target));
      case "create" -> writes.create(request, type, target);
      case "update" -> writes.update(request, type, key);
      case "patch" -> writes.patch(request, type, key);
      case "delete" -> writes.delete(request, type, key);
      case "deletecollection" ->
          writes.deleteCollection(request, type, selection(request, type, target));
      default -> throw ApiFailure.methodNotAllowed();
    }
  }

  private void get(Request request, ResourceType type, Key key) throws IOException {
    Stored stored = registry.get(type, key);
    Representation representation = Representation.of(request, type, registry.clock());
    Replies.json(request.answer(), 200, representation.one(stored));
  }

  /**
   * @throws ApiFailure 400 for a selector that cannot be read
   */
  private static Selection selection(Request request, ResourceType type, Target target) {
    Query query = request.query();
    try {
      Optional<Predicate<JsonNode>> labels =
          query.text("labelSelector").flatMap(LabelSelector::parse);
      FieldSelector fields =
          FieldSelector.parse(query.text("fieldSelector").orElse(""), type.fields());
      Optional<String> namespace =
          target.namespace().isEmpty() ? fields.namespace() : Optional.of(target.namespace());
      Optional<Predicate<JsonNode>> content = both(labels, fields.content());
      if (fields.namespace().isPresent() && !fields.namespace().equals(namespace)) {
        content = Optional.of(object -> false);
      }
      Optional<String> name = target.name().isEmpty() ? fields.name() : Optional.of(target.name());
      return new Selection(namespace, name, content);
    } catch (IllegalArgumentException e) {
      throw ApiFailure.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Predicate<JsonNode>> both(
      Optional<Predicate<JsonNode>> one, Optional<Predicate<JsonNode>> other) {
    if (one.isPresent() && other.isPresent()) {
      return Optional.of(one.get().and(other.get()));
    }
    return one.or(() -> other);
  }
}
