package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Removes the fields that a schema does not have, as {@code
 * apiextensions-apiserver/pkg/apiserver/schema/pruning} does; {@code apiVersion}, {@code kind} and
 * {@code metadata} of resources stay.
 */
final class Pruning {
  static final Set<String> META_FIELDS = Set.of("apiVersion", "kind", "metadata");

  private final List<String> unknown = new ArrayList<>();

  private Pruning() {}

  /** Prunes a value in place; returns the paths of what was removed, sorted. */
  static List<String> prune(Schema schema, JsonNode value, boolean resource) {
    Pruning pruning = new Pruning();
    pruning.prune(value, schema, "", resource || schema.extensions().embedded());
    Collections.sort(pruning.unknown);
    return pruning.unknown;
  }

  private void prune(JsonNode value, @Nullable Schema schema, String path) {
    prune(value, schema, path, schema != null && schema.extensions().embedded());
  }

  private void prune(JsonNode value, @Nullable Schema schema, String path, boolean resource) {
    boolean preserve = schema != null && schema.extensions().preserveUnknown();
    switch (value) {
      case ObjectNode map -> pruneMap(map, schema, path, resource, preserve);
      case ArrayNode list -> {
        Schema items = schema == null ? null : schema.items();
        for (int i = 0; i < list.size(); i++) {
          String at = Paths.index(path, i);
          if (preserve && items != null) {
            skip(list.get(i), items, at);
          } else if (!preserve) {
            prune(list.get(i), items, at);
          }
        }
      }
      default -> {}
    }
  }

  private void pruneMap(
      ObjectNode map, @Nullable Schema schema, String path, boolean resource, boolean preserve) {
    for (Map.Entry<String, JsonNode> field : List.copyOf(map.properties())) {
      String name = field.getKey();
      if (resource && META_FIELDS.contains(name)) {
        continue;
      }
      Schema own = schema == null ? null : schema.properties().get(name);
      if (own != null) {
        prune(field.getValue(), own, Paths.child(path, name));
      } else if (schema != null && schema.hasAdditional()) {
        prune(field.getValue(), schema.values(), Paths.child(path, name));
      } else if (!preserve) {
        unknown.add(Paths.child(path, name));
        map.remove(name);
      }
    }
  }

  /** Below a list that preserves unknown fields only what a schema names is looked at. */
  private void skip(JsonNode value, Schema schema, String path) {
    switch (value) {
      case ObjectNode map -> pruneMap(map, schema, path, schema.extensions().embedded(), true);
      case ArrayNode list -> {
        Schema items = schema.items();
        for (int i = 0; items != null && i < list.size(); i++) {
          skip(list.get(i), items, Paths.index(path, i));
        }
      }
      default -> {}
    }
  }
}
