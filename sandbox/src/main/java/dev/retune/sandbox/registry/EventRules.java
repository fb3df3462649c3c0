package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.FieldError;
import dev.retune.sandbox.crd.InvalidObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Events: in the namespace of what they are about; those about cluster-scoped objects in default.
 */
final class EventRules implements Rules {
  private static final Set<String> TYPES = Set.of("", "Normal", "Warning");

  @Override
  public ObjectNode admit(ObjectNode object, Optional<ObjectNode> old, Call call) {
    List<FieldError> errors = new ArrayList<>();
    String namespace = Metadata.text(object, "namespace");
    String involved = object.path("involvedObject").path("namespace").asText("");
    boolean matches =
        involved.isEmpty()
            ? namespace.equals("default") || namespace.equals("kube-system")
            : involved.equals(namespace);
    if (!matches) {
      errors.add(
          Rules.invalid("involvedObject.namespace", involved, "does not match event.namespace"));
    }
    String type = object.path("type").asText("");
    if (!TYPES.contains(type)) {
      errors.add(Rules.invalid("type", type, "has invalid value: " + type));
    }
    if (!errors.isEmpty()) {
      throw new InvalidObject(errors);
    }
    return object;
  }
}
