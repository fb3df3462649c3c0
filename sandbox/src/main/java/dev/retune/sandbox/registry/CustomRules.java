package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.Admitted;
import dev.retune.sandbox.crd.CustomResource;
import dev.retune.sandbox.crd.UnknownFields;
import java.util.Optional;

/** Objects of a custom kind: their CRD's schema decides. */
final class CustomRules implements Rules {
  private final CustomResource definition;
  private final String version;

  CustomRules(CustomResource definition, String version) {
    this.definition = definition;
    this.version = version;
  }

  @Override
  public ObjectNode admit(ObjectNode object, Optional<ObjectNode> old, Call call) {
    boolean strict = call.fieldValidation() == Call.FieldValidation.STRICT;
    try {
      Admitted admitted = definition.admit(object, old, version, strict, call.isStatus());
      if (call.fieldValidation() == Call.FieldValidation.WARN) {
        admitted.unknownFields().forEach(field -> call.warn(UnknownFields.complaint(field)));
      }
      return admitted.object();
    } catch (UnknownFields unknown) {
      String kind = object.path("kind").asText();
      throw ApiFailure.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: %s"
              .formatted(kind, version, kind, unknown.getMessage()));
    }
  }
}
