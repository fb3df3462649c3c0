package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One node of an OpenAPI v3 schema as apiextensions.k8s.io/v1 knows it. The same type serves the
 * structural spine and what stands below allOf, anyOf, oneOf and not.
 *
 * @param path where the node is in the definition
 * @param type {@code object}, {@code array}, {@code string}, {@code integer}, {@code number},
 *     {@code boolean} or empty
 * @param format the format as written
 * @param source the node as written
 */
record Schema(
    String path,
    String type,
    String format,
    Map<String, Schema> properties,
    @Nullable Schema items,
    Additional additional,
    List<String> required,
    boolean nullable,
    @Nullable JsonNode defaultValue,
    Extensions extensions,
    Limits limits,
    Junctors junctors,
    List<Rule> rules,
    ObjectNode source) {

  /** What {@code additionalProperties} says. */
  sealed interface Additional {
    /** Not there. */
    record Absent() implements Additional {}

    /** A boolean. */
    record Any(boolean allowed) implements Additional {}

    /** A schema for the values. */
    record Values(Schema schema) implements Additional {}
  }

  /** The {@code x-kubernetes-} extensions but the rules. */
  record Extensions(
      boolean preserveUnknown,
      boolean intOrString,
      boolean embedded,
      String listType,
      List<String> mapKeys,
      String mapType) {}

  /** What limits the values. */
  record Limits(
      @Nullable Double minimum,
      boolean exclusiveMinimum,
      @Nullable Double maximum,
      boolean exclusiveMaximum,
      @Nullable Double multipleOf,
      @Nullable Long minLength,
      @Nullable Long maxLength,
      @Nullable Long minItems,
      @Nullable Long maxItems,
      @Nullable Long minProperties,
      @Nullable Long maxProperties,
      String patternText,
      @Nullable Pattern pattern,
      List<JsonNode> allowed) {}

  /** How other schemas are combined. */
  record Junctors(
      List<Schema> allOf, List<Schema> anyOf, List<Schema> oneOf, @Nullable Schema not) {
    boolean isEmpty() {
      return allOf.isEmpty() && anyOf.isEmpty() && oneOf.isEmpty() && not == null;
    }
  }

  /**
   * One of {@code x-kubernetes-validations}.
   *
   * @param path where the rule is in the definition
   * @param reason the error type, {@code FieldValueInvalid} when none is given
   */
  record Rule(
      String path,
      String expression,
      String message,
      String messageExpression,
      String reason,
      String fieldPath,
      boolean optionalOldSelf,
      boolean optionalOldSelfGiven) {}

  boolean isAtomicMap() {
    return extensions.mapType().equals("atomic");
  }

  boolean isKeyedList() {
    return extensions.listType().equals("map");
  }

  /** The schema of additionalProperties' values; null when there is none. */
  @Nullable Schema values() {
    return additional instanceof Additional.Values values ? values.schema() : null;
  }

  boolean hasAdditional() {
    return !(additional instanceof Additional.Absent);
  }

  /** The schema of an object's field: its own or that of all others; null when there is none. */
  @Nullable Schema property(String name) {
    Schema own = properties.get(name);
    return own != null ? own : values();
  }

  /** The types a value may have, with int-or-string's two. */
  List<String> types() {
    if (extensions.intOrString()) {
      return List.of("integer", "string");
    }
    return type.isEmpty() ? List.of() : List.of(type);
  }
}
