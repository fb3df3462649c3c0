package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.KindTable;
import dev.retune.sandbox.registry.KindTable.Field;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Json;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The schemas that an OpenAPI document refers to, collected as they are asked for. */
final class Schemas {
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final Set<String> META_TYPES =
      Set.of(
          "ObjectMeta",
          "OwnerReference",
          "ManagedFieldsEntry",
          "LabelSelector",
          "LabelSelectorRequirement",
          "Condition");

  private final String prefix;
  private final Map<String, ObjectNode> collected = new LinkedHashMap<>();

  /**
   * For the document of one group and version.
   *
   * @param prefix what the names of its own types begin with
   */
  private Schemas(String prefix) {
    this.prefix = prefix;
  }

  /** Every schema that the kinds of one group and version need, by name. */
  static Map<String, ObjectNode> of(List<ResourceType> types) {
    Schemas schemas = new Schemas(prefix(types.getFirst()));
    schemas.reference("ObjectMeta");
    for (ResourceType type : types) {
      ObjectNode schema =
          type.definition()
              .map(definition -> definition.openApi(type.version()))
              .orElseGet(() -> schemas.kind(type));
      schemas.collected.put(name(type), schema);
    }
    return schemas.collected;
  }

  /** The name of a kind's schema: the group's parts in reverse, then version and kind. */
  static String name(ResourceType type) {
    return prefix(type) + type.kind();
  }

  private static String prefix(ResourceType type) {
    if (type.definition().isEmpty()) {
      String group = type.group().isEmpty() ? "core" : type.group().replaceFirst("\\..*", "");
      return "io.k8s.api." + group + "." + type.version() + ".";
    }
    List<String> parts = Arrays.asList(type.group().split("\\.", -1));
    Collections.reverse(parts);
    return String.join(".", parts) + "." + type.version() + ".";
  }

  private ObjectNode kind(ResourceType type) {
    KindTable.Type shape = KindTable.find(type.kind()).orElseThrow();
    ObjectNode schema = schema(shape);
    ObjectNode properties = schema.withObjectProperty("properties");
    KindTable.find("TypeMeta")
        .orElseThrow()
        .fields()
        .forEach((name, field) -> properties.set(name, property(field)));
    return schema;
  }

  private ObjectNode schema(KindTable.Type type) {
    ObjectNode schema = Json.object();
    schema.put("type", "object").put("description", type.description());
    ObjectNode properties = schema.putObject("properties");
    type.fields().forEach((name, field) -> properties.set(name, property(field)));
    return schema;
  }

  private ObjectNode property(Field field) {
    ObjectNode single = single(field.type());
    ObjectNode property = single;
    if (field.map()) {
      property = Json.object();
      property.put("type", "object").set("additionalProperties", single);
    } else if (field.repeated()) {
      property = Json.object();
      property.put("type", "array").set("items", single);
    } else if (single.has("$ref")) {
      property = Json.object();
      property.putArray("allOf").add(single);
    }
    return property.put("description", field.description());
  }

  private ObjectNode single(String type) {
    ObjectNode schema = Json.object();
    return switch (type) {
      case "json" -> schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
      case "string", "quantity" -> schema.put("type", "string");
      case "intOrString" -> schema.put("type", "string").put("format", "int-or-string");
      case "int" -> schema.put("type", "integer").put("format", "int64");
      case "double" -> schema.put("type", "number");
      case "bool" -> schema.put("type", "boolean");
      case "bytes" -> schema.put("type", "string").put("format", "byte");
      case "time", "microtime" -> schema.put("type", "string").put("format", "date-time");
      default -> schema.put("$ref", "#/components/schemas/" + reference(type));
    };
  }

  /** The full name of a type, whose schema is collected on the way. */
  private String reference(String type) {
    String name = (META_TYPES.contains(type) ? META : prefix) + type;
    if (!collected.containsKey(name)) {
      collected.put(name, Json.object());
      collected.put(name, schema(KindTable.find(type).orElseThrow()));
    }
    return name;
  }
}
