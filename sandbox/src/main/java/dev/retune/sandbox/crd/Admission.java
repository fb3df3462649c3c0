package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Validates pruned and defaulted objects in an API server's order. */
record Admission(Version version, String kind, String apiVersion) {
  /** After one of these the rules are not evaluated, since they may rely on what is wrong. */
  private static final Set<String> BLOCKING =
      Set.of(
          "FieldValueNotSupported",
          "FieldValueRequired",
          "FieldValueTooLong",
          "FieldValueTooMany",
          "FieldValueTypeInvalid");

  List<FieldError> validate(ObjectNode object, Optional<ObjectNode> old, boolean statusUpdate) {
    Complaints complaints = new Complaints();
    checkType(object, complaints);
    if (!complaints.isEmpty()) {
      return complaints.all();
    }
    ObjectNode before = old.orElse(null);
    Schema schema = version.schema();
    if (statusUpdate) {
      Schema status = schema.properties().get("status");
      if (status != null && object.has("status")) {
        complaints.addAll(
            SchemaValidation.validate(
                status, object.get("status"), Correlation.field(before, "status"), "status"));
      }
    } else {
      complaints.addAll(SchemaValidation.validate(schema, object, before, ""));
    }
    complaints.addAll(EmbeddedResources.validate(schema, object));
    if (before == null || ListTypes.validate(schema, before).isEmpty()) {
      complaints.addAll(ListTypes.validate(schema, object));
    }
    version
        .rules()
        .ifPresent(rules -> {
          if (complaints.all().stream().anyMatch(error -> BLOCKING.contains(error.type()))) {
            complaints.add(
                new FieldError(
                    Complaints.NO_FIELD,
                    "FieldValueInvalid",
                    "Invalid value: null: some validation rules were not checked because the"
                        + " object was invalid; correct the existing errors to complete"
                        + " validation"));
          } else {
            complaints.addAll(rules.evaluate(object, before, ""));
          }
        });
    return complaints.all();
  }

  private void checkType(ObjectNode object, Complaints complaints) {
    mustBe(object.path("kind"), "kind", kind, complaints);
    mustBe(object.path("apiVersion"), "apiVersion", apiVersion, complaints);
  }

  private static void mustBe(JsonNode value, String field, String expected, Complaints complaints) {
    if (!value.asText().equals(expected)) {
      complaints.invalid(field, value.asText(), "must be " + expected);
    }
  }
}
