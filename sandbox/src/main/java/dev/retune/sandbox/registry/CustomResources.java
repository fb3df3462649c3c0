package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.CustomResource;
import dev.retune.sandbox.registry.ResourceType.Conversion;
import dev.retune.sandbox.registry.ResourceType.Names;
import dev.retune.sandbox.registry.ResourceType.Trait;
import dev.retune.sandbox.store.Key;
import dev.retune.sandbox.store.Stored;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Serves the kinds of installed CustomResourceDefinitions, and says so in their conditions. */
public final class CustomResources implements Registry.CommitListener {
  private final Registry registry;
  private final Catalog catalog;

  public CustomResources(Registry registry, Catalog catalog) {
    this.registry = registry;
    this.catalog = catalog;
  }

  @Override
  public void committed(
      ResourceType type, Optional<ObjectNode> before, Optional<ObjectNode> after) {
    if (type.equals(BuiltIns.CRDS)) {
      String name = Metadata.text(after.or(() -> before).orElseThrow(), "name");
      synchronized (this) {
        refresh(name);
      }
    }
  }

  /** Goes by what is stored now, so that the order in which writers report does not matter. */
  private void refresh(String name) {
    Key key = new Key("", name);
    Optional<Stored> stored = registry.shelf(BuiltIns.CRDS).get(key);
    if (stored.isEmpty()) {
      catalog.withdraw(name);
      return;
    }
    ObjectNode definition = stored.get().tree();
    Optional<String> clash = clash(definition);
    if (clash.isEmpty()) {
      catalog.serve(name, types(definition));
    } else {
      catalog.withdraw(name);
    }
    registry.update(
        BuiltIns.CRDS, key, object -> withStatus(object, clash), Call.internal("status"));
  }

  private Optional<String> clash(ObjectNode definition) {
    JsonNode spec = definition.path("spec");
    String group = spec.path("group").asText();
    String plural = spec.path("names").path("plural").asText();
    String kind = spec.path("names").path("kind").asText();
    return catalog.types().stream()
        .filter(other -> other.group().equals(group) && !other.plural().equals(plural))
        .filter(other -> other.kind().equals(kind))
        .findFirst()
        .map(other -> "\"" + kind + "\" is already in use");
  }

  private static List<ResourceType> types(ObjectNode definition) {
    CustomResource compiled = CustomResource.compile(definition);
    JsonNode spec = definition.path("spec");
    String group = spec.path("group").asText();
    Names names = names(spec.path("names"));
    String storageVersion = "";
    for (JsonNode version : spec.path("versions")) {
      if (version.path("storage").asBoolean()) {
        storageVersion = version.path("name").asText();
      }
    }
    String stored = group + "/" + storageVersion;
    boolean asStored =
        spec.path("versions").size() == 1
            && definition.path("metadata").path("generation").asLong() == 1;
    List<ResourceType> types = new ArrayList<>();
    for (JsonNode version : spec.path("versions")) {
      if (!version.path("served").asBoolean()) {
        continue;
      }
      String name = version.path("name").asText();
      Set<String> subresources =
          version.path("subresources").has("status") ? Set.of("status") : Set.of();
      types.add(
          new ResourceType(
              group,
              name,
              names,
              spec.path("scope").asText().equals("Namespaced"),
              subresources,
              EnumSet.of(Trait.GENERATION),
              selectable(version),
              new CustomRules(compiled, name),
              asStored ? Conversion.NONE : completed(compiled, stored, group + "/" + name, name),
              Optional.of(compiled)));
    }
    return types;
  }

  /**
   * Conversion strategy None: the same object under another version. Objects stored under an older
   * schema get the present one's defaults when they are read.
   */
  private static Conversion completed(
      CustomResource compiled, String stored, String served, String version) {
    return new Conversion(
        false,
        tree -> withApiVersion(tree, stored),
        tree -> withApiVersion(compiled.complete(tree, version), served));
  }

  private static ObjectNode withApiVersion(ObjectNode tree, String apiVersion) {
    ObjectNode copy = tree.deepCopy();
    copy.put("apiVersion", apiVersion);
    return copy;
  }

  private static Map<String, String> selectable(JsonNode version) {
    Map<String, String> fields = new HashMap<>();
    for (JsonNode field : version.path("selectableFields")) {
      String path = field.path("jsonPath").asText().replaceFirst("^\\.", "");
      fields.put(path, path);
    }
    return fields;
  }

  private static Names names(JsonNode names) {
    return new Names(
        names.path("plural").asText(),
        names.path("singular").asText(),
        names.path("kind").asText(),
        names.path("listKind").asText(),
        texts(names.path("shortNames")),
        texts(names.path("categories")));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private ObjectNode withStatus(ObjectNode object, Optional<String> clash) {
    ObjectNode status = object.withObjectProperty("status");
    ArrayNode conditions =
        status.get("conditions") instanceof ArrayNode array ? array : status.putArray("conditions");
    condition(
        conditions,
        "NamesAccepted",
        clash.isEmpty(),
        clash.isEmpty() ? "NoConflicts" : "KindConflict",
        clash.orElse("no conflicts found"));
    condition(
        conditions,
        "Established",
        clash.isEmpty(),
        clash.isEmpty() ? "InitialNamesAccepted" : "NotAccepted",
        clash.isEmpty() ? "the initial names have been accepted" : "not all names are accepted");
    if (clash.isEmpty()) {
      status.set("acceptedNames", object.path("spec").path("names").deepCopy());
    } else {
      status.withObjectProperty("acceptedNames").put("kind", "").put("plural", "");
    }
    for (JsonNode version : object.path("spec").path("versions")) {
      if (version.path("storage").asBoolean() && !status.has("storedVersions")) {
        status.putArray("storedVersions").add(version.path("name").asText());
      }
    }
    return object;
  }

  private void condition(
      ArrayNode conditions, String type, boolean holds, String reason, String message) {
    ObjectNode condition = conditions.objectNode();
    for (JsonNode present : conditions) {
      if (present.path("type").asText().equals(type) && present instanceof ObjectNode node) {
        condition = node;
      }
    }
    String status = holds ? "True" : "False";
    if (!condition.path("status").asText().equals(status)) {
      condition.put("lastTransitionTime", Metadata.time(registry.clock().instant()));
    }
    if (!condition.has("type")) {
      conditions.add(condition);
    }
    condition.put("type", type).put("status", status);
    condition.put("reason", reason).put("message", message);
  }
}
