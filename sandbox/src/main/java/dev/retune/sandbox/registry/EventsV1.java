package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code events.k8s.io/v1}: the core Events under the names of KEP-383 ({@code regarding}, {@code
 * note}, {@code reportingController} and the {@code deprecated*} fields).
 */
final class EventsV1 {
  private static final Map<String, String> STORED_NAMES =
      Map.of(
          "regarding", "involvedObject",
          "note", "message",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  static final ResourceType TYPE =
      new ResourceType(
          "events.k8s.io",
          "v1",
          new ResourceType.Names("events", "event", "Event", "EventList", List.of("ev"), List.of()),
          true,
          Set.of(),
          Set.of(ResourceType.Trait.UNCONDITIONAL_UPDATE, ResourceType.Trait.CREATE_ON_UPDATE),
          Map.of(
              "regarding.kind", "involvedObject.kind",
              "regarding.name", "involvedObject.name",
              "regarding.namespace", "involvedObject.namespace",
              "regarding.uid", "involvedObject.uid",
              "reason", "reason",
              "type", "type"),
          Rules.NONE,
          new ResourceType.Conversion(false, EventsV1::toStored, EventsV1::fromStored),
          Optional.empty());

  private EventsV1() {}

  private static ObjectNode toStored(ObjectNode event) {
    ObjectNode stored = event.objectNode();
    for (Map.Entry<String, JsonNode> field : event.properties()) {
      stored.set(STORED_NAMES.getOrDefault(field.getKey(), field.getKey()), field.getValue());
    }
    stored.put("apiVersion", "v1");
    return stored;
  }

  private static ObjectNode fromStored(ObjectNode stored) {
    ObjectNode event = stored.deepCopy();
    STORED_NAMES.forEach((ours, core) -> {
      JsonNode value = event.remove(core);
      if (value != null) {
        event.set(ours, value);
      }
    });
    event.put("apiVersion", "events.k8s.io/v1");
    return event;
  }
}
