package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Json;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.RevisionExpired;
import dev.retune.sandbox.store.Selection;
import dev.retune.sandbox.store.Shelf;
import dev.retune.sandbox.store.Snapshot;
import dev.retune.sandbox.store.Stored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Lists, whole or in pages. Every page of one list shows the same revision: a later page is taken
 * from the past, as far as the store remembers it.
 */
final class Lists {
  private static final String TOKEN_VERSION = "meta.k8s.io/v1";

  private final Registry registry;

  Lists(Registry registry) {
    this.registry = registry;
  }

  private record Position(long revision, Key after) {}

  void serve(Request request, ResourceType type, Selection selection) throws IOException {
    Query query = request.query();
    Optional<Position> position = query.text("continue").map(Lists::decode);
    Snapshot snapshot = snapshot(registry.shelf(type), query, selection, position);
    List<Stored> matching =
        snapshot.objects().stream()
            .filter(stored -> position.map(p -> stored.key().compareTo(p.after()) > 0).orElse(true))
            .filter(selection::matches)
            .toList();
    ObjectNode metadata = Json.object();
    metadata.put("resourceVersion", Long.toString(snapshot.revision()));
    long limit = query.number("limit").orElse(0L);
    List<Stored> page = matching;
    if (limit > 0 && matching.size() > limit) {
      page = matching.subList(0, (int) limit);
      metadata.put("continue", encode(snapshot.revision(), page.getLast().key()));
      if (selection.content().isEmpty()) {
        metadata.put("remainingItemCount", matching.size() - limit);
      }
    }
    Representation representation = Representation.of(request, type, registry.clock());
    byte[] json =
        representation.isStored()
            ? spliced(type, metadata, page)
            : representation.list(page, metadata);
    Replies.json(request.answer(), 200, json);
  }

  private static Snapshot snapshot(
      Shelf shelf, Query query, Selection selection, Optional<Position> position) {
    Optional<Long> revision = query.number("resourceVersion").filter(r -> r != 0);
    try {
      if (position.isPresent()) {
        return shelf.listAt(selection.namespace(), position.get().revision());
      }
      boolean exact = query.text("resourceVersionMatch").equals(Optional.of("Exact"));
      if (exact && revision.isPresent()) {
        return shelf.listAt(selection.namespace(), revision.get());
      }
    } catch (RevisionExpired expired) {
      throw ApiFailure.expired(
          position.isPresent()
              ? "The provided continue parameter is too old to display a consistent list result."
                  + " You must start a new list without the continue parameter."
              : expired.text());
    }
    Snapshot snapshot = shelf.list(selection.namespace());
    if (revision.isPresent() && revision.get() > snapshot.revision()) {
      throw ApiFailure.notYet(revision.get(), snapshot.revision(), Duration.ofSeconds(1));
    }
    return snapshot;
  }

  /** Joins what is stored without parsing it. */
  private static byte[] spliced(ResourceType type, ObjectNode metadata, List<Stored> page) {
    ObjectNode head = Json.object();
    head.put("kind", type.names().listKind()).put("apiVersion", type.apiVersion());
    head.set("metadata", metadata);
    byte[] prefix = Json.write(head);
    int size = prefix.length + 16;
    for (Stored stored : page) {
      size += stored.json().length + 1;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(size);
    out.write(prefix, 0, prefix.length - 1);
    out.writeBytes(",\"items\":[".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < page.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(page.get(i).json());
    }
    out.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private static String encode(long revision, Key last) {
    ObjectNode token = Json.object();
    token.put("v", TOKEN_VERSION).put("rv", revision);
    token.put("namespace", last.namespace()).put("name", last.name());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(token));
  }

  private static Position decode(String token) {
    try {
      JsonNode tree = Json.MAPPER.readTree(Base64.getUrlDecoder().decode(token));
      if (tree.path("v").asText().equals(TOKEN_VERSION) && tree.path("rv").isIntegralNumber()) {
        return new Position(
            tree.path("rv").asLong(),
            new Key(tree.path("namespace").asText(), tree.path("name").asText()));
      }
    } catch (IOException | IllegalArgumentException notOurs) {
      throw ApiFailure.badRequest("continue key is not valid: " + notOurs.getMessage());
    }
    throw ApiFailure.badRequest("continue key is not valid: unknown version");
  }
}
