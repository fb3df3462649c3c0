package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Strategic merge patch ({@code k8s.io/apimachinery/pkg/util/strategicpatch}): like RFC 7386, but
 * lists with a merge key are merged by it, and directives tell what cannot be said by values.
 */
final class StrategicPatch {
  private static final String DIRECTIVE = "$patch";
  private static final String RETAIN_KEYS = "$retainKeys";
  private static final String ORDER = "$setElementOrder/";
  private static final String DELETE_SCALARS = "$deleteFromPrimitiveList/";

  private StrategicPatch() {}

  static ObjectNode apply(ObjectNode object, ObjectNode patch, BuiltInShape shape) {
    return mergeMap(object.deepCopy(), patch, shape);
  }

  private static ObjectNode mergeMap(ObjectNode original, ObjectNode patch, BuiltInShape shape) {
    switch (directive(patch)) {
      case "replace" -> {
        ObjectNode replaced = patch.deepCopy();
        replaced.remove(DIRECTIVE);
        return replaced;
      }
      case "delete" -> {
        return original.objectNode();
      }
      default -> {}
    }
    retainKeys(original, patch);
    for (var field : patch.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.startsWith(DELETE_SCALARS)) {
        deleteScalars(original, name.substring(DELETE_SCALARS.length()), value);
      } else if (!name.startsWith("$")) {
        mergeField(original, name, value, patch, shape.field(name));
      }
    }
    for (var field : patch.properties()) {
      String name = field.getKey().substring(Math.min(ORDER.length(), field.getKey().length()));
      if (field.getKey().startsWith(ORDER)
          && !patch.has(name)
          && original.get(name) instanceof ArrayNode list) {
        original.set(name, ordered(list, field.getValue(), shape.field(name).patchKey()));
      }
    }
    return original;
  }

  private static void mergeField(
      ObjectNode original, String name, JsonNode value, ObjectNode patch, BuiltInShape shape) {
    JsonNode existing = original.path(name);
    if (value.isNull()) {
      original.remove(name);
    } else if (value instanceof ObjectNode map) {
      ObjectNode target = existing instanceof ObjectNode old ? old : original.objectNode();
      original.set(name, mergeMap(target, map, shape));
    } else if (value instanceof ArrayNode list && !shape.patchKey().isEmpty()) {
      ArrayNode target = existing instanceof ArrayNode old ? old : original.arrayNode();
      ArrayNode merged = mergeList(target, list, shape);
      original.set(name, ordered(merged, patch.path(ORDER + name), shape.patchKey()));
    } else {
      original.set(name, value.deepCopy());
    }
  }

  private static ArrayNode mergeList(ArrayNode original, ArrayNode patch, BuiltInShape shape) {
    if (shape.patchKey().equals("*")) {
      return mergeScalars(original, patch);
    }
    ArrayNode merged = original;
    for (JsonNode item : patch) {
      if (directive(item).equals("replace") && item.size() == 1) {
        merged = original.arrayNode();
      }
    }
    for (JsonNode item : patch) {
      if (!(item instanceof ObjectNode map)) {
        throw PatchRejected.malformed(
            "a list with the merge key %s has maps as items, not %s"
                .formatted(shape.patchKey(), item));
      }
      boolean replacesList = directive(map).equals("replace") && map.size() == 1;
      if (!replacesList) {
        mergeItem(merged, map, shape);
      }
    }
    return merged;
  }

  private static void mergeItem(ArrayNode list, ObjectNode item, BuiltInShape shape) {
    JsonNode key = item.path(shape.patchKey());
    if (key.isMissingNode()) {
      throw PatchRejected.malformed(
          "map: %s does not contain declared merge key: %s".formatted(item, shape.patchKey()));
    }
    int at = indexOf(list, shape.patchKey(), key);
    if (directive(item).equals("delete")) {
      while (at >= 0) {
        list.remove(at);
        at = indexOf(list, shape.patchKey(), key);
      }
    } else if (at >= 0 && list.get(at) instanceof ObjectNode old) {
      list.set(at, mergeMap(old, item, shape.items()));
    } else {
      list.add(mergeMap(list.objectNode(), item, shape.items()));
    }
  }

  private static ArrayNode mergeScalars(ArrayNode original, ArrayNode patch) {
    ArrayNode merged = original.deepCopy();
    for (JsonNode item : patch) {
      if (!contains(merged, item)) {
        merged.add(item.deepCopy());
      }
    }
    return merged;
  }

  private static void deleteScalars(ObjectNode original, String name, JsonNode values) {
    if (!(values instanceof ArrayNode deleted)) {
      throw PatchRejected.malformed("invalid patch format of primitive list: " + values);
    }
    if (original.get(name) instanceof ArrayNode list) {
      ArrayNode kept = list.arrayNode();
      for (JsonNode item : list) {
        if (!contains(deleted, item)) {
          kept.add(item);
        }
      }
      original.set(name, kept);
    }
  }

  private static void retainKeys(ObjectNode original, ObjectNode patch) {
    JsonNode keys = patch.path(RETAIN_KEYS);
    if (keys.isMissingNode()) {
      return;
    }
    List<String> retained = new ArrayList<>();
    for (JsonNode key : keys) {
      retained.add(key.asText());
    }
    for (var field : patch.properties()) {
      boolean set = !field.getKey().startsWith("$") && !field.getValue().isNull();
      if (!keys.isArray() || (set && !retained.contains(field.getKey()))) {
        throw PatchRejected.malformed("invalid patch format of retainKeys: " + keys);
      }
    }
    original.retain(retained);
  }

  /**
   * The items in the order that a patch wants; an item it does not name stays behind the one it
   * stood behind.
   */
  private static ArrayNode ordered(ArrayNode list, JsonNode order, String key) {
    if (!order.isArray() || key.isEmpty()) {
      return list;
    }
    List<JsonNode> wanted = new ArrayList<>();
    for (JsonNode named : order) {
      find(list, named, key).ifPresent(wanted::add);
    }
    List<JsonNode> sorted = new ArrayList<>(wanted);
    JsonNode before = null;
    for (JsonNode item : list) {
      if (!containsIdentical(wanted, item)) {
        sorted.add(before == null ? 0 : indexOfIdentical(sorted, before) + 1, item);
      }
      before = item;
    }
    ArrayNode result = list.arrayNode();
    sorted.forEach(result::add);
    return result;
  }

  private static Optional<JsonNode> find(ArrayNode list, JsonNode named, String key) {
    for (JsonNode item : list) {
      boolean same =
          key.equals("*") ? Json.same(item, named) : Json.same(item.path(key), named.path(key));
      if (same) {
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }

  private static boolean containsIdentical(List<JsonNode> items, JsonNode item) {
    return indexOfIdentical(items, item) >= 0;
  }

  @SuppressWarnings("ReferenceEquality") // the same item, not one that looks like it
  private static int indexOfIdentical(List<JsonNode> items, JsonNode item) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) == item) {
        return i;
      }
    }
    return -1;
  }

  private static boolean contains(ArrayNode list, JsonNode value) {
    for (JsonNode item : list) {
      if (Json.same(item, value)) {
        return true;
      }
    }
    return false;
  }

  private static int indexOf(ArrayNode list, String key, JsonNode value) {
    for (int i = 0; i < list.size(); i++) {
      if (Json.same(list.get(i).path(key), value)) {
        return i;
      }
    }
    return -1;
  }

  private static String directive(JsonNode patch) {
    JsonNode directive = patch.path(DIRECTIVE);
    if (directive.isMissingNode()) {
      return "";
    }
    String text = directive.asText();
    if (!List.of("replace", "delete", "merge").contains(text)) {
      throw PatchRejected.malformed(
          "Unknown patch type: %s. Known types are: replace, delete, merge".formatted(directive));
    }
    return text;
  }
}
