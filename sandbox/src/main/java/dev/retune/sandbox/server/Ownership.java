package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.Patches;
import dev.retune.sandbox.patch.Shape;
import dev.retune.sandbox.patch.Writer;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.ResourceType;
import java.time.Clock;
import java.util.Optional;

/** Who a request writes as, for {@code metadata.managedFields}. */
final class Ownership {
  /** Kubernetes' limit for the name of a field manager; in characters. */
  private static final int LONGEST = 128;

  private final ResourceType type;
  private final Writer writer;
  private final Clock clock;

  private Ownership(ResourceType type, Writer writer, Clock clock) {
    this.type = type;
    this.writer = writer;
    this.clock = clock;
  }

  /** A client that does not say takes the first part of its User-Agent. */
  static Ownership of(Request request, ResourceType type, Clock clock) {
    String agent = request.header("User-Agent").orElse("unknown");
    int slash = agent.indexOf('/');
    String name =
        request.query().text("fieldManager").orElse(slash < 0 ? agent : agent.substring(0, slash));
    if (name.length() > LONGEST) {
      throw ApiFailure.unprocessable(
          "fieldManager: Too long: may not be more than " + LONGEST + " bytes");
    }
    String subresource = request.info().target().map(RequestInfo.Target::subresource).orElse("");
    return new Ownership(type, new Writer(name, subresource), clock);
  }

  Writer writer() {
    return writer;
  }

  Shape shape(ObjectNode object) {
    return type.definition()
        .map(definition -> definition.shape(type.version()))
        .orElseGet(() -> Patches.builtInShape(object));
  }

  /**
   * The object with its fields attributed to the writer; a new tree. Nobody owns what the schema
   * does not have, and whoever makes the object owns its defaults; the object itself goes on as it
   * was sent, so that unknown fields can be complained of.
   */
  ObjectNode track(Optional<ObjectNode> live, ObjectNode updated) {
    ObjectNode known =
        type.definition()
            .map(definition -> definition.complete(updated, type.version()))
            .orElse(updated);
    JsonNode owners =
        Patches.trackUpdate(live, known, writer, shape(updated), clock.instant())
            .path("metadata")
            .path("managedFields");
    ObjectNode tracked = updated.deepCopy();
    if (owners.isEmpty()) {
      tracked.withObjectProperty("metadata").remove("managedFields");
    } else {
      tracked.withObjectProperty("metadata").set("managedFields", owners);
    }
    return tracked;
  }
}
