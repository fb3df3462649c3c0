package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks {@code apiVersion}, {@code kind} and {@code metadata} of embedded resources. */
final class EmbeddedResources {
  private final Complaints complaints = new Complaints();

  private EmbeddedResources() {}

  static List<FieldError> validate(Schema schema, JsonNode value) {
    EmbeddedResources run = new EmbeddedResources();
    run.check(schema, value, "");
    return run.complaints.all();
  }

  private void check(@Nullable Schema schema, JsonNode value, String path) {
    if (schema == null) {
      return;
    }
    switch (value) {
      case ObjectNode map -> {
        if (schema.extensions().embedded()) {
          checkResource(map, path);
        }
        for (var field : map.properties()) {
          Schema own = schema.properties().get(field.getKey());
          if (own != null) {
            check(own, field.getValue(), Paths.child(path, field.getKey()));
          } else {
            check(schema.values(), field.getValue(), Paths.key(path, field.getKey()));
          }
        }
      }
      case ArrayNode list -> {
        for (int i = 0; i < list.size(); i++) {
          check(schema.items(), list.get(i), Paths.index(path, i));
        }
      }
      default -> {}
    }
  }

  private void checkResource(ObjectNode resource, String path) {
    checkApiVersion(Paths.child(path, "apiVersion"), resource.path("apiVersion"));
    checkKind(Paths.child(path, "kind"), resource.path("kind"));
    JsonNode metadata = resource.path("metadata");
    String at = Paths.child(path, "metadata");
    if (metadata.isMissingNode()) {
      return;
    }
    if (!metadata.isObject()) {
      complaints.invalid(at, metadata, "must be an object");
      return;
    }
    String name = metadata.path("name").asText();
    if (name.contains("/") || name.contains("%") || name.equals(".") || name.equals("..")) {
      complaints.invalid(
          Paths.child(at, "name"), name, "may not be '.' or '..' or contain '/' or '%'");
    }
    for (String map : List.of("labels", "annotations")) {
      for (var entry : metadata.path(map).properties()) {
        if (!entry.getValue().isTextual()) {
          complaints.invalid(
              Paths.key(Paths.child(at, map), entry.getKey()),
              entry.getValue(),
              "must be a string");
        }
      }
    }
  }

  private void checkApiVersion(String path, JsonNode value) {
    if (value.isMissingNode()) {
      complaints.required(path, "");
    } else if (!value.isTextual()) {
      complaints.invalid(path, value, "must be a string");
    } else if (value.asText().isEmpty()) {
      complaints.invalid(path, value, "must not be empty");
    } else if (value.asText().chars().filter(c -> c == '/').count() > 1) {
      complaints.invalid(path, value, "unexpected GroupVersion string: " + value.asText());
    }
  }

  private void checkKind(String path, JsonNode value) {
    if (value.isMissingNode()) {
      complaints.required(path, "");
    } else if (!value.isTextual()) {
      complaints.invalid(path, value, "must be a string");
    } else if (value.asText().isEmpty()) {
      complaints.invalid(path, value, "must not be empty");
    } else {
      List<String> problems = Names.dns1035LabelProblems(value.asText().toLowerCase(Locale.ROOT));
      if (!problems.isEmpty()) {
        complaints.invalid(
            path,
            value,
            "may have mixed case, but should otherwise match: " + String.join(",", problems));
      }
    }
  }
}
