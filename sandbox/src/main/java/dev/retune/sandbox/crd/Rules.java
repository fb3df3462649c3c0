package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import dev.retune.sandbox.crd.Schema.Rule;
import dev.retune.sandbox.patch.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The compiled {@code x-kubernetes-validations} of a schema and all below it ({@code
 * apiextensions-apiserver/pkg/apiserver/schema/cel}). There is an instance only for places that
 * have rules, or have some below them.
 */
final class Rules {
  private final Schema schema;
  private final boolean resource;
  private final List<CompiledRule> own;
  private final Map<String, Rules> properties;
  private final @Nullable Rules items;
  private final @Nullable Rules values;

  private Rules(
      Schema schema,
      boolean resource,
      List<CompiledRule> own,
      Map<String, Rules> properties,
      @Nullable Rules items,
      @Nullable Rules values) {
    this.schema = schema;
    this.resource = resource;
    this.own = own;
    this.properties = properties;
    this.items = items;
    this.values = values;
  }

  /** Compiles all rules of a schema; empty when it has none. */
  static Optional<Rules> compile(Schema schema, boolean resource, Complaints complaints) {
    return Optional.ofNullable(
        compile(schema, resource, new CelTypes(), Optional.empty(), complaints));
  }

  Optional<Rules> ofProperty(String name) {
    return Optional.ofNullable(properties.get(name));
  }

  Optional<Rules> ofItems() {
    return Optional.ofNullable(items);
  }

  private static boolean anyIn(@Nullable Schema schema) {
    return schema != null
        && (!schema.rules().isEmpty()
            || anyIn(schema.items())
            || anyIn(schema.values())
            || schema.properties().values().stream().anyMatch(Rules::anyIn));
  }

  /**
   * @param uncorrelatable the path of the list whose items have no old value
   */
  private static @Nullable Rules compile(
      Schema schema,
      boolean resource,
      CelTypes types,
      Optional<String> uncorrelatable,
      Complaints complaints) {
    if (!anyIn(schema)) {
      return null;
    }
    CelType type = types.of(schema, resource);
    if (type == null) {
      if (!schema.rules().isEmpty()) {
        complaints.internal(
            Paths.child(schema.path(), "x-kubernetes-validations"),
            "failed to convert to declType for CEL validation rules");
      }
      return null;
    }
    List<CompiledRule> own = compileOwn(schema, type, types, uncorrelatable, complaints);
    Map<String, Rules> properties = new LinkedHashMap<>();
    for (var property : schema.properties().entrySet()) {
      Schema child = property.getValue();
      Rules rules =
          compile(child, child.extensions().embedded(), types, uncorrelatable, complaints);
      if (rules != null) {
        properties.put(property.getKey(), rules);
      }
    }
    Schema items = schema.items();
    Schema values = schema.values();
    Optional<String> below =
        schema.isKeyedList() || items == null
            ? uncorrelatable
            : uncorrelatable.or(() -> Optional.of(schema.path()));
    return new Rules(
        schema,
        resource,
        own,
        properties,
        items == null
            ? null
            : compile(items, items.extensions().embedded(), types, below, complaints),
        values == null
            ? null
            : compile(values, values.extensions().embedded(), types, uncorrelatable, complaints));
  }

  private static List<CompiledRule> compileOwn(
      Schema schema,
      CelType type,
      CelTypes types,
      Optional<String> uncorrelatable,
      Complaints complaints) {
    List<CompiledRule> compiled = new ArrayList<>();
    Map<Boolean, CelEnvironment> environments = new HashMap<>();
    for (Rule rule : schema.rules()) {
      if (rule.expression().isBlank()) {
        continue;
      }
      CelEnvironment environment =
          environments.computeIfAbsent(
              rule.optionalOldSelf(), optional -> new CelEnvironment(types, type, optional));
      CompiledRule.compile(environment, schema, rule, complaints)
          .ifPresent(result -> {
            compiled.add(result);
            checkOldSelf(result, uncorrelatable, complaints);
          });
    }
    return compiled;
  }

  private static void checkOldSelf(
      CompiledRule compiled, Optional<String> uncorrelatable, Complaints complaints) {
    Rule rule = compiled.rule();
    if (compiled.usesOldSelf() && uncorrelatable.isPresent()) {
      complaints.invalid(
          Paths.child(rule.path(), "rule"),
          rule.expression(),
          "oldSelf cannot be used on the uncorrelatable portion of the schema within "
              + uncorrelatable.get());
    } else if (!compiled.usesOldSelf() && rule.optionalOldSelfGiven()) {
      complaints.add(
          new FieldError(
              Paths.child(rule.path(), "optionalOldSelf"),
              "FieldValueInvalid",
              "Invalid value: "
                  + rule.optionalOldSelf()
                  + ": may not be set if oldSelf is not used in rule"));
    }
  }

  /**
   * The nearest part of the object, from a value upwards, that can be compared with the old object.
   */
  private record Compared(JsonNode value, @Nullable JsonNode old) {
    boolean isUnchanged() {
      return old != null && Json.same(value, old);
    }
  }

  /**
   * Evaluates all rules.
   *
   * @param path where {@code value} is in the object
   * @param old what {@code value} was before, null on create
   */
  List<FieldError> evaluate(JsonNode value, @Nullable JsonNode old, String path) {
    Complaints complaints = new Complaints();
    evaluate(value, old, new Compared(value, old), path, complaints);
    return complaints.all();
  }

  private void evaluate(
      JsonNode value,
      @Nullable JsonNode old,
      Compared compared,
      String path,
      Complaints complaints) {
    if (value.isNull()) {
      return;
    }
    evaluateOwn(value, old, compared, path, complaints);
    switch (value) {
      case ObjectNode map -> {
        for (var field : map.properties()) {
          boolean named = schema.properties().containsKey(field.getKey());
          Rules below = named ? properties.get(field.getKey()) : values;
          if (below != null) {
            JsonNode oldField = Correlation.field(old, field.getKey());
            Compared nearest =
                oldField == null && old == null
                    ? compared
                    : new Compared(field.getValue(), oldField);
            String at = named ? Paths.child(path, field.getKey()) : Paths.key(path, field.getKey());
            below.evaluate(field.getValue(), oldField, nearest, at, complaints);
          }
        }
      }
      case ArrayNode list -> {
        for (int i = 0; items != null && i < list.size(); i++) {
          JsonNode item = list.get(i);
          JsonNode oldItem = Correlation.item(schema, old, item);
          Compared nearest =
              schema.isKeyedList() && old != null ? new Compared(item, oldItem) : compared;
          items.evaluate(item, oldItem, nearest, Paths.index(path, i), complaints);
        }
      }
      default -> {}
    }
  }

  private void evaluateOwn(
      JsonNode value,
      @Nullable JsonNode old,
      Compared compared,
      String path,
      Complaints complaints) {
    if (own.isEmpty()) {
      return;
    }
    Object self = CelValues.of(schema, value, resource);
    Optional<Object> oldSelf =
        old == null || old.isNull()
            ? Optional.empty()
            : Optional.of(CelValues.of(schema, old, resource));
    for (CompiledRule rule : own) {
      boolean optional = rule.rule().optionalOldSelf();
      if (rule.usesOldSelf() && oldSelf.isEmpty() && !optional) {
        continue;
      }
      Map<String, Object> variables = new HashMap<>();
      variables.put(CelEnvironment.SELF, self);
      if (optional) {
        variables.put(CelEnvironment.OLD_SELF, oldSelf);
      } else {
        oldSelf.ifPresent(was -> variables.put(CelEnvironment.OLD_SELF, was));
      }
      evaluate(rule, variables, value, compared, path, complaints);
    }
  }

  private void evaluate(
      CompiledRule rule,
      Map<String, Object> variables,
      JsonNode value,
      Compared compared,
      String path,
      Complaints complaints) {
    try {
      if (rule.holds(variables) || (!rule.usesOldSelf() && compared.isUnchanged())) {
        return;
      }
    } catch (CelEvaluationException e) {
      complaints.invalid(path, schema.type(), rule.failure(e));
      return;
    }
    String at = rule.fieldPath().isEmpty() ? path : Paths.child(path, rule.fieldPath());
    String detail = rule.complaint(variables);
    boolean compound = schema.type().equals("object") || schema.type().equals("array");
    switch (rule.rule().reason()) {
      case "FieldValueForbidden" -> complaints.forbidden(at, detail);
      case "FieldValueRequired" -> complaints.required(at, detail);
      case "FieldValueDuplicate" -> complaints.duplicate(at, value);
      default -> {
        if (compound) {
          complaints.invalid(at, detail);
        } else {
          complaints.invalid(at, value, detail);
        }
      }
    }
  }
}
