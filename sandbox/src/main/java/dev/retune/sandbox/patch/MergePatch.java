package dev.retune.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** RFC 7386: maps merge by field, null removes, anything else replaces. */
final class MergePatch {
  private MergePatch() {}

  static ObjectNode apply(ObjectNode object, JsonNode patch) {
    if (!(patch instanceof ObjectNode fields)) {
      throw PatchRejected.malformed(
          "error decoding patch: a merge patch of an object is a JSON object, not "
              + patch.getNodeType());
    }
    ObjectNode result = object.deepCopy();
    mergeInto(result, fields);
    return result;
  }

  private static void mergeInto(ObjectNode target, ObjectNode patch) {
    for (var field : patch.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        target.remove(field.getKey());
      } else if (value instanceof ObjectNode fields) {
        ObjectNode child =
            target.get(field.getKey()) instanceof ObjectNode existing
                ? existing
                : target.putObject(field.getKey());
        mergeInto(child, fields);
      } else {
        target.set(field.getKey(), value.deepCopy());
      }
    }
  }
}
