package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns JSON into what CEL rules see, as {@link CelTypes} types it. */
final class CelValues {
  private CelValues() {}

  /** The value of a part of an object under its schema. */
  static Object of(Schema schema, JsonNode value, boolean resource) {
    if (schema.extensions().intOrString()) {
      return value.isIntegralNumber() ? (Object) value.longValue() : untyped(value);
    }
    return switch (value) {
      case ObjectNode map -> ofMap(schema, map, resource || schema.extensions().embedded());
      case ArrayNode list -> {
        Schema items = schema.items();
        List<Object> values = new ArrayList<>(list.size());
        for (JsonNode item : list) {
          values.add(items == null ? untyped(item) : of(items, item, false));
        }
        yield values;
      }
      default -> ofScalar(schema, value);
    };
  }

  /** A field that is null is as one that is not there; a null among a map's values is a value. */
  private static Map<String, Object> ofMap(Schema schema, ObjectNode map, boolean resource) {
    Map<String, Object> values = new LinkedHashMap<>();
    Schema others = schema.values();
    for (var field : map.properties()) {
      Schema own = schema.properties().get(field.getKey());
      boolean nullField = own != null && field.getValue().isNull();
      if (nullField) {
        continue;
      }
      if (others != null && own == null) {
        values.put(field.getKey(), of(others, field.getValue(), false));
      } else if (own != null) {
        String name = CelTypes.escape(field.getKey());
        boolean metadata = resource && field.getKey().equals("metadata");
        if (name != null) {
          values.put(name, metadata ? untyped(field.getValue()) : of(own, field.getValue(), false));
        }
      } else if (resource && Pruning.META_FIELDS.contains(field.getKey())) {
        values.put(field.getKey(), untyped(field.getValue()));
      }
    }
    return values;
  }

  private static Object ofScalar(Schema schema, JsonNode value) {
    if (value.isTextual() && schema.type().equals("string")) {
      String text = value.asText();
      return switch (schema.format()) {
        case "date", "date-time" -> Times.parseInstant(text).<Object>map(i -> i).orElse(text);
        case "duration" -> Times.parseDuration(text).<Object>map(d -> d).orElse(text);
        case "byte" -> bytes(text).<Object>map(b -> b).orElse(text);
        default -> text;
      };
    }
    if (value.isNumber() && schema.type().equals("number")) {
      return value.doubleValue();
    }
    if (value.isNumber() && schema.type().equals("integer")) {
      return value.longValue();
    }
    return untyped(value);
  }

  private static Optional<CelByteString> bytes(String base64) {
    try {
      return Optional.of(CelByteString.of(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A value without a schema, as it is in JSON. */
  static Object untyped(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING, BINARY -> value.asText();
      case BOOLEAN -> value.booleanValue();
      case NUMBER ->
          value.isIntegralNumber() ? (Object) value.longValue() : (Object) value.doubleValue();
      case NULL, MISSING, POJO -> NullValue.NULL_VALUE;
      case ARRAY -> {
        List<Object> values = new ArrayList<>();
        value.forEach(item -> values.add(untyped(item)));
        yield values;
      }
      case OBJECT -> {
        Map<String, Object> values = new LinkedHashMap<>();
        value.properties().forEach(field -> values.put(field.getKey(), untyped(field.getValue())));
        yield values;
      }
    };
  }
}
