package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.FieldError;
import dev.retune.sandbox.crd.InvalidObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ConfigMaps: at most 1 MiB, keys that can be file names, and immutable means immutable. */
final class ConfigMapRules implements Rules {
  /** Kubernetes' {@code MaxSecretSize}, for both kinds; in bytes. */
  static final int LIMIT = 1024 * 1024;

  @Override
  public ObjectNode admit(ObjectNode object, Optional<ObjectNode> old, Call call) {
    List<FieldError> errors = new ArrayList<>();
    long size = keys(object, "data", errors) + keys(object, "binaryData", errors);
    for (var entry : object.path("binaryData").properties()) {
      if (object.path("data").has(entry.getKey())) {
        errors.add(
            Rules.invalid(
                "data[" + entry.getKey() + "]",
                entry.getKey(),
                "duplicate of key present in binaryData"));
      }
    }
    if (size > LIMIT) {
      errors.add(tooLong(""));
    }
    old.ifPresent(before -> immutable(object, before, List.of("data", "binaryData"), errors));
    if (!errors.isEmpty()) {
      throw new InvalidObject(errors);
    }
    return object;
  }

  static long keys(ObjectNode object, String field, List<FieldError> errors) {
    long size = 0;
    for (var entry : object.path(field).properties()) {
      String key = entry.getKey();
      NameFormats.configKeyError(key)
          .ifPresent(why -> errors.add(Rules.invalid(field + "[" + key + "]", key, why)));
      size +=
          size(
              entry.getValue(),
              !field.equals("data") || object.path("kind").asText().equals("Secret"));
    }
    return size;
  }

  private static long size(JsonNode value, boolean binary) {
    if (!binary) {
      return value.asText().getBytes(StandardCharsets.UTF_8).length;
    }
    try {
      return value.binaryValue().length;
    } catch (IOException e) {
      throw ApiFailure.badRequest("illegal base64 data in a value: " + e.getMessage());
    }
  }

  static FieldError tooLong(String path) {
    return new FieldError(
        path, "FieldValueTooLong", "Too long: may not be more than " + LIMIT + " bytes");
  }

  /** Kubernetes 1.21, KEP-1412: an immutable object keeps its data and stays immutable. */
  static void immutable(
      ObjectNode object, ObjectNode old, List<String> fields, List<FieldError> errors) {
    if (!old.path("immutable").asBoolean(false)) {
      return;
    }
    if (!object.path("immutable").asBoolean(false)) {
      errors.add(Rules.forbidden("immutable", "field is immutable when `immutable` is set"));
    }
    for (String field : fields) {
      if (!orEmpty(object, field).equals(orEmpty(old, field))) {
        errors.add(Rules.forbidden(field, "field is immutable when `immutable` is set"));
      }
    }
  }

  private static JsonNode orEmpty(ObjectNode object, String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? object.objectNode() : value;
  }
}
