package dev.retune.sandbox.crd;

import static dev.retune.sandbox.crd.Documents.complaints;
import static dev.retune.sandbox.crd.Documents.definition;
import static dev.retune.sandbox.crd.Documents.thing;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaValidationTest {

  private static CustomResource kind(String schemaOfX) {
    return CustomResource.compile(
        definition("{type: object, properties: {x: " + schemaOfX + ", y: {type: string}}}"));
  }

  @ParameterizedTest
  @DisplayName("CRD-1 each keyword refuses in an API server's words")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {type: integer}                              | "a"        | spec.x: Invalid value: "string": spec.x in body must be of type integer: "string"
          {type: string}                               | 1          | spec.x: Invalid value: "integer": spec.x in body must be of type string: "integer"
          {type: string}                               | [a]        | spec.x: Invalid value: "array": spec.x in body must be of type string: "array"
          {type: object}                               | a          | spec.x: Invalid value: "string": spec.x in body must be of type object: "string"
          {type: boolean}                              | {}         | spec.x: Invalid value: "object": spec.x in body must be of type boolean: "object"
          {type: integer}                              | 1.5        | spec.x: Invalid value: "number": spec.x in body must be of type integer: "number"
          {type: array, items: {type: string}}         | [a, 1]     | spec.x[1]: Invalid value: "integer": spec.x[1] in body must be of type string: "integer"
          {type: array, items: {type: string}}         | [null]     | spec.x[0]: Invalid value: "null": spec.x[0] in body must be of type string: "null"
          {type: object, additionalProperties: {type: string}} | {k: 1} | spec.x.k: Invalid value: "integer": spec.x.k in body must be of type string: "integer"
          {type: string, enum: [A, B]}                 | C          | spec.x: Unsupported value: "C": supported values: "A", "B"
          {type: integer, enum: [1, 2]}                | 3          | spec.x: Unsupported value: 3: supported values: "1", "2"
          {type: string, pattern: '^[a-z]+$'}          | A          | spec.x: Invalid value: "A": spec.x in body should match '^[a-z]+$'
          {type: string, maxLength: 2}                 | abc        | spec.x: Too long: may not be more than 2 bytes
          {type: string, minLength: 2}                 | a          | spec.x: Invalid value: "a": spec.x in body should be at least 2 chars long
          {type: array, items: {type: string}, minItems: 1} | []    | spec.x: Invalid value: 0: spec.x in body should have at least 1 items
          {type: array, items: {type: string}, maxItems: 1} | [a, b] | spec.x: Too many: 2: must have at most 1 item
          {type: object, additionalProperties: {type: string}, minProperties: 1} | {} | spec.x: Invalid value: 0: spec.x in body should have at least 1 properties
          {type: object, additionalProperties: {type: string}, maxProperties: 1} | {a: a, b: b} | spec.x: Too many: 2: must have at most 1 item
          {type: integer, minimum: 1}                  | 0          | spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1
          {type: integer, maximum: 10}                 | 11         | spec.x: Invalid value: 11: spec.x in body should be less than or equal to 10
          {type: integer, minimum: 1, exclusiveMinimum: true} | 1   | spec.x: Invalid value: 1: spec.x in body should be greater than 1
          {type: number, maximum: 0.5, exclusiveMaximum: true} | 0.5 | spec.x: Invalid value: 0.5: spec.x in body should be less than 0.5
          {type: integer, multipleOf: 5}               | 7          | spec.x: Invalid value: 7: spec.x in body should be a multiple of 5
          {type: integer, format: int32}               | 3000000000 | <nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.x
          {type: string, format: date-time}            | today      | spec.x: Invalid value: "today": spec.x in body must be of type date-time: "today"
          {type: string, format: duration}             | soon       | spec.x: Invalid value: "soon": spec.x in body must be of type duration: "soon"
          {type: string, format: ipv4}                 | 1.2.3.400  | spec.x: Invalid value: "1.2.3.400": spec.x in body must be of type ipv4: "1.2.3.400"
          {type: string, format: uuid}                 | 1          | spec.x: Invalid value: "int64": spec.x in body must be of type uuid: "int64"
          {x-kubernetes-int-or-string: true}           | true       | spec.x: Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"
          {type: object, properties: {k: {type: string}}, required: [k]} | {} | spec.x.k: Required value
          {type: array, x-kubernetes-list-type: set, items: {type: string}} | [a, b, a] | spec.x[2]: Duplicate value: "a"
          {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, required: [k], properties: {k: {type: string}, v: {type: string}}}} | [{k: a}, {k: a, v: b}] | spec.x[1]: Duplicate value: {"k":"a"}
          {type: string, allOf: [{maxLength: 1}]}      | ab         | spec.x: Too long: may not be more than 1 bytes; <nil>: Invalid value: "": "spec.x" must validate all the schemas (allOf). None validated
          {type: string, not: {enum: [a]}}             | a          | <nil>: Invalid value: "": "spec.x" must not validate the schema (not)
          {type: string, oneOf: [{enum: [a]}, {maxLength: 1}]} | a  | <nil>: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found 2 valid alternatives
          {type: string, anyOf: [{enum: [a]}, {pattern: '^b'}]} | c | <nil>: Invalid value: "": "spec.x" must validate at least one schema (anyOf); spec.x: Unsupported value: "c": supported values: "a"
          {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true} | {kind: A} | spec.x.apiVersion: Required value
          """)
  void refused(String schema, String value, String expected) {
    assertThat(complaints(kind(schema), thing("{x: " + value + "}")))
        .containsExactly(expected.split("; ", -1));
  }

  @ParameterizedTest
  @DisplayName("CRD-1 what is allowed is admitted")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {type: integer}                                | 1
          {type: integer}                                | 2.0
          {type: number}                                 | 1
          {type: string, nullable: true}                 | null
          {type: string}                                 | null
          {type: string, maxLength: 2}                   | "äö"
          {type: string, pattern: 'b'}                   | abc
          {type: string, pattern: '^\\d+$'}              | "12"
          {type: string, format: date-time}              | "2026-01-01T00:00:00.123+02:00"
          {type: string, format: date}                   | "2026-01-01"
          {type: string, format: duration}               | 1h30m
          {type: string, format: duration}               | 2 days
          {type: string, format: unheard-of}             | anything
          {type: string, format: uuid}                   | 6ba7b810-9dad-11d1-80b4-00c04fd430c8
          {type: string, format: ipv6}                   | "::1"
          {type: string, format: cidr}                   | 10.0.0.0/8
          {type: string, format: byte}                   | aGk=
          {type: string, format: hostname}               | a.example
          {type: string, format: email}                  | a@b.example
          {type: string, format: uri}                    | https://a.example/b
          {x-kubernetes-int-or-string: true}             | 1
          {x-kubernetes-int-or-string: true}             | 10%
          {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]} | 10%
          {type: integer, multipleOf: 5}                 | 10
          {type: number, multipleOf: 0.1}                | 0.3
          {type: string, oneOf: [{enum: [a]}, {enum: [b]}]} | b
          {type: object, x-kubernetes-preserve-unknown-fields: true} | {any: {thing: [1]}}
          {x-kubernetes-preserve-unknown-fields: true}   | [1, {a: b}]
          {type: object, additionalProperties: true}     | {a: 1}
          """)
  void admitted(String schema, String value) {
    assertThat(complaints(kind(schema), thing("{x: " + value + "}"))).isEmpty();
  }

  @Test
  @DisplayName("CRD-1 kind and apiVersion must be the definition's")
  void typeMeta() {
    var other = thing("{}");
    other.put("kind", "Other");
    assertThat(complaints(kind("{type: string}"), other))
        .containsExactly("kind: Invalid value: \"Other\": must be Thing");
  }

  @Test
  @DisplayName("CRD-1 the message of a Status lists all complaints")
  void message() {
    InvalidObject one =
        new InvalidObject(
            List.of(new FieldError("spec.a", "FieldValueRequired", "Required value")));
    assertThat(one.statusMessage("Thing.example.com", "a"))
        .isEqualTo("Thing.example.com \"a\" is invalid: spec.a: Required value");
    InvalidObject two =
        new InvalidObject(
            List.of(
                new FieldError("spec.a", "FieldValueRequired", "Required value"),
                new FieldError("spec.b", "FieldValueRequired", "Required value")));
    assertThat(two).hasMessage("[spec.a: Required value, spec.b: Required value]");
  }
}
