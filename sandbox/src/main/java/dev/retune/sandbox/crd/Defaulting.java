package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills in a schema's defaults, as {@code apiextensions-apiserver/pkg/apiserver/schema/defaulting}
 * does: nulls that are not allowed are dropped or become the default.
 */
final class Defaulting {
  private Defaulting() {}

  /** Fills in defaults in place. */
  static void apply(Schema schema, JsonNode value) {
    dropNulls(schema, value);
    fillIn(schema, value);
  }

  private static void dropNulls(@Nullable Schema schema, JsonNode value) {
    switch (value) {
      case ObjectNode map -> {
        for (Map.Entry<String, JsonNode> field : List.copyOf(map.properties())) {
          Schema property = schema == null ? null : schema.property(field.getKey());
          if (isWrongNull(property, field.getValue()) && defaultOf(property) == null) {
            map.remove(field.getKey());
          } else {
            dropNulls(property, field.getValue());
          }
        }
      }
      case ArrayNode list -> {
        for (JsonNode item : list) {
          dropNulls(schema == null ? null : schema.items(), item);
        }
      }
      default -> {}
    }
  }

  private static void fillIn(@Nullable Schema schema, JsonNode value) {
    if (schema == null) {
      return;
    }
    switch (value) {
      case ObjectNode map -> fillInMap(schema, map);
      case ArrayNode list -> {
        JsonNode itemDefault = defaultOf(schema.items());
        for (int i = 0; i < list.size(); i++) {
          if (itemDefault != null && isWrongNull(schema.items(), list.get(i))) {
            list.set(i, itemDefault.deepCopy());
          }
          fillIn(schema.items(), list.get(i));
        }
      }
      default -> {}
    }
  }

  private static void fillInMap(Schema schema, ObjectNode map) {
    for (Map.Entry<String, Schema> property : schema.properties().entrySet()) {
      JsonNode given = map.get(property.getKey());
      JsonNode standard = property.getValue().defaultValue();
      if (standard != null && (given == null || isWrongNull(property.getValue(), given))) {
        map.set(property.getKey(), standard.deepCopy());
      }
    }
    for (Map.Entry<String, JsonNode> field : List.copyOf(map.properties())) {
      Schema property = schema.property(field.getKey());
      JsonNode standard = defaultOf(property);
      if (standard != null && isWrongNull(property, field.getValue())) {
        JsonNode filled = standard.deepCopy();
        map.set(field.getKey(), filled);
        fillIn(property, filled);
      } else {
        fillIn(property, field.getValue());
      }
    }
  }

  private static @Nullable JsonNode defaultOf(@Nullable Schema schema) {
    return schema == null ? null : schema.defaultValue();
  }

  private static boolean isWrongNull(@Nullable Schema schema, JsonNode value) {
    return value.isNull() && schema != null && !schema.nullable();
  }
}
