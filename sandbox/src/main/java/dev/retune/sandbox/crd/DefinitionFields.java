package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of an {@code apiextensions.k8s.io/v1} CustomResourceDefinition; others are dropped.
 */
final class DefinitionFields {
  private static final Set<String> SPEC =
      Set.of("group", "names", "scope", "versions", "conversion", "preserveUnknownFields");
  private static final Set<String> NAMES =
      Set.of("plural", "singular", "shortNames", "kind", "listKind", "categories");
  private static final Set<String> VERSION =
      Set.of(
          "name",
          "served",
          "storage",
          "deprecated",
          "deprecationWarning",
          "schema",
          "subresources",
          "additionalPrinterColumns",
          "selectableFields");
  private static final Set<String> COLUMN =
      Set.of("name", "type", "format", "description", "priority", "jsonPath");
  private static final Set<String> RULE =
      Set.of("rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf");
  private static final Set<String> SCHEMA =
      Set.of(
          "id",
          "$schema",
          "$ref",
          "description",
          "type",
          "format",
          "title",
          "default",
          "maximum",
          "exclusiveMaximum",
          "minimum",
          "exclusiveMinimum",
          "maxLength",
          "minLength",
          "pattern",
          "maxItems",
          "minItems",
          "uniqueItems",
          "multipleOf",
          "enum",
          "maxProperties",
          "minProperties",
          "required",
          "items",
          "allOf",
          "oneOf",
          "anyOf",
          "not",
          "properties",
          "additionalProperties",
          "patternProperties",
          "dependencies",
          "additionalItems",
          "definitions",
          "externalDocs",
          "example",
          "nullable",
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-embedded-resource",
          "x-kubernetes-int-or-string",
          "x-kubernetes-list-map-keys",
          "x-kubernetes-list-type",
          "x-kubernetes-map-type",
          "x-kubernetes-validations");

  private final List<String> unknown = new ArrayList<>();

  private DefinitionFields() {}

  /** Drops unknown fields in place and returns their paths. */
  static List<String> prune(ObjectNode definition) {
    DefinitionFields fields = new DefinitionFields();
    JsonNode spec = definition.path("spec");
    fields.keep(spec, "spec", SPEC);
    fields.keep(spec.path("names"), "spec.names", NAMES);
    JsonNode versions = spec.path("versions");
    for (int i = 0; i < versions.size(); i++) {
      fields.version(versions.get(i), Paths.index("spec.versions", i));
    }
    return fields.unknown;
  }

  private void version(JsonNode version, String path) {
    keep(version, path, VERSION);
    keep(version.path("schema"), path + ".schema", Set.of("openAPIV3Schema"));
    keep(version.path("subresources"), path + ".subresources", Set.of("status", "scale"));
    keepEach(version.path("additionalPrinterColumns"), path + ".additionalPrinterColumns", COLUMN);
    keepEach(version.path("selectableFields"), path + ".selectableFields", Set.of("jsonPath"));
    schema(version.path("schema").path("openAPIV3Schema"), path + ".schema.openAPIV3Schema");
  }

  private void schema(JsonNode schema, String path) {
    if (!schema.isObject()) {
      return;
    }
    keep(schema, path, SCHEMA);
    keepEach(schema.path("x-kubernetes-validations"), path + ".x-kubernetes-validations", RULE);
    for (String below : List.of("items", "not", "additionalProperties")) {
      schema(schema.path(below), Paths.child(path, below));
    }
    for (String list : List.of("allOf", "anyOf", "oneOf")) {
      JsonNode schemas = schema.path(list);
      for (int i = 0; i < schemas.size(); i++) {
        schema(schemas.get(i), Paths.index(Paths.child(path, list), i));
      }
    }
    for (var property : schema.path("properties").properties()) {
      schema(property.getValue(), path + ".properties." + property.getKey());
    }
  }

  private void keepEach(JsonNode list, String path, Set<String> known) {
    for (int i = 0; i < list.size(); i++) {
      keep(list.get(i), Paths.index(path, i), known);
    }
  }

  private void keep(JsonNode node, String path, Set<String> known) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
        if (!known.contains(field.getKey())) {
          unknown.add(Paths.child(path, field.getKey()));
          object.remove(field.getKey());
        }
      }
    }
  }
}
