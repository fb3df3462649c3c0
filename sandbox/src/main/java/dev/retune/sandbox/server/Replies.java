package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Answers that end an exchange, and the {@code metav1.Status} bodies some of them have. */
final class Replies {
  static final String JSON = "application/json";

  private Replies() {}

  static void json(HttpExchange exchange, int code, JsonNode tree) throws IOException {
    json(exchange, code, Json.write(tree));
  }

  static void json(HttpExchange exchange, int code, byte[] json) throws IOException {
    bytes(exchange, code, JSON, json);
  }

  static void text(HttpExchange exchange, int code, String text) throws IOException {
    bytes(exchange, code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  static void bytes(HttpExchange exchange, int code, String contentType, byte[] content)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", contentType);
    exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
    exchange.sendResponseHeaders(code, content.length == 0 ? -1 : content.length);
    if (content.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(content);
      }
    }
    exchange.close();
  }

  static void failure(HttpExchange exchange, ApiFailure failure) throws IOException {
    failure
        .details()
        .retryAfter()
        .ifPresent(after ->
            exchange.getResponseHeaders().set("Retry-After", Long.toString(wholeSeconds(after))));
    json(exchange, failure.code(), status(failure));
  }

  /** Texts for the user, which kubectl prints on stderr (RFC 7234 {@code Warning}, code 299). */
  static void warnings(HttpExchange exchange, List<String> warnings) {
    for (String warning : warnings) {
      String quoted = warning.replace("\\", "\\\\").replace("\"", "\\\"").replace('\n', ' ');
      exchange.getResponseHeaders().add("Warning", "299 - \"" + quoted + "\"");
    }
  }

  static ObjectNode status(ApiFailure failure) {
    ObjectNode status = status("Failure");
    status.put("message", failure.getMessage());
    status.put("reason", failure.reason());
    ApiFailure.Details from = failure.details();
    ObjectNode details = Json.object();
    putText(details, "name", from.name());
    putText(details, "group", from.group());
    putText(details, "kind", from.kind());
    if (!from.causes().isEmpty()) {
      ArrayNode causes = details.putArray("causes");
      from.causes()
          .forEach(cause -> {
            ObjectNode one = causes.addObject();
            putText(one, "reason", cause.type());
            one.put("message", cause.message());
            putText(one, "field", cause.path());
          });
    }
    from.retryAfter().ifPresent(after -> details.put("retryAfterSeconds", wholeSeconds(after)));
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    return status.put("code", failure.code());
  }

  /** What a deletion answers when the object is gone. */
  static ObjectNode deleted(ResourceType type, ObjectNode object) {
    ObjectNode status = status("Success");
    ObjectNode details = status.putObject("details");
    details.put("name", object.path("metadata").path("name").asText());
    putText(details, "group", type.group());
    details.put("kind", type.plural());
    details.put("uid", object.path("metadata").path("uid").asText());
    return status;
  }

  private static ObjectNode status(String outcome) {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", outcome);
  }

  private static void putText(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }

  private static long wholeSeconds(Duration duration) {
    return duration.plusNanos(999_999_999).toSeconds();
  }
}
