package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.FieldError;
import dev.retune.sandbox.crd.InvalidObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nodes: a podCIDR and a providerID that stay once they are set, and taints told apart. */
final class NodeRules implements Rules {
  private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  @Override
  public ObjectNode admit(ObjectNode object, Optional<ObjectNode> old, Call call) {
    List<FieldError> errors = new ArrayList<>();
    taints(object, errors);
    ObjectNode spec = object.withObjectProperty("spec");
    old.ifPresent(before -> settled(spec, before, errors));
    if (!errors.isEmpty()) {
      throw new InvalidObject(errors);
    }
    if (!spec.path("unschedulable").asBoolean(false)) {
      spec.remove("unschedulable");
    }
    object.withObjectProperty("status");
    return object;
  }

  private static void settled(ObjectNode spec, ObjectNode before, List<FieldError> errors) {
    for (String field : List.of("podCIDR", "providerID")) {
      String was = before.path("spec").path(field).asText("");
      if (!was.isEmpty() && !was.equals(spec.path(field).asText(""))) {
        errors.add(
            Rules.forbidden(
                "spec." + field,
                "node updates may not change " + field + " except from \"\" to valid"));
      }
    }
  }

  private static void taints(ObjectNode object, List<FieldError> errors) {
    Set<String> seen = new HashSet<>();
    int index = 0;
    for (var taint : object.path("spec").path("taints")) {
      String path = "metadata.taints[" + index++ + "]";
      String key = taint.path("key").asText("");
      String effect = taint.path("effect").asText("");
      LabelSyntax.keyError(key)
          .ifPresent(why -> errors.add(Rules.invalid(path + ".key", key, why)));
      if (!EFFECTS.contains(effect)) {
        errors.add(
            new FieldError(
                path + ".effect",
                "FieldValueNotSupported",
                "Unsupported value: \"%s\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\""
                    .formatted(effect)));
      }
      if (!seen.add(key + ":" + effect)) {
        errors.add(
            new FieldError(
                path, "FieldValueDuplicate", "Duplicate value: \"%s:%s\"".formatted(key, effect)));
      }
    }
  }
}
