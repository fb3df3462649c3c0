package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML as JSON trees, and definitions around a schema. */
final class Documents {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final LoadSettings AS_KUBECTL =
      LoadSettings.builder().setSchema(new CoreSchema()).build();

  private Documents() {}

  static ObjectNode yaml(String text) {
    Object tree = new Load(AS_KUBECTL).loadFromString(text);
    try {
      return (ObjectNode) MAPPER.readTree(MAPPER.writeValueAsBytes(tree));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode file(Path file) {
    try {
      return yaml(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A definition of {@code things.example.com}, kind Thing, whose spec has this schema. */
  static ObjectNode definition(String specSchema) {
    ObjectNode definition =
        yaml(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: things, kind: Thing}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties: {}
            """);
    ObjectNode properties =
        (ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema/properties");
    properties.set("spec", yaml(specSchema));
    return definition;
  }

  /** An object of {@link #definition} with this spec. */
  static ObjectNode thing(String spec) {
    ObjectNode thing =
        yaml(
            """
            apiVersion: example.com/v1
            kind: Thing
            metadata: {name: a, namespace: default}
            """);
    thing.set("spec", MAPPER.valueToTree(new Load(AS_KUBECTL).loadFromString(spec)));
    return thing;
  }

  /** The complaints of a create, as a Status message has them; empty when it is admitted. */
  static List<String> complaints(CustomResource kind, ObjectNode object) {
    return complaints(kind, object, Optional.empty());
  }

  static List<String> complaints(CustomResource kind, ObjectNode object, Optional<ObjectNode> old) {
    try {
      kind.admit(object, old, version(object), false, false);
      return List.of();
    } catch (InvalidObject e) {
      return e.errors().stream().map(FieldError::text).toList();
    }
  }

  /** The complaints about a definition; empty when it compiles. */
  static List<String> complaints(ObjectNode definition) {
    try {
      CustomResource.compile(definition);
      return List.of();
    } catch (InvalidObject e) {
      return e.errors().stream().map(FieldError::text).toList();
    }
  }

  private static String version(ObjectNode object) {
    String apiVersion = object.path("apiVersion").asText();
    return apiVersion.substring(apiVersion.indexOf('/') + 1);
  }
}
