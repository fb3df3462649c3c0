package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Json;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The schemas that OpenAPI documents refer to. */
final class Schemas {
  private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private Schemas() {}

  /** The schema's name: the group's parts in reverse, then version and kind. */
  static String name(ResourceType type) {
    if (type.definition().isEmpty()) {
      String group = type.group().isEmpty() ? "core" : type.group().replaceFirst("\\..*", "");
      return "io.k8s.api." + group + "." + type.version() + "." + type.kind();
    }
    List<String> parts = Arrays.asList(type.group().split("\\.", -1));
    Collections.reverse(parts);
    return String.join(".", parts) + "." + type.version() + "." + type.kind();
  }

  static ObjectNode of(ResourceType type) {
    return type.definition()
        .map(definition -> definition.openApi(type.version()))
        .orElseGet(Schemas::open);
  }

  static ObjectNode shared() {
    ObjectNode shared = Json.object();
    ObjectNode metadata = shared.putObject(METADATA);
    metadata.put("type", "object").put("description", "What all objects have: names and labels.");
    return shared;
  }

  private static ObjectNode open() {
    ObjectNode schema = Json.object();
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties.putObject("metadata").put("$ref", "#/components/schemas/" + METADATA);
    schema.put("x-kubernetes-preserve-unknown-fields", true);
    return schema;
  }
}
