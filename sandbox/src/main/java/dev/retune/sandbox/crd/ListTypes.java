package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that items of {@code x-kubernetes-list-type} {@code set} and {@code map} are unique. */
final class ListTypes {
  private final Complaints complaints = new Complaints();

  private ListTypes() {}

  static List<FieldError> validate(Schema schema, JsonNode value) {
    ListTypes run = new ListTypes();
    run.check(schema, value, "");
    return run.complaints.all();
  }

  private void check(@Nullable Schema schema, JsonNode value, String path) {
    if (schema == null) {
      return;
    }
    switch (value) {
      case ObjectNode map -> {
        for (var field : map.properties()) {
          Schema own = schema.properties().get(field.getKey());
          if (own != null) {
            check(own, field.getValue(), Paths.child(path, field.getKey()));
          } else {
            check(schema.values(), field.getValue(), Paths.key(path, field.getKey()));
          }
        }
      }
      case ArrayNode list -> {
        switch (schema.extensions().listType()) {
          case "set" -> checkUnique(list, path);
          case "map" -> checkKeys(schema, list, path);
          default -> {}
        }
        for (int i = 0; i < list.size(); i++) {
          check(schema.items(), list.get(i), Paths.index(path, i));
        }
      }
      default -> {}
    }
  }

  private void checkKeys(Schema schema, ArrayNode list, String path) {
    ArrayNode keys = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < list.size(); i++) {
      JsonNode item = list.get(i);
      if (!item.isObject() && !item.isNull()) {
        complaints.invalid(
            Paths.index(path, i), item, "must be an object for an array of list-type map");
        return;
      }
      ObjectNode key = keys.addObject();
      for (String name : schema.extensions().mapKeys()) {
        if (item.has(name)) {
          key.set(name, item.get(name));
        }
      }
    }
    checkUnique(keys, path);
  }

  /** Complains of the second of equal items; further ones add nothing. */
  private void checkUnique(ArrayNode items, String path) {
    Map<JsonNode, Integer> seen = new HashMap<>();
    for (int i = 0; i < items.size(); i++) {
      if (seen.merge(items.get(i), 1, Integer::sum) == 2) {
        complaints.duplicate(Paths.index(path, i), items.get(i));
      }
    }
  }
}
