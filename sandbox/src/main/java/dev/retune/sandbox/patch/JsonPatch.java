package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** RFC 6902: a list of operations on places named by RFC 6901 pointers, all or nothing. */
final class JsonPatch {
  /** An API server takes no more operations than this in one patch (apiserver, patch.go). */
  private static final int MAX_OPERATIONS = 10_000;

  private JsonNode document;

  private JsonPatch(JsonNode document) {
    this.document = document;
  }

  static ObjectNode apply(ObjectNode object, JsonNode patch) {
    if (!(patch instanceof ArrayNode operations)) {
      throw PatchRejected.malformed(
          "error decoding patch: a JSON patch is an array of operations, not a JSON "
              + Json.typeOf(patch));
    }
    if (operations.size() > MAX_OPERATIONS) {
      throw new PatchRejected(
          413,
          "The allowed maximum operations in a JSON patch is %d, got %d"
              .formatted(MAX_OPERATIONS, operations.size()));
    }
    JsonPatch run = new JsonPatch(object.deepCopy());
    for (JsonNode operation : operations) {
      run.perform(operation);
    }
    if (!(run.document instanceof ObjectNode result)) {
      throw PatchRejected.doesNotApply(
          "the patch leaves a JSON " + Json.typeOf(run.document) + " instead of an object");
    }
    return result;
  }

  private void perform(JsonNode operation) {
    String op = text(operation, "op");
    String path = text(operation, "path");
    switch (op) {
      case "add" -> add(path, value(op, operation));
      case "remove" -> remove(op, path);
      case "replace" -> replace(path, value(op, operation));
      case "move" -> move(text(operation, "from"), path);
      case "copy" -> add(path, existing(op, text(operation, "from")).deepCopy());
      case "test" -> test(path, operation.path("value"));
      default -> throw PatchRejected.malformed("Unexpected kind: " + op);
    }
  }

  private void add(String path, JsonNode value) {
    if (path.isEmpty()) {
      document = value;
      return;
    }
    Place place = place("add", path);
    switch (place.parent()) {
      case ObjectNode map -> map.set(place.key(), value);
      case ArrayNode list when place.key().equals("-") -> list.add(value);
      case ArrayNode list -> list.insert(index("add", path, place.key(), list.size() + 1), value);
      default -> throw missing("add", path);
    }
  }

  private void remove(String op, String path) {
    if (path.isEmpty()) {
      throw PatchRejected.doesNotApply("the document as a whole cannot be removed");
    }
    Place place = place(op, path);
    switch (place.parent()) {
      case ObjectNode map when map.has(place.key()) -> map.remove(place.key());
      case ArrayNode list -> list.remove(index(op, path, place.key(), list.size()));
      default -> throw missing(op, path);
    }
  }

  private void replace(String path, JsonNode value) {
    if (path.isEmpty()) {
      document = value;
      return;
    }
    Place place = place("replace", path);
    switch (place.parent()) {
      case ObjectNode map when map.has(place.key()) -> map.set(place.key(), value);
      case ArrayNode list -> list.set(index("replace", path, place.key(), list.size()), value);
      default -> throw missing("replace", path);
    }
  }

  private void move(String from, String path) {
    if (path.startsWith(from + "/")) {
      throw PatchRejected.doesNotApply(
          "move operation does not apply: \"%s\" is inside \"%s\"".formatted(path, from));
    }
    JsonNode moved = existing("move", from);
    remove("move", from);
    add(path, moved);
  }

  private void test(String path, JsonNode expected) {
    Optional<JsonNode> actual = find(path);
    JsonNode wanted = expected.isMissingNode() ? NullNode.getInstance() : expected;
    boolean same = actual.map(found -> Json.same(found, wanted)).orElse(wanted.isNull());
    if (!same) {
      throw PatchRejected.doesNotApply("testing value " + path + " failed: test failed");
    }
  }

  /** The parent of a place and the last part of its pointer. */
  private record Place(JsonNode parent, String key) {}

  private Place place(String op, String path) {
    int last = path.lastIndexOf('/');
    JsonNode parent = find(path.substring(0, last)).orElseThrow(() -> missing(op, path));
    return new Place(parent, unescape(path.substring(last + 1)));
  }

  private Optional<JsonNode> find(String path) {
    JsonNode at = document;
    if (path.isEmpty()) {
      return Optional.of(at);
    }
    for (String part : path.substring(1).split("/", -1)) {
      String key = unescape(part);
      at =
          switch (at) {
            case ObjectNode map -> map.path(key);
            case ArrayNode list when isIndex(key) -> list.path(indexOf(key, list.size()));
            default -> MissingNode.getInstance();
          };
      if (at.isMissingNode()) {
        return Optional.empty();
      }
    }
    return Optional.of(at);
  }

  private JsonNode existing(String op, String path) {
    return find(path).orElseThrow(() -> missing(op, path));
  }

  private static int index(String op, String path, String key, int limit) {
    if (!isIndex(key)) {
      throw PatchRejected.doesNotApply(
          "%s operation does not apply: \"%s\" ends in \"%s\", which is no index of a list"
              .formatted(op, path, key));
    }
    int index = indexOf(key, limit - (op.equals("add") ? 1 : 0));
    if (index < 0 || index >= limit) {
      throw PatchRejected.doesNotApply(
          "%s operation does not apply: \"%s\": invalid index referenced".formatted(op, path));
    }
    return index;
  }

  private static boolean isIndex(String key) {
    return key.matches("-?(0|[1-9][0-9]{0,8})");
  }

  /** API servers still take an index below zero as counted from the end (json-patch v4). */
  private static int indexOf(String key, int size) {
    int index = Integer.parseInt(key);
    return index < 0 ? index + size : index;
  }

  private static String unescape(String part) {
    return part.replace("~1", "/").replace("~0", "~");
  }

  private static JsonNode value(String op, JsonNode operation) {
    JsonNode value = operation.path("value");
    if (value.isMissingNode()) {
      throw PatchRejected.malformed(
          "%s operation of %s has no \"value\"".formatted(op, operation.path("path")));
    }
    return value.deepCopy();
  }

  private static String text(JsonNode operation, String member) {
    JsonNode value = operation.path(member);
    if (!value.isTextual()) {
      throw PatchRejected.malformed(
          "JSON patch operation %s needs a string \"%s\"".formatted(operation, member));
    }
    String text = value.asText();
    if (!member.equals("op") && !text.isEmpty() && !text.startsWith("/")) {
      throw PatchRejected.malformed(
          "\"%s\" of a JSON patch is a pointer and starts with \"/\", not \"%s\""
              .formatted(member, text));
    }
    return text;
  }

  private static PatchRejected missing(String op, String path) {
    return PatchRejected.doesNotApply(
        "%s operation does not apply: doc is missing path: \"%s\": missing value"
            .formatted(op, path));
  }
}
