package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.CustomResource;
import dev.retune.sandbox.crd.UnknownFields;
import java.util.List;
import java.util.Optional;

/** CustomResourceDefinitions: checked and completed by compiling them. */
final class CrdRules implements Rules {
  /** Holds a definition until the last of its objects is gone. */
  static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

  @Override
  public ObjectNode admit(ObjectNode object, Optional<ObjectNode> old, Call call) {
    if (call.isStatus()) {
      return object;
    }
    checkFields(object, call);
    ObjectNode definition = CustomResource.compile(object, old).definition();
    if (old.isEmpty()) {
      List<String> finalizers = Rules.NONE.finalizers(definition);
      finalizers.remove(CLEANUP);
      finalizers.add(CLEANUP);
      Deletions.setFinalizers(definition, finalizers);
    }
    JsonNode status = object.get("status");
    if (status == null) {
      definition.remove("status");
    } else {
      definition.set("status", status);
    }
    return definition;
  }

  private static void checkFields(ObjectNode object, Call call) {
    List<String> unknown = CustomResource.unknownFields(object);
    switch (call.fieldValidation()) {
      case IGNORE -> {}
      case WARN -> unknown.forEach(field -> call.warn(UnknownFields.complaint(field)));
      case STRICT -> {
        if (!unknown.isEmpty()) {
          throw ApiFailure.badRequest(
              "CustomResourceDefinition in version \"v1\" cannot be handled as a"
                  + " CustomResourceDefinition: "
                  + new UnknownFields(unknown).getMessage());
        }
      }
    }
  }
}
