package dev.retune.sandbox.crd;

import static dev.retune.sandbox.crd.Documents.definition;
import static dev.retune.sandbox.crd.Documents.thing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.ApplyConflict;
import dev.retune.sandbox.patch.Patches;
import dev.retune.sandbox.patch.Shape;
import dev.retune.sandbox.patch.Writer;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SubresourceTest {

  private static CustomResource kind() {
    ObjectNode definition =
        definition(
            """
            type: object
            properties:
              a: {type: string}
              ports:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [number, protocol]
                items:
                  type: object
                  required: [number]
                  properties: {number: {type: integer}, protocol: {type: string, default: TCP}, name: {type: string}}
              tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
              whole: {type: object, x-kubernetes-map-type: atomic, properties: {x: {type: string}, y: {type: string}}}
              plain: {type: array, items: {type: string}}
            """);
    ObjectNode version = (ObjectNode) definition.at("/spec/versions/0");
    version.putObject("subresources").putObject("status");
    ((ObjectNode) version.at("/schema/openAPIV3Schema/properties"))
        .set(
            "status",
            Documents.yaml("{type: object, properties: {phase: {type: string, maxLength: 4}}}"));
    return CustomResource.compile(definition);
  }

  private static ObjectNode withStatus(ObjectNode object, String phase) {
    ObjectNode copy = object.deepCopy();
    copy.putObject("status").put("phase", phase);
    return copy;
  }

  @Test
  @DisplayName("CRD-8 a write of the object keeps the status, a write of the status the rest")
  void parts() {
    CustomResource kind = kind();
    ObjectNode created =
        kind.admit(withStatus(thing("{a: x}"), "Good"), Optional.empty(), "v1", true, false)
            .object();
    assertThat(created.has("status")).isFalse();
    ObjectNode reported =
        kind.admit(withStatus(thing("{a: other}"), "Good"), Optional.of(created), "v1", true, true)
            .object();
    assertThat(reported.at("/spec/a").asText()).isEqualTo("x");
    assertThat(reported.at("/status/phase").asText()).isEqualTo("Good");
    ObjectNode updated =
        kind.admit(withStatus(thing("{a: y}"), "Bad"), Optional.of(reported), "v1", true, false)
            .object();
    assertThat(updated.at("/spec/a").asText()).isEqualTo("y");
    assertThat(updated.at("/status/phase").asText()).isEqualTo("Good");
  }

  @Test
  @DisplayName("CRD-8 complaints about a status name the field within it")
  void complaints() {
    assertThatExceptionOfType(InvalidObject.class)
        .isThrownBy(() ->
            kind()
                .admit(
                    withStatus(thing("{}"), "Longer"), Optional.of(thing("{}")), "v1", true, true))
        .withMessage("status.phase: Too long: may not be more than 4 bytes");
  }

  @Test
  @DisplayName("CRD-9 server-side apply follows the list types of the schema")
  void apply() {
    CustomResource kind = kind();
    Shape shape = kind.shape("v1");
    ObjectNode one =
        Patches.apply(
            Optional.empty(),
            thing("{ports: [{number: 1, name: one}], tags: [a], whole: {x: x}, plain: [p]}"),
            new Writer("one", ""),
            false,
            shape,
            Instant.EPOCH);
    ObjectNode two =
        Patches.apply(
            Optional.of(one),
            thing("{ports: [{number: 2}], tags: [b]}"),
            new Writer("two", ""),
            false,
            shape,
            Instant.EPOCH);
    assertThat(two.at("/spec/ports"))
        .extracting(port -> port.path("number").asInt())
        .containsExactly(1, 2);
    assertThat(two.at("/spec/tags")).extracting(JsonNode::asText).containsExactly("a", "b");
    assertThatExceptionOfType(ApplyConflict.class)
        .isThrownBy(() ->
            Patches.apply(
                Optional.of(two),
                thing("{ports: [{number: 1, name: uno}], whole: {y: y}, plain: [q]}"),
                new Writer("two", ""),
                false,
                shape,
                Instant.EPOCH))
        .withMessage(
            "Apply failed with 3 conflicts: conflicts with \"one\":\n- .spec.plain\n"
                + "- .spec.ports[number=1,protocol=\"TCP\"].name\n- .spec.whole");
  }

  @Test
  @DisplayName("CRD-10 OpenAPI has the kind, its version and the standard fields")
  void openApi() {
    ObjectNode schema = kind().openApi("v1");
    assertThat(schema.path("x-kubernetes-group-version-kind"))
        .singleElement()
        .isEqualTo(Documents.yaml("{group: example.com, kind: Thing, version: v1}"));
    assertThat(schema.at("/properties/metadata/allOf/0/$ref").asText())
        .isEqualTo("#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    assertThat(schema.at("/properties/apiVersion/type").asText()).isEqualTo("string");
    assertThat(schema.at("/properties/spec/properties/tags/x-kubernetes-list-type").asText())
        .isEqualTo("set");
  }
}
