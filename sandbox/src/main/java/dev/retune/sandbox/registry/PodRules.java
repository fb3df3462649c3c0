package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Pods are stored, not run: they begin as Pending and change only when somebody writes them. */
final class PodRules implements Rules {
  @Override
  public ObjectNode admit(ObjectNode object, Optional<ObjectNode> old, Call call) {
    ObjectNode spec = object.withObjectProperty("spec");
    putIfAbsent(spec, "restartPolicy", "Always");
    putIfAbsent(spec, "schedulerName", "default-scheduler");
    putIfAbsent(spec, "serviceAccountName", "default");
    if (old.isEmpty()) {
      object.withObjectProperty("status").put("phase", "Pending");
    }
    return object;
  }

  private static void putIfAbsent(ObjectNode spec, String field, String value) {
    if (spec.path(field).asText("").isEmpty()) {
      spec.put(field, value);
    }
  }
}
