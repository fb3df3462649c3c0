package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.Json;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a part of an object was before an update. Items of a list are found only by the keys
 * of a {@code x-kubernetes-list-type: map}; null means there is no such thing to compare with.
 */
final class Correlation {
  private Correlation() {}

  static @Nullable JsonNode field(@Nullable JsonNode old, String name) {
    return old instanceof ObjectNode map ? map.get(name) : null;
  }

  static @Nullable JsonNode item(Schema list, @Nullable JsonNode old, JsonNode item) {
    if (!list.isKeyedList() || !(old instanceof ArrayNode items)) {
      return null;
    }
    for (JsonNode candidate : items) {
      if (sameKeys(list, candidate, item)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean sameKeys(Schema list, JsonNode a, JsonNode b) {
    for (String key : list.extensions().mapKeys()) {
      if (!Json.same(a.path(key), b.path(key))) {
        return false;
      }
    }
    return true;
  }
}
