package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.FieldError;
import dev.retune.sandbox.crd.InvalidObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Secrets: {@code stringData} becomes {@code data}, a type that stays, and the ConfigMap's rules.
 */
final class SecretRules implements Rules {
  @Override
  public ObjectNode admit(ObjectNode object, Optional<ObjectNode> old, Call call) {
    if (object.remove("stringData") instanceof ObjectNode texts) {
      ObjectNode data = object.withObjectProperty("data");
      for (var text : texts.properties()) {
        byte[] bytes = text.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(text.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
    }
    if (object.path("type").asText("").isEmpty()) {
      object.put("type", "Opaque");
    }
    List<FieldError> errors = new ArrayList<>();
    if (ConfigMapRules.keys(object, "data", errors) > ConfigMapRules.LIMIT) {
      errors.add(ConfigMapRules.tooLong("data"));
    }
    old.ifPresent(before -> {
      ConfigMapRules.immutable(object, before, List.of("data"), errors);
      if (!before.path("type").equals(object.path("type"))) {
        errors.add(Rules.invalid("type", object.path("type").asText(), "field is immutable"));
      }
    });
    if (!errors.isEmpty()) {
      throw new InvalidObject(errors);
    }
    return object;
  }
}
