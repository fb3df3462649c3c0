package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.retune.sandbox.crd.Schema.Additional;
import dev.retune.sandbox.crd.Schema.Extensions;
import dev.retune.sandbox.crd.Schema.Junctors;
import dev.retune.sandbox.crd.Schema.Limits;
import dev.retune.sandbox.crd.Schema.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a JSONSchemaProps. Members of the wrong JSON type are complaints, not exceptions. */
final class SchemaReader {
  private final Complaints complaints;

  SchemaReader(Complaints complaints) {
    this.complaints = complaints;
  }

  Schema read(String path, ObjectNode node) {
    return new Schema(
        path,
        text(path, node, "type"),
        text(path, node, "format"),
        properties(path, node),
        object(path, node, "items")
            .map(items -> read(Paths.child(path, "items"), items))
            .orElse(null),
        additional(path, node),
        texts(path, node, "required"),
        flag(path, node, "nullable"),
        node.hasNonNull("default") ? node.get("default") : null,
        extensions(path, node),
        limits(path, node),
        new Junctors(
            list(path, node, "allOf"),
            list(path, node, "anyOf"),
            list(path, node, "oneOf"),
            object(path, node, "not").map(not -> read(Paths.child(path, "not"), not)).orElse(null)),
        rules(path, node),
        node);
  }

  private Map<String, Schema> properties(String path, ObjectNode node) {
    Map<String, Schema> properties = new LinkedHashMap<>();
    String at = Paths.child(path, "properties");
    ObjectNode members =
        object(path, node, "properties").orElseGet(JsonNodeFactory.instance::objectNode);
    for (var member : members.properties()) {
      schema(Paths.key(at, member.getKey()), member.getValue())
          .ifPresent(schema -> properties.put(member.getKey(), schema));
    }
    return properties;
  }

  private Additional additional(String path, ObjectNode node) {
    JsonNode value = node.path("additionalProperties");
    if (value.isBoolean()) {
      return new Additional.Any(value.booleanValue());
    }
    return object(path, node, "additionalProperties")
        .<Additional>map(schema ->
            new Additional.Values(read(Paths.child(path, "additionalProperties"), schema)))
        .orElseGet(Additional.Absent::new);
  }

  private List<Schema> list(String path, ObjectNode node, String name) {
    List<Schema> schemas = new ArrayList<>();
    ArrayNode items = array(path, node, name);
    for (int i = 0; i < items.size(); i++) {
      schema(Paths.index(Paths.child(path, name), i), items.get(i)).ifPresent(schemas::add);
    }
    return schemas;
  }

  private Optional<Schema> schema(String path, JsonNode node) {
    if (node instanceof ObjectNode object) {
      return Optional.of(read(path, object));
    }
    complaints.invalid(path, node, "must be a schema, which is an object");
    return Optional.empty();
  }

  private Extensions extensions(String path, ObjectNode node) {
    return new Extensions(
        flag(path, node, "x-kubernetes-preserve-unknown-fields"),
        flag(path, node, "x-kubernetes-int-or-string"),
        flag(path, node, "x-kubernetes-embedded-resource"),
        text(path, node, "x-kubernetes-list-type"),
        texts(path, node, "x-kubernetes-list-map-keys"),
        text(path, node, "x-kubernetes-map-type"));
  }

  private Limits limits(String path, ObjectNode node) {
    String patternText = text(path, node, "pattern");
    List<JsonNode> allowed = new ArrayList<>();
    array(path, node, "enum").forEach(allowed::add);
    return new Limits(
        number(path, node, "minimum"),
        flag(path, node, "exclusiveMinimum"),
        number(path, node, "maximum"),
        flag(path, node, "exclusiveMaximum"),
        number(path, node, "multipleOf"),
        count(path, node, "minLength"),
        count(path, node, "maxLength"),
        count(path, node, "minItems"),
        count(path, node, "maxItems"),
        count(path, node, "minProperties"),
        count(path, node, "maxProperties"),
        patternText,
        pattern(path, patternText),
        allowed);
  }

  private @Nullable Pattern pattern(String path, String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      complaints.invalid(
          Paths.child(path, "pattern"),
          text,
          "must be a valid regular expression, but isn't: " + e.getMessage());
      return null;
    }
  }

  private List<Rule> rules(String path, ObjectNode node) {
    List<Rule> rules = new ArrayList<>();
    String name = "x-kubernetes-validations";
    ArrayNode items = array(path, node, name);
    for (int i = 0; i < items.size(); i++) {
      String at = Paths.index(Paths.child(path, name), i);
      if (!(items.get(i) instanceof ObjectNode rule)) {
        complaints.invalid(at, items.get(i), "must be an object with a rule");
        continue;
      }
      rules.add(
          new Rule(
              at,
              text(at, rule, "rule"),
              text(at, rule, "message"),
              text(at, rule, "messageExpression"),
              text(at, rule, "reason"),
              text(at, rule, "fieldPath"),
              flag(at, rule, "optionalOldSelf"),
              rule.has("optionalOldSelf")));
    }
    return rules;
  }

  private Optional<ObjectNode> object(String path, ObjectNode node, String name) {
    JsonNode value = node.path(name);
    if (value instanceof ObjectNode object) {
      return Optional.of(object);
    }
    wrongUnlessAbsent(path, name, value, "an object");
    return Optional.empty();
  }

  private ArrayNode array(String path, ObjectNode node, String name) {
    JsonNode value = node.path(name);
    if (value instanceof ArrayNode array) {
      return array;
    }
    wrongUnlessAbsent(path, name, value, "a list");
    return JsonNodeFactory.instance.arrayNode();
  }

  private String text(String path, ObjectNode node, String name) {
    JsonNode value = node.path(name);
    if (value.isTextual()) {
      return value.asText();
    }
    wrongUnlessAbsent(path, name, value, "a string");
    return "";
  }

  private List<String> texts(String path, ObjectNode node, String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : array(path, node, name)) {
      if (item.isTextual()) {
        texts.add(item.asText());
      } else {
        wrongUnlessAbsent(path, name, item, "a list of strings");
      }
    }
    return texts;
  }

  private boolean flag(String path, ObjectNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isBoolean()) {
      wrongUnlessAbsent(path, name, value, "a boolean");
    }
    return value.asBoolean(false);
  }

  private @Nullable Double number(String path, ObjectNode node, String name) {
    JsonNode value = node.path(name);
    if (value.isNumber()) {
      return value.doubleValue();
    }
    wrongUnlessAbsent(path, name, value, "a number");
    return null;
  }

  private @Nullable Long count(String path, ObjectNode node, String name) {
    JsonNode value = node.path(name);
    if (value.isIntegralNumber()) {
      return value.longValue();
    }
    wrongUnlessAbsent(path, name, value, "an integer");
    return null;
  }

  private void wrongUnlessAbsent(String path, String name, JsonNode value, String expected) {
    if (!value.isMissingNode() && !value.isNull()) {
      complaints.invalid(Paths.child(path, name), value, "must be " + expected);
    }
  }
}
