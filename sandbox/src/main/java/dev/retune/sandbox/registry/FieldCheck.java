package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.KindTable.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decodes an object of a built-in kind as Kubernetes' typed structs do: a value of the wrong type
 * is an error, an unknown field is dropped, with a warning or an error if the request asked for
 * that, and null or an empty collection is the same as absent.
 */
final class FieldCheck {
  private static final KindTable.Type TYPE_META = KindTable.find("TypeMeta").orElseThrow();

  private final String kind;
  private final String version;
  private final List<String> unknown = new ArrayList<>();

  private FieldCheck(String kind, String version) {
    this.kind = kind;
    this.version = version;
  }

  /**
   * Checks an object and drops what it should not have, in place.
   *
   * @throws ApiFailure 400 for a wrong type, or for an unknown field under Strict
   */
  static void run(ResourceType type, ObjectNode object, Call call) {
    Optional<KindTable.Type> known = KindTable.find(type.kind());
    if (known.isEmpty() || type.definition().isPresent() || !type.conversion().identity()) {
      return;
    }
    FieldCheck check = new FieldCheck(type.kind(), type.version());
    check.object(object, known.get(), "");
    List<String> complaints =
        check.unknown.stream().map(path -> "unknown field \"" + path + "\"").toList();
    if (complaints.isEmpty()) {
      return;
    }
    switch (call.fieldValidation()) {
      case IGNORE -> {}
      case WARN -> complaints.forEach(call::warn);
      case STRICT ->
          throw check.undecodable(
              complaints.stream().collect(Collectors.joining(", ", "strict decoding error: ", "")));
    }
  }

  private void object(ObjectNode object, KindTable.Type type, String path) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      String below = path.isEmpty() ? name : path + "." + name;
      Field field = type.fields().get(name);
      if (field == null && path.isEmpty()) {
        field = TYPE_META.fields().get(name);
      }
      JsonNode value = object.path(name);
      if (field == null) {
        unknown.add(below);
        object.remove(name);
      } else if (value.isNull() || isEmptyCollection(value, field)) {
        object.remove(name);
      } else {
        field(value, field, below);
      }
    }
  }

  private static boolean isEmptyCollection(JsonNode value, Field field) {
    return value.isEmpty()
        && ((field.map() && value.isObject()) || (field.repeated() && value.isArray()));
  }

  private void field(JsonNode value, Field field, String path) {
    if (field.map()) {
      require(value.isObject(), value, path, "map[string]" + goType(field));
      value
          .properties()
          .forEach(entry -> {
            if (!entry.getValue().isNull()) {
              single(entry.getValue(), field, path);
            }
          });
    } else if (field.repeated()) {
      require(value.isArray(), value, path, "[]" + goType(field));
      int index = 0;
      for (JsonNode item : value) {
        single(item, field, path + "[" + index++ + "]");
      }
    } else {
      single(value, field, path);
    }
  }

  private void single(JsonNode value, Field field, String path) {
    switch (field.type()) {
      case "json" -> {}
      case "string", "bytes", "time", "microtime" ->
          require(value.isTextual(), value, path, goType(field));
      case "int" -> require(value.isIntegralNumber(), value, path, goType(field));
      case "double" -> require(value.isNumber(), value, path, goType(field));
      case "bool" -> require(value.isBoolean(), value, path, goType(field));
      case "quantity", "intOrString" ->
          require(value.isTextual() || value.isNumber(), value, path, goType(field));
      default -> {
        require(value.isObject(), value, path, goType(field));
        object((ObjectNode) value, KindTable.find(field.type()).orElseThrow(), path);
      }
    }
  }

  private void require(boolean holds, JsonNode value, String path, String expected) {
    if (!holds) {
      throw undecodable(
          "json: cannot unmarshal %s into Go struct field %s.%s of type %s"
              .formatted(found(value), kind, path, expected));
    }
  }

  private ApiFailure undecodable(String why) {
    return ApiFailure.badRequest(
        "%s in version \"%s\" cannot be handled as a %s: %s".formatted(kind, version, kind, why));
  }

  private static String found(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> "number";
      case BOOLEAN -> "bool";
      case ARRAY -> "array";
      case OBJECT -> "object";
      default -> "string";
    };
  }

  private static String goType(Field field) {
    return switch (field.type()) {
      case "int" -> "int64";
      case "double" -> "float64";
      case "time" -> "v1.Time";
      case "microtime" -> "v1.MicroTime";
      case "bytes" -> "[]uint8";
      case "string", "bool" -> field.type();
      default -> "v1." + field.type();
    };
  }
}
