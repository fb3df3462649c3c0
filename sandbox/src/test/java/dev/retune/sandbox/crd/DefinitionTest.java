package dev.retune.sandbox.crd;

import static dev.retune.sandbox.crd.Documents.complaints;
import static dev.retune.sandbox.crd.Documents.definition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.Patches;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionTest {
  private static final String SCHEMA = "spec.versions[0].schema.openAPIV3Schema";

  @ParameterizedTest
  @DisplayName("CRD-6 schemas an API server would refuse")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {properties: {}}                          | .type: Required value: must not be empty for specified object fields
          {type: text}                              | .type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"
          {type: array}                             | .items: Required value: must be specified
          {type: string, pattern: '['}              | .pattern: Invalid value: "[": must be a valid regular expression, but isn't: error parsing regexp: missing closing ]: `[`
          {type: string, default: 1}                | .default: Invalid value: "integer":  in body must be of type string: "integer"
          {type: object, default: {a: 1}}           | .default: Invalid value: {"a":1}: must not have unknown fields
          {type: object, properties: {a: {type: string}}, additionalProperties: {type: string}} | .additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive
          {type: string, oneOf: [{type: string}]}   | .oneOf[0].type: Forbidden: must be empty to be structural
          {type: object, anyOf: [{properties: {a: {minLength: 1}}}]} | .properties[a]: Required value: because it is defined in spec.versions[0].schema.openAPIV3Schema.properties[spec].anyOf[0].properties[a]
          {type: array, items: {type: string}, uniqueItems: true} | .uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic
          {type: string, $ref: x}                   | .$ref: Forbidden: $ref is not supported
          {type: object, x-kubernetes-list-type: set} | .type: Invalid value: "object": must be array if x-kubernetes-list-type is specified
          {type: array, items: {type: string}, x-kubernetes-list-type: bag} | .x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"
          {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, properties: {k: {type: string}}}} | .items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property
          {type: object, x-kubernetes-preserve-unknown-fields: false} | .x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined
          {type: object, x-kubernetes-embedded-resource: true} | .properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields
          {type: string, x-kubernetes-validations: [{message: m}]} | .x-kubernetes-validations[0].rule: Required value: rule is not specified
          {type: string, x-kubernetes-validations: [{rule: 'true', reason: Because}]} | .x-kubernetes-validations[0].reason: Unsupported value: "Because": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"
          {type: object, x-kubernetes-validations: [{rule: 'true', fieldPath: .gone}]} | .x-kubernetes-validations[0].fieldPath: Invalid value: ".gone": must be a valid path
          {type: string, x-kubernetes-validations: [{rule: self.size()}]} | .x-kubernetes-validations[0].rule: Invalid value: {"rule":"self.size()"}: cel expression must evaluate to a bool
          {type: string, x-kubernetes-validations: [{rule: 'true', messageExpression: '1'}]} | .x-kubernetes-validations[0].messageExpression: Invalid value: {"rule":"true","messageExpression":"1"}: messageExpression must evaluate to a string
          {type: string, x-kubernetes-validations: [{rule: 'true', optionalOldSelf: true}]} | .x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule
          {type: array, items: {type: string, x-kubernetes-validations: [{rule: self == oldSelf}]}} | .items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within spec.versions[0].schema.openAPIV3Schema.properties[spec]
          """)
  void schemas(String schema, String expected) {
    assertThat(complaints(definition(schema))).contains(SCHEMA + ".properties[spec]" + expected);
  }

  @ParameterizedTest
  @DisplayName("CRD-6 rules that do not compile are shown with their place")
  @CsvSource({
    "self.gone == 1, undefined field 'gone'",
    "self.x == 1, found no matching overload",
    "self.x &&, mismatched input"
  })
  void rules(String rule, String problem) {
    assertThat(
            complaints(
                definition(
                    "{type: object, properties: {x: {type: string}}, x-kubernetes-validations: [{rule: '"
                        + rule
                        + "'}]}")))
        .singleElement()
        .asString()
        .startsWith(SCHEMA + ".properties[spec].x-kubernetes-validations[0].rule: Invalid value: ")
        .contains("compilation failed: ERROR: <input>:1:")
        .contains(problem);
  }

  @ParameterizedTest
  @DisplayName("CRD-6 definitions an API server would refuse")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {metadata: {name: other.example.com}}       | metadata.name: Invalid value: "other.example.com": must be spec.names.plural+"."+spec.group
          {spec: {group: example}, metadata: {name: things.example}} | spec.group: Invalid value: "example": should be a domain with at least one dot
          {spec: {scope: Global}}                     | spec.scope: Unsupported value: "Global": supported values: "Cluster", "Namespaced"
          {spec: {scope: null}}                       | spec.scope: Required value
          {spec: {names: {kind: null}}}               | spec.names.kind: Required value
          {spec: {names: {singular: A}}}              | spec.names.singular: Invalid value: "A": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')
          {spec: {names: {listKind: Thing}}}          | spec.names.listKind: Invalid value: "Thing": kind and listKind may not be the same
          {spec: {conversion: {strategy: Guess}}}     | spec.conversion.strategy: Unsupported value: "Guess": supported values: "None", "Webhook"
          {spec: {versions: [{name: v1, served: true, storage: true}]}} | spec.versions[0].schema.openAPIV3Schema: Required value
          """)
  void definitions(String change, String expected) {
    ObjectNode definition = Patches.merge(definition("{type: object}"), Documents.yaml(change));
    assertThat(complaints(definition)).contains(expected);
  }

  @Test
  @DisplayName("CRD-6 exactly one version is stored, and columns have a known type")
  void versions() {
    ObjectNode none = definition("{type: object}");
    ((ObjectNode) none.at("/spec/versions/0")).put("storage", false);
    assertThat(complaints(none))
        .singleElement()
        .asString()
        .startsWith("spec.versions: Invalid value: ")
        .endsWith(": must have exactly one version marked as storage version");
    ObjectNode columns = definition("{type: object}");
    ((ObjectNode) columns.at("/spec/versions/0"))
        .putArray("additionalPrinterColumns")
        .addObject()
        .put("name", "A")
        .put("type", "text")
        .put("jsonPath", "spec.a");
    assertThat(complaints(columns))
        .containsExactly(
            "spec.versions[0].additionalPrinterColumns[0].type: Invalid value: \"text\": must be one"
                + " of boolean,date,integer,number,string",
            "spec.versions[0].additionalPrinterColumns[0].JSONPath: Invalid value: \"spec.a\": must"
                + " be a simple json path starting with .");
  }

  @Test
  @DisplayName("CRD-6 names that are left out are completed")
  void completed() {
    ObjectNode names =
        (ObjectNode)
            CustomResource.compile(definition("{type: object}")).definition().at("/spec/names");
    assertThat(names.path("singular").asText()).isEqualTo("thing");
    assertThat(names.path("listKind").asText()).isEqualTo("ThingList");
  }

  @ParameterizedTest
  @DisplayName("CRD-6 what is stored under a definition limits how it may change")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {spec: {scope: Cluster}}          | spec.scope: Invalid value: "Cluster": field is immutable
          {spec: {names: {kind: Other}}}    | spec.names.kind: Invalid value: "Other": field is immutable
          {spec: {versions: [{name: v2, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}} | status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions
          """)
  void changes(String change, String expected) {
    ObjectNode old =
        Patches.merge(
            definition("{type: object}"),
            Documents.yaml(
                "{status: {storedVersions: [v1], conditions: [{type: Established, status: 'True'}]}}"));
    ObjectNode changed = Patches.merge(old, Documents.yaml(change));
    assertThatExceptionOfType(InvalidObject.class)
        .isThrownBy(() -> CustomResource.compile(changed, Optional.of(old)))
        .withMessage(expected);
    assertThat(CustomResource.compile(old, Optional.of(old)).versions()).containsExactly("v1");
  }

  @Test
  @DisplayName("CRD-6 misspelled keywords are unknown fields and are dropped")
  void unknownFields() {
    ObjectNode definition =
        definition("{type: object, propertees: {}, properties: {a: {type: string, maxLen: 3}}}");
    assertThat(CustomResource.unknownFields(definition))
        .containsExactly(
            SCHEMA + ".properties.spec.propertees",
            SCHEMA + ".properties.spec.properties.a.maxLen");
    assertThat(CustomResource.compile(definition).definition().toString())
        .doesNotContain("propertees", "maxLen");
  }
}
