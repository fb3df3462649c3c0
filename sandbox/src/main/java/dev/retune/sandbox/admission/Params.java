package dev.retune.sandbox.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.retune.sandbox.registry.Catalog;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.LabelSelector;
import dev.retune.sandbox.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the objects a binding gives its policy as parameters. */
final class Params {
  private final Registry registry;
  private final Catalog catalog;

  Params(Registry registry, Catalog catalog) {
    this.registry = registry;
    this.catalog = catalog;
  }

  /** A binding whose parameters cannot be had. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /**
   * The parameters, each for an evaluation of its own; one that is missing stands for a policy
   * without parameters.
   *
   * @param namespace of the object that is written; empty when it has none
   */
  List<JsonNode> of(JsonNode kind, JsonNode ref, String namespace) throws Unusable {
    if (kind.isMissingNode() || ref.isMissingNode()) {
      return List.of(MissingNode.getInstance());
    }
    ResourceType type =
        catalog
            .findKind(kind.path("apiVersion").asText(), kind.path("kind").asText())
            .orElseThrow(() ->
                new Unusable(
                    "paramKind kind `%s, Kind=%s` not known"
                        .formatted(kind.path("apiVersion").asText(), kind.path("kind").asText())));
    List<JsonNode> found = find(type, ref, place(type, ref, namespace));
    if (found.isEmpty() && ref.path("parameterNotFoundAction").asText().equals("Deny")) {
      throw new Unusable("no params found for policy binding with `Deny` parameterNotFoundAction");
    }
    return found;
  }

  private static String place(ResourceType type, JsonNode ref, String namespace) throws Unusable {
    String given = ref.path("namespace").asText("");
    if (!type.namespaced()) {
      if (!given.isEmpty()) {
        throw new Unusable(
            "paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
      }
      return "";
    }
    String place = given.isEmpty() ? namespace : given;
    if (place.isEmpty()) {
      throw new Unusable(
          "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
    }
    return place;
  }

  private List<JsonNode> find(ResourceType type, JsonNode ref, String namespace) {
    String name = ref.path("name").asText("");
    List<JsonNode> found = new ArrayList<>();
    if (!name.isEmpty()) {
      registry
          .shelf(type)
          .get(new Key(namespace, name))
          .ifPresent(stored -> found.add(Registry.view(type, stored)));
    } else {
      Optional<String> within = type.namespaced() ? Optional.of(namespace) : Optional.empty();
      for (Stored stored : registry.shelf(type).list(within).objects()) {
        JsonNode object = Registry.view(type, stored);
        if (LabelSelector.selects(ref.path("selector"), object)) {
          found.add(object);
        }
      }
    }
    return found;
  }
}
