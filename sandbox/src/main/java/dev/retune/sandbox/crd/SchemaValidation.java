package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.retune.sandbox.crd.Schema.Additional;
import dev.retune.sandbox.crd.Schema.Limits;
import dev.retune.sandbox.patch.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks a value against a schema with the results of {@code k8s.io/kube-openapi/pkg/validation}
 * and their translation in {@code k8s.io/apiextensions-apiserver/pkg/apiserver/validation}, with
 * ratcheting: what an update leaves as it was is not complained about (KEP-4008).
 */
final class SchemaValidation {
  private final String prefix;

  /**
   * @param prefix path of the value in the object; messages name fields below it without it, as API
   *     servers do for {@code status}
   */
  private SchemaValidation(String prefix) {
    this.prefix = prefix;
  }

  static List<FieldError> validate(
      Schema schema, JsonNode value, @Nullable JsonNode old, String prefix) {
    return new SchemaValidation(prefix).check(schema, value, old, "").complaints.all();
  }

  /**
   * Complaints, and how many checks a value passed, which finds the best of failed alternatives.
   */
  private static final class Outcome {
    final Complaints complaints = new Complaints();
    int passed;

    boolean isValid() {
      return complaints.isEmpty();
    }

    void merge(Outcome other) {
      complaints.addAll(other.complaints.all());
      passed += other.passed;
    }
  }

  private Outcome check(Schema schema, JsonNode value, @Nullable JsonNode old, String path) {
    Outcome outcome = new Outcome();
    boolean typed = checkType(schema, value, path, outcome);
    if (value.isNull()) {
      checkEnum(schema.limits(), value, path, outcome);
    } else {
      outcome.passed += typed ? 3 : 1;
      checkJunctors(schema, value, path, outcome);
      checkScalar(schema, value, path, outcome);
      if (value instanceof ArrayNode list) {
        checkList(schema, list, old, path, outcome);
      }
      checkEnum(schema.limits(), value, path, outcome);
      if (value instanceof ObjectNode map) {
        checkMap(schema, map, old, path, outcome);
      }
    }
    return !outcome.isValid() && old != null && Json.same(old, value) ? new Outcome() : outcome;
  }

  private boolean checkType(Schema schema, JsonNode value, String path, Outcome outcome) {
    List<String> types = schema.types();
    String format = Formats.enforced(schema);
    String actual = typeOf(value);
    if (value.isNull()) {
      if (!types.isEmpty() && !schema.nullable()) {
        wrongType(outcome, path, String.join(",", types), "null");
        return false;
      }
      return true;
    }
    boolean fits =
        types.contains(actual)
            || (actual.equals("number") && types.contains("integer") && isWhole(value))
            || (actual.equals("integer") && types.contains("number"));
    boolean scalarOrList = value.isTextual() || value.isArray();
    boolean numeric = types.contains("number") || types.contains("integer");
    if (!scalarOrList && !format.isEmpty() && !fits) {
      wrongType(outcome, path, format, formatOf(value));
      return false;
    }
    if (types.isEmpty() || (!numeric && !format.isEmpty() && scalarOrList) || fits) {
      return true;
    }
    wrongType(outcome, path, String.join(",", types), actual);
    return false;
  }

  private void wrongType(Outcome outcome, String path, String expected, String actual) {
    outcome.complaints.typeInvalid(
        full(path),
        TextNode.valueOf(actual),
        "%s in body must be of type %s: %s".formatted(path, expected, Complaints.quote(actual)));
  }

  private void checkScalar(Schema schema, JsonNode value, String path, Outcome outcome) {
    if (value.isTextual()) {
      outcome.passed++;
      checkString(schema.limits(), value.asText(), path, outcome);
      checkFormat(schema, value.asText(), path, outcome);
    } else if (value.isNumber()) {
      outcome.passed += 2;
      checkNumber(schema, value, path, outcome);
    }
  }

  private void checkString(Limits limits, String text, String path, Outcome outcome) {
    int length = text.codePointCount(0, text.length());
    Long max = limits.maxLength();
    Long min = limits.minLength();
    if (max != null && length > max) {
      outcome.complaints.tooLong(full(path), max);
    } else if (min != null && length < min) {
      invalid(outcome, path, text, "should be at least %d chars long".formatted(min));
    } else if (limits.pattern() != null && !limits.pattern().matcher(text).find()) {
      invalid(outcome, path, text, "should match '%s'".formatted(limits.patternText()));
    }
  }

  private void checkFormat(Schema schema, String text, String path, Outcome outcome) {
    String format = Formats.enforced(schema);
    if (!format.isEmpty() && !Formats.isFormatOfNumbers(format)) {
      outcome.passed++;
      if (!Formats.matches(format, text)) {
        String found = Complaints.quote(text);
        outcome.complaints.typeInvalid(
            full(path),
            TextNode.valueOf(text),
            "%s in body must be of type %s: %s".formatted(path, format, found));
      }
    }
  }

  private void checkNumber(Schema schema, JsonNode value, String path, Outcome outcome) {
    if (schema.types().equals(List.of("integer"))
        && schema.format().equals("int32")
        && isWhole(value)
        && (value.doubleValue() > Integer.MAX_VALUE || value.doubleValue() < Integer.MIN_VALUE)) {
      outcome.complaints.invalid(
          prefix, "", "Checked value must be of type integer with format int32 in " + path);
    }
    Limits limits = schema.limits();
    Double factor = limits.multipleOf();
    if (factor != null && !isMultiple(value, factor)) {
      invalid(outcome, path, value, "should be a multiple of " + number(factor));
    }
    Double max = limits.maximum();
    if (max != null
        && (value.doubleValue() > max
            || (limits.exclusiveMaximum() && value.doubleValue() == max))) {
      String than = limits.exclusiveMaximum() ? "less than " : "less than or equal to ";
      invalid(outcome, path, value, "should be " + than + number(max));
    }
    Double min = limits.minimum();
    if (min != null
        && (value.doubleValue() < min
            || (limits.exclusiveMinimum() && value.doubleValue() == min))) {
      String than = limits.exclusiveMinimum() ? "greater than " : "greater than or equal to ";
      invalid(outcome, path, value, "should be " + than + number(min));
    }
  }

  private void checkEnum(Limits limits, JsonNode value, String path, Outcome outcome) {
    outcome.passed++;
    if (limits.allowed().isEmpty()
        || (!value.isNull()
            && limits.allowed().stream().anyMatch(each -> Json.same(each, value)))) {
      return;
    }
    List<String> texts =
        limits.allowed().stream()
            .map(each -> each.isTextual() ? each.asText() : each.toString())
            .toList();
    outcome.complaints.notSupported(full(path), value, texts);
  }

  private void checkList(
      Schema schema, ArrayNode list, @Nullable JsonNode old, String path, Outcome outcome) {
    outcome.passed += 2;
    Schema items = schema.items();
    if (items != null) {
      for (int i = 0; i < list.size(); i++) {
        JsonNode oldItem = Correlation.item(schema, old, list.get(i));
        outcome.merge(check(items, list.get(i), oldItem, Paths.index(path, i)));
      }
    }
    Limits limits = schema.limits();
    Long min = limits.minItems();
    if (min != null && list.size() < min) {
      invalid(
          outcome,
          path,
          LongNode.valueOf(list.size()),
          "should have at least %d items".formatted(min));
    }
    Long max = limits.maxItems();
    if (max != null && list.size() > max) {
      outcome.complaints.tooMany(full(path), list.size(), max);
    }
  }

  private void checkMap(
      Schema schema, ObjectNode map, @Nullable JsonNode old, String path, Outcome outcome) {
    outcome.passed++;
    Limits limits = schema.limits();
    Long min = limits.minProperties();
    if (min != null && map.size() < min) {
      invalid(
          outcome,
          path,
          LongNode.valueOf(map.size()),
          "should have at least %d properties".formatted(min));
    }
    Long max = limits.maxProperties();
    if (max != null && map.size() > max) {
      outcome.complaints.tooMany(full(path), map.size(), max);
    }
    if (schema.additional() instanceof Additional.Any(boolean allowed) && !allowed) {
      for (var field : map.properties()) {
        if (!schema.properties().containsKey(field.getKey())) {
          outcome.complaints.invalid(
              full(path),
              field.getKey(),
              "%s.%s in body is a forbidden property".formatted(path, field.getKey()));
        }
      }
    }
    for (var field : map.properties()) {
      Schema property = schema.property(field.getKey());
      if (property != null) {
        boolean typeMeta =
            path.isEmpty()
                && (field.getKey().equals("kind") || field.getKey().equals("apiVersion"));
        JsonNode oldField = typeMeta ? null : Correlation.field(old, field.getKey());
        String at = Paths.child(path, field.getKey());
        outcome.merge(check(property, field.getValue(), oldField, at));
      }
    }
    for (String name : schema.required()) {
      if (!map.has(name)) {
        outcome.complaints.required(full(Paths.child(path, name)), "");
      }
    }
  }

  private void checkJunctors(Schema schema, JsonNode value, String path, Outcome outcome) {
    outcome.passed += 2;
    Schema.Junctors junctors = schema.junctors();
    if (junctors.isEmpty()) {
      return;
    }
    if (!junctors.anyOf().isEmpty()) {
      List<Outcome> tried = tryAll(junctors.anyOf(), value, path);
      if (tried.stream().noneMatch(Outcome::isValid)) {
        whole(outcome, path, "must validate at least one schema (anyOf)");
        outcome.merge(best(tried));
      }
    }
    if (!junctors.oneOf().isEmpty()) {
      List<Outcome> tried = tryAll(junctors.oneOf(), value, path);
      long valid = tried.stream().filter(Outcome::isValid).count();
      if (valid == 0) {
        whole(outcome, path, "must validate one and only one schema (oneOf). Found none valid");
        outcome.merge(best(tried));
      } else if (valid > 1) {
        whole(
            outcome,
            path,
            "must validate one and only one schema (oneOf). Found %d valid alternatives"
                .formatted(valid));
      }
    }
    if (!junctors.allOf().isEmpty()) {
      List<Outcome> tried = tryAll(junctors.allOf(), value, path);
      tried.forEach(outcome::merge);
      if (tried.stream().noneMatch(Outcome::isValid)) {
        whole(outcome, path, "must validate all the schemas (allOf). None validated");
      } else if (!tried.stream().allMatch(Outcome::isValid)) {
        whole(outcome, path, "must validate all the schemas (allOf)");
      }
    }
    if (junctors.not() != null && check(junctors.not(), value, null, path).isValid()) {
      whole(outcome, path, "must not validate the schema (not)");
    }
  }

  private List<Outcome> tryAll(List<Schema> schemas, JsonNode value, String path) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Schema schema : schemas) {
      outcomes.add(check(schema, value, null, path));
    }
    return outcomes;
  }

  private static Outcome best(List<Outcome> failed) {
    Outcome best = failed.getFirst();
    for (Outcome each : failed) {
      if (each.passed > best.passed) {
        best = each;
      }
    }
    return best;
  }

  /** A complaint about a combination of schemas, which API servers attach to no field. */
  private void whole(Outcome outcome, String path, String what) {
    outcome.complaints.invalid(prefix, "", Complaints.quote(path) + " " + what);
  }

  private void invalid(Outcome outcome, String path, String value, String what) {
    invalid(outcome, path, TextNode.valueOf(value), what);
  }

  private void invalid(Outcome outcome, String path, JsonNode value, String what) {
    outcome.complaints.invalid(full(path), value, path + " in body " + what);
  }

  private String full(String path) {
    return prefix.isEmpty() || path.isEmpty() ? prefix + path : prefix + "." + path;
  }

  static boolean isWhole(JsonNode value) {
    double number = value.doubleValue();
    return value.isIntegralNumber() || (number == Math.rint(number) && !Double.isInfinite(number));
  }

  private static boolean isMultiple(JsonNode value, double factor) {
    if (factor <= 0) {
      return false;
    }
    if (value.isIntegralNumber() && factor == Math.rint(factor)) {
      return value.longValue() % (long) factor == 0;
    }
    double times = factor < 1 ? 1 / factor * value.doubleValue() : value.doubleValue() / factor;
    return Math.abs(times - Math.rint(times)) < 1e-9 * Math.max(1, Math.abs(times));
  }

  /** A float as Go's %v writes it. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e21
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }

  static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING, BINARY -> "string";
      case BOOLEAN -> "boolean";
      case ARRAY -> "array";
      case OBJECT, POJO -> "object";
      case NULL, MISSING -> "null";
      case NUMBER -> value.isIntegralNumber() && value.canConvertToLong() ? "integer" : "number";
    };
  }

  private static String formatOf(JsonNode value) {
    return switch (typeOf(value)) {
      case "integer" -> "int64";
      case "number" -> "float64";
      default -> "";
    };
  }
}
