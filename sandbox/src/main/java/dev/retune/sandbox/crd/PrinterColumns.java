package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A version's {@code additionalPrinterColumns}; the age alone when it has none. */
final class PrinterColumns {
  private static final Column NAME =
      new Column(
          "Name",
          "string",
          "name",
          "Name must be unique within a namespace and cannot be changed.",
          0);

  private record Printed(Column column, JsonPath path) {}

  private final List<Printed> columns;

  private PrinterColumns(List<Printed> columns) {
    this.columns = columns;
  }

  /** Reads a version's columns; complaints name their place in the definition. */
  static PrinterColumns compile(String versionPath, JsonNode version, Complaints complaints) {
    List<Printed> columns = new ArrayList<>();
    JsonNode given = version.path("additionalPrinterColumns");
    JsonNode written = given.isEmpty() ? ageOnly() : given;
    for (int i = 0; i < written.size(); i++) {
      JsonNode column = written.get(i);
      String text = column.path("jsonPath").asText();
      Optional<JsonPath> path = JsonPath.parse(text);
      if (path.isEmpty() && text.startsWith(".")) {
        complaints.invalid(
            Paths.index(Paths.child(versionPath, "additionalPrinterColumns"), i) + ".JSONPath",
            text,
            "unrecognized column definition");
      }
      path.ifPresent(p -> columns.add(new Printed(column(column, text), p)));
    }
    return new PrinterColumns(columns);
  }

  private static ArrayNode ageOnly() {
    ArrayNode columns = JsonNodeFactory.instance.arrayNode();
    columns
        .addObject()
        .put("name", "Age")
        .put("type", "date")
        .put("jsonPath", ".metadata.creationTimestamp")
        .put(
            "description",
            "CreationTimestamp is a timestamp representing the server time when this object was"
                + " created.");
    return columns;
  }

  private static Column column(JsonNode column, String path) {
    String description = column.path("description").asText();
    return new Column(
        column.path("name").asText(),
        column.path("type").asText(),
        column.path("format").asText(),
        description.isEmpty()
            ? "Custom resource definition column (in JSONPath format): " + path
            : description,
        column.path("priority").asInt());
  }

  List<Column> columns() {
    List<Column> all = new ArrayList<>();
    all.add(NAME);
    columns.forEach(printed -> all.add(printed.column()));
    return all;
  }

  List<Optional<Object>> cells(ObjectNode object, Instant now) {
    List<Optional<Object>> cells = new ArrayList<>();
    cells.add(Optional.of(object.path("metadata").path("name").asText()));
    for (Printed printed : columns) {
      cells.add(
          printed.path().first(object).flatMap(value -> cell(printed.column().type(), value, now)));
    }
    return cells;
  }

  private static Optional<Object> cell(String type, JsonNode value, Instant now) {
    return switch (type) {
      case "string" -> Optional.of(value.isContainerNode() ? value.toString() : value.asText());
      case "integer" -> value.isNumber() ? Optional.of(value.longValue()) : Optional.empty();
      case "number" -> value.isNumber() ? Optional.of(value.doubleValue()) : Optional.empty();
      case "boolean" -> value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
      case "date" ->
          value.isTextual()
              ? Optional.of(
                  Times.parseInstant(value.asText())
                      .map(then -> Times.age(Duration.between(then, now)))
                      .orElse("<invalid>"))
              : Optional.empty();
      default -> Optional.empty();
    };
  }
}
