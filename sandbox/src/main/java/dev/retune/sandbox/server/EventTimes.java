package dev.retune.sandbox.server;

import static dev.retune.sandbox.server.BuiltInColumns.or;
import static dev.retune.sandbox.server.BuiltInColumns.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Reads Events in both of their forms, core/v1 and events.k8s.io/v1. */
final class EventTimes {
  private EventTimes() {}

  static JsonNode about(JsonNode event) {
    return event.has("involvedObject") ? event.path("involvedObject") : event.path("regarding");
  }

  static String involved(JsonNode event) {
    return text(about(event), "kind").toLowerCase(Locale.ROOT) + "/" + text(about(event), "name");
  }

  static String message(JsonNode event) {
    return or(text(event, "message"), text(event, "note")).strip();
  }

  static String source(JsonNode event) {
    JsonNode source = event.has("source") ? event.path("source") : event.path("deprecatedSource");
    String component = or(text(source, "component"), text(event, "reportingComponent"));
    String host = text(source, "host");
    return host.isEmpty() ? component : component + ", " + host;
  }

  static String last(JsonNode event) {
    String series = text(event, "series", "lastObservedTime");
    String last = or(text(event, "lastTimestamp"), text(event, "deprecatedLastTimestamp"));
    return or(series, or(last, first(event)));
  }

  static String first(JsonNode event) {
    String first = or(text(event, "firstTimestamp"), text(event, "deprecatedFirstTimestamp"));
    return or(first, text(event, "eventTime"));
  }

  static String count(JsonNode event) {
    String series = text(event, "series", "count");
    String count = or(text(event, "count"), text(event, "deprecatedCount"));
    return or(or(series, count), "1");
  }
}
