package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.Column;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Objects as {@code meta.k8s.io/v1} Tables, which is how kubectl wants what it prints. */
final class Tables {
  private final Clock clock;

  Tables(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param includeObject what each row carries besides its cells: {@code None}, {@code Metadata} or
   *     {@code Object}
   * @param withColumns false for the later events of a watch
   */
  ObjectNode table(
      ResourceType type,
      List<ObjectNode> objects,
      String includeObject,
      ObjectNode metadata,
      boolean withColumns) {
    ObjectNode table = Json.object();
    table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.set("metadata", metadata);
    ArrayNode columns = table.putArray("columnDefinitions");
    if (withColumns) {
      columns(type).forEach(column -> describe(columns.addObject(), column));
    }
    Instant now = clock.instant();
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      for (Optional<Object> cell : cells(type, object, now)) {
        cells.add(Json.MAPPER.<JsonNode>valueToTree(cell.orElse(null)));
      }
      switch (includeObject) {
        case "None" -> {}
        case "Object" -> row.set("object", object);
        default -> row.set("object", Representation.metadataOnly(object));
      }
    }
    return table;
  }

  private static List<Column> columns(ResourceType type) {
    return type.definition()
        .map(definition -> definition.columns(type.version()))
        .orElseGet(() -> BuiltInColumns.of(type).columns());
  }

  private static List<Optional<Object>> cells(ResourceType type, ObjectNode object, Instant now) {
    return type.definition()
        .map(definition -> definition.cells(object, type.version(), now))
        .orElseGet(() -> BuiltInColumns.of(type).cells(object, now));
  }

  private static void describe(ObjectNode node, Column column) {
    node.put("name", column.name()).put("type", column.type()).put("format", column.format());
    node.put("description", column.description()).put("priority", column.priority());
  }
}
