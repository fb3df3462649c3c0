package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a schema is structural ({@code
 * apiextensions-apiserver/pkg/apiserver/schema/validation.go}): types are known everywhere without
 * looking into allOf, anyOf, oneOf and not.
 */
final class StructuralChecks {
  private enum Level {
    ROOT,
    ITEM,
    FIELD
  }

  /** Members that may not stand below a junctor, and what is said of each. */
  private static final Map<String, String> FORBIDDEN_BELOW_JUNCTORS =
      Map.ofEntries(
          Map.entry("type", "must be empty to be structural"),
          Map.entry("additionalProperties", "must be undefined to be structural"),
          Map.entry("default", "must be undefined to be structural"),
          Map.entry("title", "must be empty to be structural"),
          Map.entry("description", "must be empty to be structural"),
          Map.entry("nullable", "must be false to be structural"),
          Map.entry("x-kubernetes-preserve-unknown-fields", "must be false to be structural"),
          Map.entry("x-kubernetes-embedded-resource", "must be false to be structural"),
          Map.entry("x-kubernetes-int-or-string", "must be false to be structural"),
          Map.entry("x-kubernetes-list-map-keys", "must be empty to be structural"),
          Map.entry("x-kubernetes-list-type", "must be undefined to be structural"),
          Map.entry("x-kubernetes-map-type", "must be undefined to be structural"),
          Map.entry("x-kubernetes-validations", "must be empty to be structural"));

  private final Complaints complaints;

  private StructuralChecks(Complaints complaints) {
    this.complaints = complaints;
  }

  static void check(Schema root, Complaints complaints) {
    StructuralChecks checks = new StructuralChecks(complaints);
    checks.checkNode(root, Level.ROOT);
    checks.checkComplete(root);
  }

  private void checkNode(Schema schema, Level level) {
    String path = schema.path();
    Schema items = schema.items();
    if (items != null) {
      checkNode(items, Level.ITEM);
    } else if (schema.type().equals("array")) {
      complaints.required(Paths.child(path, "items"), "must be specified");
    }
    schema.properties().values().forEach(property -> checkNode(property, Level.FIELD));
    if (schema.hasAdditional() && level == Level.ROOT) {
      complaints.forbidden(
          Paths.child(path, "additionalProperties"), "must not be used at the root");
    }
    Schema values = schema.values();
    if (values != null) {
      checkNode(values, Level.FIELD);
    }
    checkIntOrString(schema);
    checkJunctors(schema, intOrStringBranches(schema));
    checkType(schema, level);
    checkMetadata(schema, level);
  }

  private void checkIntOrString(Schema schema) {
    String path = schema.path();
    if (!schema.extensions().intOrString()) {
      return;
    }
    if (schema.extensions().preserveUnknown()) {
      isTrue(
          Paths.child(path, "x-kubernetes-preserve-unknown-fields"),
          "must be false if x-kubernetes-int-or-string is true");
    }
    if (schema.extensions().embedded()) {
      isTrue(
          Paths.child(path, "x-kubernetes-embedded-resource"),
          "must be false if x-kubernetes-int-or-string is true");
    }
  }

  private void isTrue(String path, String detail) {
    complaints.invalid(path, BooleanNode.TRUE, detail);
  }

  private void checkType(Schema schema, Level level) {
    String path = Paths.child(schema.path(), "type");
    boolean embedded = schema.extensions().embedded();
    if (embedded && !schema.type().equals("object")) {
      String detail = "must be object if x-kubernetes-embedded-resource is true";
      if (schema.type().isEmpty()) {
        complaints.required(path, detail);
      } else {
        complaints.invalid(path, schema.type(), detail);
      }
    } else if (schema.type().isEmpty()
        && !schema.extensions().intOrString()
        && !schema.extensions().preserveUnknown()) {
      complaints.required(
          path,
          switch (level) {
            case ROOT -> "must not be empty at the root";
            case ITEM -> "must not be empty for specified array items";
            case FIELD -> "must not be empty for specified object fields";
          });
    }
    if (level == Level.ROOT && !schema.type().isEmpty() && !schema.type().equals("object")) {
      complaints.invalid(path, schema.type(), "must be object at the root");
    }
    if (embedded && schema.hasAdditional()) {
      complaints.forbidden(
          Paths.child(schema.path(), "additionalProperties"),
          "must not be used if x-kubernetes-embedded-resource is set");
    }
    if (embedded && !schema.extensions().preserveUnknown() && schema.properties().isEmpty()) {
      complaints.required(
          Paths.child(schema.path(), "properties"),
          "must not be empty if x-kubernetes-embedded-resource is true without"
              + " x-kubernetes-preserve-unknown-fields");
    }
  }

  private void checkMetadata(Schema schema, Level level) {
    if (level != Level.ROOT && !schema.extensions().embedded()) {
      return;
    }
    for (String name : List.of("apiVersion", "kind")) {
      Schema property = schema.properties().get(name);
      if (property != null && !property.type().equals("string")) {
        complaints.invalid(Paths.child(property.path(), "type"), property.type(), "must be string");
      }
    }
    Schema metadata = schema.properties().get("metadata");
    if (metadata == null) {
      return;
    }
    if (!metadata.type().equals("object")) {
      complaints.invalid(Paths.child(metadata.path(), "type"), metadata.type(), "must be object");
    }
    if (level == Level.ROOT && !onlyNames(metadata)) {
      complaints.forbidden(
          metadata.path(),
          "must not specify anything other than name and generateName, but metadata is implicitly"
              + " specified");
    }
  }

  private static boolean onlyNames(Schema metadata) {
    Set<String> harmless = Set.of("type", "properties", "description", "title", "default");
    for (var member : metadata.source().properties()) {
      if (!harmless.contains(member.getKey())) {
        return false;
      }
    }
    return Set.of("name", "generateName").containsAll(metadata.properties().keySet());
  }

  /** The junctor in which int-or-string may name its two types once more. */
  private static List<Schema> intOrStringBranches(Schema schema) {
    if (!schema.extensions().intOrString()) {
      return List.of();
    }
    Schema.Junctors junctors = schema.junctors();
    if (namesBothTypes(junctors.anyOf())) {
      return junctors.anyOf();
    }
    return !junctors.allOf().isEmpty()
            && namesBothTypes(junctors.allOf().getFirst().junctors().anyOf())
        ? junctors.allOf().getFirst().junctors().anyOf()
        : List.of();
  }

  private static boolean namesBothTypes(List<Schema> branches) {
    return branches.size() == 2
        && branches.getFirst().source().size() == 1
        && branches.getLast().source().size() == 1
        && branches.getFirst().type().equals("integer")
        && branches.getLast().type().equals("string");
  }

  private void checkJunctors(Schema schema, List<Schema> excused) {
    Schema.Junctors junctors = schema.junctors();
    for (List<Schema> branches : List.of(junctors.anyOf(), junctors.allOf(), junctors.oneOf())) {
      for (Schema branch : branches) {
        if (!excused.contains(branch)) {
          checkBelowJunctor(branch, excused);
        }
      }
    }
    if (junctors.not() != null) {
      checkBelowJunctor(junctors.not(), excused);
    }
  }

  private void checkBelowJunctor(Schema schema, List<Schema> excused) {
    checkJunctors(schema, excused);
    if (schema.items() != null) {
      checkBelowJunctor(schema.items(), excused);
    }
    schema.properties().values().forEach(property -> checkBelowJunctor(property, excused));
    for (var member : schema.source().properties()) {
      String detail = FORBIDDEN_BELOW_JUNCTORS.get(member.getKey());
      if (detail != null && !isZero(member.getValue())) {
        complaints.forbidden(Paths.child(schema.path(), member.getKey()), detail);
      }
    }
    Schema metadata = schema.properties().get("metadata");
    if (metadata != null) {
      complaints.forbidden(metadata.path(), "must not be specified in a nested context");
    }
  }

  private static boolean isZero(JsonNode value) {
    return value.isNull()
        || (value.isTextual() && value.asText().isEmpty())
        || (value.isBoolean() && !value.booleanValue())
        || (value.isArray() && value.isEmpty());
  }

  /** What a junctor speaks of must be on the spine too. */
  private void checkComplete(Schema schema) {
    Schema.Junctors junctors = schema.junctors();
    for (List<Schema> branches : List.of(junctors.allOf(), junctors.anyOf(), junctors.oneOf())) {
      branches.forEach(branch -> checkOnSpine(branch, schema));
    }
    if (junctors.not() != null) {
      checkOnSpine(junctors.not(), schema);
    }
    schema.properties().values().forEach(this::checkComplete);
    if (schema.items() != null) {
      checkComplete(schema.items());
    }
    Schema values = schema.values();
    if (values != null) {
      checkComplete(values);
    }
  }

  private void checkOnSpine(Schema nested, Schema spine) {
    for (var property : nested.properties().entrySet()) {
      Schema onSpine = spine.properties().get(property.getKey());
      require(
          onSpine,
          Paths.key(Paths.child(spine.path(), "properties"), property.getKey()),
          property.getValue());
    }
    if (nested.items() != null) {
      require(spine.items(), Paths.child(spine.path(), "items"), nested.items());
    }
    Schema.Junctors junctors = nested.junctors();
    for (List<Schema> branches : List.of(junctors.allOf(), junctors.anyOf(), junctors.oneOf())) {
      branches.forEach(branch -> checkOnSpine(branch, spine));
    }
    if (junctors.not() != null) {
      checkOnSpine(junctors.not(), spine);
    }
  }

  private void require(@Nullable Schema onSpine, String path, Schema nested) {
    if (onSpine == null) {
      complaints.required(path, "because it is defined in " + nested.path());
    } else {
      checkOnSpine(nested, onSpine);
    }
  }
}
