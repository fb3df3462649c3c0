package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Namespaces: held by {@code spec.finalizers} until they are empty. */
final class NamespaceRules implements Rules {
  private static final String KUBERNETES = "kubernetes";
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";
  private static final Set<String> FOREVER = Set.of("default", "kube-system", "kube-public");

  @Override
  public ObjectNode admit(ObjectNode object, Optional<ObjectNode> old, Call call) {
    Metadata.of(object).withObjectProperty("labels").put(NAME_LABEL, Metadata.text(object, "name"));
    if (old.isEmpty()) {
      object.withObjectProperty("spec").putArray("finalizers").add(KUBERNETES);
      object.withObjectProperty("status").put("phase", "Active");
    } else if (!call.subresource().equals("finalize")) {
      object.set("spec", old.get().path("spec").deepCopy());
    }
    return object;
  }

  @Override
  public Optional<String> nameError(String name) {
    return NameFormats.labelError(name);
  }

  @Override
  public Optional<String> undeletable(String name) {
    return FOREVER.contains(name)
        ? Optional.of("this namespace may not be deleted")
        : Optional.empty();
  }

  @Override
  public void deleting(ObjectNode object) {
    object.withObjectProperty("status").put("phase", "Terminating");
  }

  @Override
  public List<String> finalizers(ObjectNode object) {
    List<String> finalizers = Rules.NONE.finalizers(object);
    for (JsonNode finalizer : object.path("spec").path("finalizers")) {
      finalizers.add(finalizer.asText());
    }
    return finalizers;
  }
}
