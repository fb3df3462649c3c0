package dev.retune.sandbox.crd;

import static dev.retune.sandbox.crd.Documents.definition;
import static dev.retune.sandbox.crd.Documents.thing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruningAndDefaultingTest {

  @ParameterizedTest
  @DisplayName("CRD-2 defaults are filled in, unknown fields and wrong nulls dropped")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {a: {type: string, default: x}}                                          | {}                 | {a: x}
          {a: {type: string, default: x}}                                          | {a: null}          | {a: x}
          {a: {type: string, default: x, nullable: true}}                          | {a: null}          | {a: null}
          {a: {type: string}}                                                      | {a: null}          | {}
          {a: {type: object, properties: {b: {type: integer, default: 1}}}}        | {}                 | {}
          {a: {type: object, properties: {b: {type: integer, default: 1}}}}        | {a: {}}            | {a: {b: 1}}
          {a: {type: object, default: {}, properties: {b: {type: integer, default: 1}}}} | {}           | {a: {b: 1}}
          {a: {type: array, items: {type: object, properties: {b: {type: integer, default: 1}}}}} | {a: [{}, {b: 2}]} | {a: [{b: 1}, {b: 2}]}
          {a: {type: array, items: {type: string, default: x}}}                    | {a: [null]}        | {a: [x]}
          {a: {type: object, additionalProperties: {type: object, properties: {b: {type: integer, default: 1}}}}} | {a: {k: {}}} | {a: {k: {b: 1}}}
          {a: {type: string}}                                                      | {a: x, b: y}       | {a: x}
          {a: {type: object, properties: {b: {type: string}}}}                     | {a: {b: x, c: y}}  | {a: {b: x}}
          {a: {type: array, items: {type: object, properties: {b: {type: string}}}}} | {a: [{b: x, c: y}]} | {a: [{b: x}]}
          {a: {type: object, x-kubernetes-preserve-unknown-fields: true}}          | {a: {c: {d: 1}}}   | {a: {c: {d: 1}}}
          {a: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {p: {type: object, properties: {q: {type: string}}}}}} | {a: {c: 1, p: {q: x, r: y}}} | {a: {c: 1, p: {q: x}}}
          {a: {type: object, additionalProperties: {type: string}}}                | {a: {any: x}}      | {a: {any: x}}
          {a: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}} | {a: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {x: 1}}} | {a: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {x: 1}}}
          {a: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}} | {a: {apiVersion: v1, kind: Pod, metadata: {name: p}, data: {}, spec: {x: 1}}} | {a: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {}}}
          """)
  void spec(String properties, String given, String expected) {
    CustomResource kind =
        CustomResource.compile(definition("{type: object, properties: " + properties + "}"));
    Admitted admitted = kind.admit(thing(given), Optional.empty(), "v1", false, false);
    assertThat(admitted.object()).isEqualTo(thing(expected));
  }

  @Test
  @DisplayName("CRD-2 unknown fields are reported, or refused when the request is strict")
  void unknownFields() {
    CustomResource kind =
        CustomResource.compile(
            definition(
                "{type: object, properties: {l: {type: array, items: {type: object, properties: {}}}}}"));
    ObjectNode object = thing("{z: 1, l: [{}, {q: 1}]}");
    object.put("extra", true);
    assertThat(kind.admit(object, Optional.empty(), "v1", false, false).unknownFields())
        .containsExactly("extra", "spec.l[1].q", "spec.z");
    assertThatExceptionOfType(UnknownFields.class)
        .isThrownBy(() -> kind.admit(object, Optional.empty(), "v1", true, false))
        .withMessage(
            "strict decoding error: unknown field \"extra\", unknown field \"spec.l[1].q\", unknown"
                + " field \"spec.z\"");
  }

  @Test
  @DisplayName("CRD-2 what is given is not changed")
  void inputsStay() {
    CustomResource kind =
        CustomResource.compile(
            definition("{type: object, properties: {a: {type: string, default: x}}}"));
    ObjectNode object = thing("{b: 1}");
    kind.admit(object, Optional.empty(), "v1", false, false);
    assertThat(object).isEqualTo(thing("{b: 1}"));
    assertThat(kind.complete(object, "v1")).isEqualTo(thing("{a: x}"));
  }
}
