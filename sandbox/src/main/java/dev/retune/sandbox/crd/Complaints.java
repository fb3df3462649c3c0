package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Field errors in the words of {@code k8s.io/apimachinery/pkg/util/validation/field}. A path that
 * is empty because the complaint is about no field in particular is written {@code <nil>}.
 */
final class Complaints {
  static final String NO_FIELD = "<nil>";

  private final List<FieldError> errors = new ArrayList<>();

  List<FieldError> all() {
    return errors;
  }

  boolean isEmpty() {
    return errors.isEmpty();
  }

  void add(FieldError error) {
    errors.add(error);
  }

  void addAll(List<FieldError> more) {
    errors.addAll(more);
  }

  void required(String path, String detail) {
    add(withDetail(path, "FieldValueRequired", "Required value", detail));
  }

  void forbidden(String path, String detail) {
    add(withDetail(path, "FieldValueForbidden", "Forbidden", detail));
  }

  void invalid(String path, String detail) {
    add(withDetail(path, "FieldValueInvalid", "Invalid value", detail));
  }

  void invalid(String path, JsonNode value, String detail) {
    add(withDetail(path, "FieldValueInvalid", "Invalid value: " + show(value), detail));
  }

  void invalid(String path, String value, String detail) {
    invalid(path, TextNode.valueOf(value), detail);
  }

  void typeInvalid(String path, JsonNode value, String detail) {
    add(withDetail(path, "FieldValueTypeInvalid", "Invalid value: " + show(value), detail));
  }

  void duplicate(String path, JsonNode value) {
    add(withDetail(path, "FieldValueDuplicate", "Duplicate value: " + show(value), ""));
  }

  void notSupported(String path, JsonNode value, List<String> supported) {
    String values = supported.stream().map(Complaints::quote).collect(Collectors.joining(", "));
    add(
        withDetail(
            path,
            "FieldValueNotSupported",
            "Unsupported value: " + show(value),
            "supported values: " + values));
  }

  void notSupported(String path, String value, List<String> supported) {
    notSupported(path, TextNode.valueOf(value), supported);
  }

  void tooLong(String path, long max) {
    add(
        withDetail(
            path, "FieldValueTooLong", "Too long", "may not be more than " + max + " bytes"));
  }

  void tooMany(String path, long actual, long max) {
    String items = max == 1 ? " item" : " items";
    add(
        withDetail(
            path, "FieldValueTooMany", "Too many: " + actual, "must have at most " + max + items));
  }

  void internal(String path, String detail) {
    add(withDetail(path, "InternalError", "Internal error", detail));
  }

  private static FieldError withDetail(String path, String type, String start, String detail) {
    String where = path.isEmpty() ? NO_FIELD : path;
    return new FieldError(where, type, detail.isEmpty() ? start : start + ": " + detail);
  }

  private static String show(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> quote(value.asText());
      case NULL, MISSING -> "null";
      default -> value.toString();
    };
  }

  /** Go's %q, as far as JSON's quoting agrees with it. */
  static String quote(String text) {
    return JsonNodeFactory.instance.textNode(text).toString();
  }
}
