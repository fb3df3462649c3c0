package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Json;
import dev.retune.sandbox.store.Stored;
import java.time.Clock;
import java.util.List;

/** In which of the shapes an object can be sent: whole, as a row of a Table, or metadata only. */
final class Representation {
  private final ResourceType type;
  private final Shape shape;
  private final String includeObject;
  private final Tables tables;

  /** The values of {@code as=} in an Accept header. */
  enum Shape {
    WHOLE,
    TABLE,
    METADATA
  }

  private Representation(ResourceType type, Shape shape, String includeObject, Clock clock) {
    this.type = type;
    this.shape = shape;
    this.includeObject = includeObject;
    this.tables = new Tables(clock);
  }

  /**
   * Takes the first shape of the Accept header that the server knows.
   *
   * @throws ApiFailure 406 when the client takes nothing like JSON
   */
  static Representation of(Request request, ResourceType type, Clock clock) {
    String accept = request.header("Accept").orElse("");
    if (!accept.isEmpty() && !accept.contains("json") && !accept.contains("*")) {
      throw ApiFailure.notAcceptable(List.of(Replies.JSON));
    }
    String includeObject = request.query().text("includeObject").orElse("Metadata");
    for (String range : accept.split(",", -1)) {
      String compact = range.replace(" ", "");
      if (compact.startsWith("application/json") && compact.contains("g=meta.k8s.io")) {
        boolean v1 = compact.contains("v=v1;") || compact.endsWith("v=v1");
        if (compact.contains("as=Table") && v1) {
          return new Representation(type, Shape.TABLE, includeObject, clock);
        }
        if (compact.contains("as=PartialObjectMetadata") && v1) {
          return new Representation(type, Shape.METADATA, includeObject, clock);
        }
      }
      if (compact.equals("application/json") || compact.startsWith("*/*")) {
        break;
      }
    }
    return new Representation(type, Shape.WHOLE, includeObject, clock);
  }

  Shape shape() {
    return shape;
  }

  /** Whether stored bytes can be sent as they are. */
  boolean isStored() {
    return shape == Shape.WHOLE && type.conversion().identity();
  }

  byte[] one(Stored stored) {
    return isStored() ? stored.json() : one(Registry.view(type, stored));
  }

  byte[] one(ObjectNode object) {
    return Json.write(
        switch (shape) {
          case WHOLE -> object;
          case METADATA -> metadataOnly(object);
          case TABLE -> tables.table(type, List.of(object), includeObject, listMeta(object), true);
        });
  }

  /** One event of a watch; only the first row of a stream needs the columns. */
  byte[] event(Stored stored, boolean first) {
    if (shape != Shape.TABLE) {
      return one(stored);
    }
    ObjectNode object = Registry.view(type, stored);
    return Json.write(tables.table(type, List.of(object), includeObject, listMeta(object), first));
  }

  /** A bookmark: an object that has nothing but a revision. */
  byte[] bookmark(long revision, boolean initialEventsEnd) {
    ObjectNode object = Json.object();
    boolean table = shape == Shape.TABLE;
    object.put("kind", table ? "Table" : kind());
    object.put("apiVersion", shape == Shape.WHOLE ? type.apiVersion() : "meta.k8s.io/v1");
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(revision));
    if (initialEventsEnd) {
      metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
    }
    if (table) {
      object.putArray("rows");
    }
    return Json.write(object);
  }

  /** A whole list; {@code metadata} is that of the list. */
  byte[] list(List<Stored> objects, ObjectNode metadata) {
    List<ObjectNode> trees = objects.stream().map(o -> Registry.view(type, o)).toList();
    if (shape == Shape.TABLE) {
      return Json.write(tables.table(type, trees, includeObject, metadata, true));
    }
    ObjectNode list = Json.object();
    list.put("kind", shape == Shape.METADATA ? "PartialObjectMetadataList" : listKind());
    list.put("apiVersion", shape == Shape.METADATA ? "meta.k8s.io/v1" : type.apiVersion());
    list.set("metadata", metadata);
    ArrayNode items = list.putArray("items");
    trees.forEach(tree -> items.add(shape == Shape.METADATA ? metadataOnly(tree) : tree));
    return Json.write(list);
  }

  String listKind() {
    return type.names().listKind();
  }

  private String kind() {
    return shape == Shape.METADATA ? "PartialObjectMetadata" : type.kind();
  }

  static ObjectNode metadataOnly(ObjectNode object) {
    ObjectNode partial = Json.object();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.path("metadata"));
    return partial;
  }

  private static ObjectNode listMeta(ObjectNode object) {
    ObjectNode metadata = Json.object();
    metadata.put("resourceVersion", object.path("metadata").path("resourceVersion").asText());
    return metadata;
  }
}
