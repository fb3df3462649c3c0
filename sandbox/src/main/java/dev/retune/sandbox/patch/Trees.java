package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.Shape.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Documents under their shapes: which fields they have, how they differ, merging and removing
 * ({@code sigs.k8s.io/structured-merge-diff/v6/typed}).
 */
final class Trees {
  private Trees() {}

  /** How two documents differ. */
  record Difference(FieldSet added, FieldSet modified, FieldSet removed) {}

  /** All fields that a stored document has, as an apply owns them. */
  static FieldSet fields(Shape shape, JsonNode document) {
    return fields(shape, document, true);
  }

  /**
   * The same of a configuration that is applied.
   *
   * @throws PatchRejected when items of a list have no or equal keys
   */
  static FieldSet fieldsOfConfig(Shape shape, JsonNode config) {
    return fields(shape, config, false);
  }

  private static FieldSet fields(Shape shape, JsonNode document, boolean stored) {
    FieldSet.Builder set = new FieldSet.Builder();
    collect(shape, document, stored, set);
    return set.build();
  }

  private static void collect(Shape shape, JsonNode value, boolean stored, FieldSet.Builder at) {
    if (isLeaf(shape, value)) {
      at.insert();
    } else if (value instanceof ObjectNode map) {
      for (var field : map.properties()) {
        FieldSet.Builder child = at.at(Elements.field(field.getKey()));
        collect(shape.field(field.getKey()), field.getValue(), stored, child);
        boolean empty = field.getValue().isObject() && field.getValue().isEmpty();
        if (empty || !shape.names(field.getKey())) {
          child.insert();
        }
      }
    } else {
      for (var item : itemsOf(shape, value, stored).entrySet()) {
        collect(shape.items(), item.getValue(), stored, at.at(item.getKey()).insert());
      }
    }
  }

  /** Whether a value is owned as one. */
  private static boolean isLeaf(Shape shape, JsonNode value) {
    return switch (shape.kind()) {
      case Kind.Atomic _ -> true;
      case Kind.Plain _ -> !value.isObject();
      case Kind.ScalarSet _ -> !value.isArray();
      case Kind.KeyedList _ -> !value.isArray();
    };
  }

  /**
   * The items of a list by their path elements.
   *
   * @param stored take the list as it is, without or with equal keys, since it is stored already
   * @throws PatchRejected when not {@code stored} and items have no or equal keys
   */
  private static Map<String, JsonNode> itemsOf(Shape shape, JsonNode list, boolean stored) {
    Map<String, JsonNode> items = new LinkedHashMap<>();
    for (JsonNode item : list) {
      Optional<String> element = Elements.item(shape, item);
      if (element.isEmpty() && !stored) {
        throw PatchRejected.malformed(
            "associative list with keys has an element that omits key field %s: %s"
                .formatted(keyOf(shape), item));
      }
      if (items.putIfAbsent(element.orElse("i:" + items.size()), item) != null && !stored) {
        throw PatchRejected.malformed(
            "duplicate entries for key " + Elements.show(element.orElse("i:0")));
      }
    }
    return items;
  }

  private static String keyOf(Shape list) {
    return list.kind() instanceof Kind.KeyedList(List<String> keys) ? keys.getFirst() : "";
  }

  static Difference compare(Shape shape, JsonNode before, JsonNode after) {
    FieldSet.Builder added = new FieldSet.Builder();
    FieldSet.Builder modified = new FieldSet.Builder();
    FieldSet.Builder removed = new FieldSet.Builder();
    compare(shape, before, after, added, modified, removed);
    return new Difference(added.build(), modified.build(), removed.build());
  }

  private static void compare(
      Shape shape,
      JsonNode before,
      JsonNode after,
      FieldSet.Builder added,
      FieldSet.Builder modified,
      FieldSet.Builder removed) {
    boolean leafBefore = before.isMissingNode() || isLeaf(shape, before);
    boolean leafAfter = after.isMissingNode() || isLeaf(shape, after);
    if (leafBefore && leafAfter && !before.isMissingNode() && !after.isMissingNode()) {
      if (!Json.same(before, after)) {
        modified.insert();
      }
      return;
    }
    if (before.isMissingNode()) {
      added.insert();
    } else if (after.isMissingNode()) {
      removed.insert();
    } else if (leafBefore != leafAfter) {
      modified.insert();
    }
    Map<String, JsonNode> old = leafBefore ? Map.of() : children(shape, before);
    Map<String, JsonNode> now = leafAfter ? Map.of() : children(shape, after);
    List<String> elements = new ArrayList<>(old.keySet());
    now.keySet().stream().filter(element -> !old.containsKey(element)).forEach(elements::add);
    for (String element : elements) {
      compare(
          below(shape, element),
          old.getOrDefault(element, MissingNode.getInstance()),
          now.getOrDefault(element, MissingNode.getInstance()),
          added.at(element),
          modified.at(element),
          removed.at(element));
    }
  }

  private static Map<String, JsonNode> children(Shape shape, JsonNode value) {
    if (!(value instanceof ObjectNode map)) {
      return itemsOf(shape, value, true);
    }
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    map.properties().forEach(field -> fields.put(Elements.field(field.getKey()), field.getValue()));
    return fields;
  }

  private static Shape below(Shape shape, String element) {
    return element.startsWith("f:") ? shape.field(element.substring(2)) : shape.items();
  }

  /** Puts one document over another. Items of lists that are merged keep the order of both. */
  static JsonNode merge(Shape shape, JsonNode under, JsonNode over) {
    if (isLeaf(shape, over) || isLeaf(shape, under) || under.isMissingNode()) {
      return under.isMissingNode() && !isLeaf(shape, over) && over instanceof ArrayNode list
          ? mergeLists(shape, list.arrayNode(), list)
          : over.deepCopy();
    }
    return under instanceof ObjectNode a && over instanceof ObjectNode b
        ? mergeMaps(shape, a, b)
        : mergeLists(shape, (ArrayNode) under, (ArrayNode) over);
  }

  private static ObjectNode mergeMaps(Shape shape, ObjectNode under, ObjectNode over) {
    ObjectNode merged = under.deepCopy();
    for (var field : over.properties()) {
      String name = field.getKey();
      merged.set(name, merge(shape.field(name), under.path(name), field.getValue()));
    }
    return merged;
  }

  private static ArrayNode mergeLists(Shape shape, ArrayNode under, ArrayNode over) {
    Map<String, JsonNode> old = itemsOf(shape, under, true);
    Map<String, JsonNode> given = itemsOf(shape, over, false);
    ArrayNode merged = under.arrayNode();
    Deque<Map.Entry<String, JsonNode>> pending = new ArrayDeque<>(given.entrySet());
    Set<String> done = new HashSet<>();
    for (var item : old.entrySet()) {
      if (!given.containsKey(item.getKey())) {
        merged.add(item.getValue().deepCopy());
      }
      while (given.containsKey(item.getKey()) && !done.contains(item.getKey())) {
        var next = pending.removeFirst();
        done.add(next.getKey());
        merged.add(mergeItem(shape, old, next));
      }
    }
    pending.forEach(rest -> merged.add(mergeItem(shape, old, rest)));
    return merged;
  }

  private static JsonNode mergeItem(
      Shape shape, Map<String, JsonNode> old, Map.Entry<String, JsonNode> given) {
    JsonNode under = old.getOrDefault(given.getKey(), MissingNode.getInstance());
    return merge(shape.items(), under, given.getValue());
  }

  /** Removes fields; what is left empty by that goes too. */
  static Optional<JsonNode> remove(Shape shape, JsonNode value, FieldSet fields) {
    if (fields.isEmpty() || isLeaf(shape, value)) {
      return Optional.of(value);
    }
    if (value instanceof ObjectNode map) {
      ObjectNode kept = map.objectNode();
      for (var field : map.properties()) {
        FieldSet below = fields.at(Elements.field(field.getKey()));
        if (!below.member()) {
          remove(shape.field(field.getKey()), field.getValue(), below)
              .ifPresent(rest -> kept.set(field.getKey(), rest));
        }
      }
      return kept.isEmpty() && !map.isEmpty() ? Optional.empty() : Optional.of(kept);
    }
    ArrayNode kept = ((ArrayNode) value).arrayNode();
    for (JsonNode item : value) {
      FieldSet below = Elements.item(shape, item).map(fields::at).orElse(FieldSet.NONE);
      if (!below.member()) {
        remove(shape.items(), item, below).ifPresent(kept::add);
      }
    }
    return kept.isEmpty() && !value.isEmpty() ? Optional.empty() : Optional.of(kept);
  }
}
