package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.Schema.Additional;
import dev.retune.sandbox.crd.Schema.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks each node of a definition's schema for what apiextensions.k8s.io/v1 does not have or
 * refuses ({@code apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go}).
 */
final class SchemaChecks {
  private static final List<String> TYPES =
      List.of("array", "boolean", "integer", "number", "object", "string");
  private static final List<String> REASONS =
      List.of(
          "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");
  private static final Map<String, String> UNSUPPORTED =
      Map.of(
          "id", "id is not supported",
          "additionalItems", "additionalItems is not supported",
          "patternProperties", "patternProperties is not supported",
          "definitions", "definitions is not supported",
          "dependencies", "dependencies is not supported",
          "$ref", "$ref is not supported");
  private static final Set<String> ALLOWED_AT_ROOT_WITH_STATUS =
      Set.of(
          "description",
          "type",
          "format",
          "title",
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
          "required",
          "items",
          "properties",
          "externalDocs",
          "example",
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-validations");

  private final Complaints complaints;

  private SchemaChecks(Complaints complaints) {
    this.complaints = complaints;
  }

  static void check(Schema root, boolean statusSubresource, Complaints complaints) {
    SchemaChecks checks = new SchemaChecks(complaints);
    checks.checkRoot(root, statusSubresource);
    checks.checkNode(root, "", true);
  }

  private void checkRoot(Schema root, boolean statusSubresource) {
    if (root.nullable()) {
      complaints.forbidden(
          Paths.child(root.path(), "nullable"), "nullable cannot be true at the root");
    }
    if (!statusSubresource) {
      return;
    }
    for (var member : root.source().properties()) {
      if (!ALLOWED_AT_ROOT_WITH_STATUS.contains(member.getKey())) {
        complaints.invalid(
            root.path(),
            "field \"%s\" is not allowed at the root of the schema if the status subresource is enabled"
                .formatted(member.getKey()));
        return;
      }
    }
  }

  /**
   * @param noDefaults why defaults are forbidden here; empty when they are not
   */
  private void checkNode(Schema schema, String noDefaults, boolean root) {
    checkMembers(schema, noDefaults);
    checkAdditional(schema);
    checkLists(schema);
    checkRules(schema);
    for (var property : schema.properties().entrySet()) {
      boolean meta = root && Pruning.META_FIELDS.contains(property.getKey());
      checkNode(
          property.getValue(), meta ? "in top-level " + property.getKey() : noDefaults, false);
    }
    for (Schema below : children(schema)) {
      checkNode(below, noDefaults, false);
    }
  }

  private static List<Schema> children(Schema schema) {
    var children = new ArrayList<Schema>();
    addIfThere(children, schema.items());
    addIfThere(children, schema.values());
    children.addAll(schema.junctors().allOf());
    children.addAll(schema.junctors().anyOf());
    children.addAll(schema.junctors().oneOf());
    addIfThere(children, schema.junctors().not());
    return children;
  }

  private static void addIfThere(List<Schema> schemas, @Nullable Schema schema) {
    if (schema != null) {
      schemas.add(schema);
    }
  }

  private void checkMembers(Schema schema, String noDefaults) {
    String path = schema.path();
    ObjectNode source = schema.source();
    String typePath = Paths.child(path, "type");
    if (schema.type().equals("null")) {
      complaints.forbidden(typePath, "type cannot be set to null, use nullable as an alternative");
    } else if (!schema.type().isEmpty() && !TYPES.contains(schema.type())) {
      complaints.notSupported(typePath, schema.type(), TYPES);
    }
    if (schema.defaultValue() != null && !noDefaults.isEmpty()) {
      complaints.forbidden(Paths.child(path, "default"), "must not be set " + noDefaults);
    }
    UNSUPPORTED.forEach((member, detail) -> {
      if (source.hasNonNull(member)) {
        complaints.forbidden(Paths.child(path, member), detail);
      }
    });
    if (source.path("uniqueItems").asBoolean()) {
      complaints.forbidden(
          Paths.child(path, "uniqueItems"),
          "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
    }
    JsonNode preserve = source.path("x-kubernetes-preserve-unknown-fields");
    if (preserve.isBoolean() && !preserve.booleanValue()) {
      complaints.invalid(
          Paths.child(path, "x-kubernetes-preserve-unknown-fields"),
          BooleanNode.FALSE,
          "must be true or undefined");
    }
  }

  private void checkAdditional(Schema schema) {
    boolean open =
        schema.additional() instanceof Additional.Absent
            || (schema.additional() instanceof Additional.Any(boolean allowed) && allowed);
    if (!schema.properties().isEmpty() && !open) {
      complaints.forbidden(
          Paths.child(schema.path(), "additionalProperties"),
          "additionalProperties and properties are mutual exclusive");
    }
  }

  private void checkLists(Schema schema) {
    String path = schema.path();
    String mapType = schema.extensions().mapType();
    if (!mapType.isEmpty()) {
      mustBe(schema, "object", "x-kubernetes-map-type is specified");
      if (!mapType.equals("atomic") && !mapType.equals("granular")) {
        complaints.notSupported(
            Paths.child(path, "x-kubernetes-map-type"), mapType, List.of("atomic", "granular"));
      }
    }
    String listType = schema.extensions().listType();
    if (!listType.isEmpty()) {
      mustBe(schema, "array", "x-kubernetes-list-type is specified");
    }
    if (!List.of("", "atomic", "set", "map").contains(listType)) {
      complaints.notSupported(
          Paths.child(path, "x-kubernetes-list-type"), listType, List.of("atomic", "set", "map"));
    }
    if (!schema.extensions().mapKeys().isEmpty() && !listType.equals("map")) {
      String detail = "must be map if x-kubernetes-list-map-keys is non-empty";
      String at = Paths.child(path, "x-kubernetes-list-type");
      if (listType.isEmpty()) {
        complaints.required(at, detail);
      } else {
        complaints.invalid(at, listType, detail);
      }
    }
    Schema items = schema.items();
    if (items != null && (listType.equals("set") || listType.equals("map")) && items.nullable()) {
      complaints.forbidden(
          Paths.child(items.path(), "nullable"),
          "cannot be nullable when x-kubernetes-list-type is " + listType);
    }
    if (listType.equals("set") && items != null) {
      checkSetItems(items);
    } else if (listType.equals("map")) {
      checkKeyedList(schema);
    }
  }

  private void mustBe(Schema schema, String type, String why) {
    String path = Paths.child(schema.path(), "type");
    if (schema.type().isEmpty()) {
      complaints.required(path, "must be " + type + " if " + why);
    } else if (!schema.type().equals(type)) {
      complaints.invalid(path, schema.type(), "must be " + type + " if " + why);
    }
  }

  private void checkSetItems(Schema items) {
    String listType = items.extensions().listType();
    if (items.type().equals("array") && !listType.isEmpty() && !listType.equals("atomic")) {
      complaints.invalid(
          Paths.child(items.path(), "x-kubernetes-list-type"),
          listType,
          "must be atomic as item of a list with x-kubernetes-list-type=set");
    } else if (items.type().equals("object") && !items.isAtomicMap()) {
      complaints.invalid(
          Paths.child(items.path(), "x-kubernetes-map-type"),
          items.source().path("x-kubernetes-map-type"),
          "must be atomic as item of a list with x-kubernetes-list-type=set");
    }
  }

  private void checkKeyedList(Schema schema) {
    String keysPath = Paths.child(schema.path(), "x-kubernetes-list-map-keys");
    List<String> keys = schema.extensions().mapKeys();
    JsonNode written = schema.source().path("x-kubernetes-list-map-keys");
    if (keys.isEmpty()) {
      complaints.required(keysPath, "must not be empty if x-kubernetes-list-type is map");
    }
    Schema items = schema.items();
    if (items == null) {
      complaints.required(
          Paths.child(schema.path(), "items"),
          "must have a schema if x-kubernetes-list-type is map");
      return;
    }
    if (!items.type().equals("object")) {
      complaints.invalid(
          Paths.child(items.path(), "type"),
          items.type(),
          "must be object if parent array's x-kubernetes-list-type is map");
      return;
    }
    Set<String> seen = new HashSet<>();
    for (String key : keys) {
      Schema property = items.properties().get(key);
      if (!seen.add(key)) {
        complaints.invalid(keysPath, written, "must not contain duplicate entries");
      }
      if (property == null) {
        complaints.invalid(keysPath, written, "entries must all be names of item properties");
      } else {
        checkKey(items, key, property);
      }
    }
  }

  private void checkKey(Schema items, String key, Schema property) {
    if (property.type().equals("array") || property.type().equals("object")) {
      complaints.invalid(
          Paths.child(property.path(), "type"),
          items.type(),
          "must be a scalar type if parent array's x-kubernetes-list-type is map");
    }
    if (!items.required().contains(key) && property.defaultValue() == null) {
      complaints.required(
          Paths.child(property.path(), "default"),
          "this property is in x-kubernetes-list-map-keys, so it must have a default or be a"
              + " required property");
    }
    if (property.nullable()) {
      complaints.forbidden(
          Paths.child(property.path(), "nullable"),
          "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
    }
  }

  private void checkRules(Schema schema) {
    for (Rule rule : schema.rules()) {
      String message = rule.message().strip();
      String messagePath = Paths.child(rule.path(), "message");
      if (rule.expression().isBlank()) {
        complaints.required(Paths.child(rule.path(), "rule"), "rule is not specified");
      } else if (!rule.message().isEmpty() && message.isEmpty()) {
        complaints.invalid(messagePath, rule.message(), "must be non-empty if specified");
      } else if (hasNewlines(message)) {
        complaints.invalid(messagePath, rule.message(), "must not contain line breaks");
      } else if (hasNewlines(rule.expression().strip()) && message.isEmpty()) {
        complaints.required(messagePath, "message must be specified if rule contains line breaks");
      }
      if (!rule.messageExpression().isEmpty() && rule.messageExpression().isBlank()) {
        complaints.required(
            Paths.child(rule.path(), "messageExpression"),
            "messageExpression must be non-empty if specified");
      }
      if (!rule.reason().isEmpty() && !REASONS.contains(rule.reason())) {
        complaints.notSupported(Paths.child(rule.path(), "reason"), rule.reason(), REASONS);
      }
      checkFieldPath(schema, rule);
    }
  }

  private void checkFieldPath(Schema schema, Rule rule) {
    String at = Paths.child(rule.path(), "fieldPath");
    String path = rule.fieldPath();
    if (path.isEmpty()) {
      return;
    }
    if (path.isBlank()) {
      complaints.invalid(at, path, "must be non-empty if specified");
    } else if (hasNewlines(path)) {
      complaints.invalid(at, path, "must not contain line breaks");
    }
    if (FieldPath.normalize(schema, path).isEmpty()) {
      complaints.invalid(at, path, "must be a valid path");
    }
  }

  private static boolean hasNewlines(String text) {
    return text.contains("\n") || text.contains("\r");
  }
}
