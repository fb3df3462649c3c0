package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.FieldError;
import dev.retune.sandbox.crd.InvalidObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Roles and bindings: names with colons, subjects with a group, a role that stays. */
final class RbacRules implements Rules {
  private static final String GROUP = "rbac.authorization.k8s.io";

  @Override
  public ObjectNode admit(ObjectNode object, Optional<ObjectNode> old, Call call) {
    if (!object.path("kind").asText().endsWith("Binding")) {
      return object;
    }
    List<FieldError> errors = new ArrayList<>();
    for (var subject : object.path("subjects")) {
      if (subject instanceof ObjectNode node
          && !node.path("kind").asText().equals("ServiceAccount")
          && node.path("apiGroup").asText("").isEmpty()) {
        node.put("apiGroup", GROUP);
      }
    }
    if (object.get("roleRef") instanceof ObjectNode role) {
      if (role.path("apiGroup").asText("").isEmpty()) {
        role.put("apiGroup", GROUP);
      }
      if (role.path("name").asText("").isEmpty()) {
        errors.add(Rules.required("roleRef.name", ""));
      }
    } else {
      errors.add(Rules.required("roleRef.name", ""));
    }
    old.ifPresent(before -> {
      if (!before.path("roleRef").equals(object.path("roleRef"))) {
        errors.add(
            Rules.invalid("roleRef", object.path("roleRef").toString(), "cannot change roleRef"));
      }
    });
    if (!errors.isEmpty()) {
      throw new InvalidObject(errors);
    }
    return object;
  }

  @Override
  public Optional<String> nameError(String name) {
    return NameFormats.pathSegmentError(name);
  }
}
