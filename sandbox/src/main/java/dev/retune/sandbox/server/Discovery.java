package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Catalog;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.registry.ResourceType.Trait;
import dev.retune.sandbox.store.Json;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the server serves, in both forms: a document per group and version, and the aggregated
 * {@code APIGroupDiscoveryList} ({@code apidiscovery.k8s.io/v2}, Kubernetes 1.30).
 */
final class Discovery {
  static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private static final List<String> ALL_VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");
  private static final List<String> PROXY_VERBS =
      List.of("create", "delete", "get", "patch", "update");

  private final Catalog catalog;

  Discovery(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The version the server claims: that of the behaviour it follows. */
  static ObjectNode version() {
    ObjectNode version = Json.object();
    version.put("major", "1").put("minor", "36").put("emulationMajor", "1");
    version.put("emulationMinor", "36").put("minCompatibilityMajor", "1");
    version.put("minCompatibilityMinor", "35").put("gitVersion", "v1.36.0");
    version.put("gitCommit", "").put("gitTreeState", "clean").put("buildDate", "");
    version.put("goVersion", "none").put("compiler", "javac");
    version.put("platform", System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
    return version;
  }

  /** {@code /api}. */
  static ObjectNode coreVersions(String address) {
    ObjectNode versions = Json.object();
    versions.put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    ObjectNode client = versions.putArray("serverAddressByClientCIDRs").addObject();
    client.put("clientCIDR", "0.0.0.0/0").put("serverAddress", address);
    return versions;
  }

  /** {@code /apis}. */
  ObjectNode groups() {
    ObjectNode list = Json.object();
    list.put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    byGroup().keySet().stream().filter(g -> !g.isEmpty()).forEach(g -> groups.add(describe(g)));
    return list;
  }

  /** {@code /apis/GROUP}. */
  ObjectNode group(String group) {
    if (group.isEmpty() || !byGroup().containsKey(group)) {
      throw ApiFailure.noSuchPath();
    }
    ObjectNode answer = Json.object();
    answer.put("kind", "APIGroup").put("apiVersion", "v1");
    answer.setAll(describe(group));
    return answer;
  }

  /** {@code /api/v1} and {@code /apis/GROUP/VERSION}. */
  ObjectNode resources(String group, String version) {
    List<ResourceType> types =
        catalog.types().stream()
            .filter(type -> type.group().equals(group) && type.version().equals(version))
            .toList();
    if (types.isEmpty()) {
      throw ApiFailure.noSuchPath();
    }
    ObjectNode list = Json.object();
    list.put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", types.getFirst().apiVersion());
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : types) {
      ObjectNode resource = resources.addObject();
      resource.put("name", type.plural()).put("singularName", type.names().singular());
      resource.put("namespaced", type.namespaced()).put("kind", type.kind());
      texts(resource.putArray("verbs"), verbs(type));
      if (!type.names().shortNames().isEmpty()) {
        texts(resource.putArray("shortNames"), type.names().shortNames());
      }
      if (!type.names().categories().isEmpty()) {
        texts(resource.putArray("categories"), type.names().categories());
      }
      for (String subresource : sorted(type)) {
        ObjectNode below = resources.addObject();
        below.put("name", type.plural() + "/" + subresource).put("singularName", "");
        below.put("namespaced", type.namespaced()).put("kind", kindOf(type, subresource));
        texts(below.putArray("verbs"), verbs(subresource));
      }
    }
    return list;
  }

  /** Both {@code /api} (only the core group) and {@code /apis} (the others), aggregated. */
  ObjectNode aggregated(boolean core) {
    ObjectNode list = Json.object();
    list.put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
    list.putObject("metadata");
    ArrayNode items = list.putArray("items");
    byGroup()
        .forEach((group, versions) -> {
          if (group.isEmpty() == core) {
            ObjectNode item = items.addObject();
            ObjectNode metadata = item.putObject("metadata");
            if (!group.isEmpty()) {
              metadata.put("name", group);
            }
            metadata.putNull("creationTimestamp");
            ArrayNode array = item.putArray("versions");
            versions.forEach((version, types) -> array.add(aggregated(version, types)));
          }
        });
    return list;
  }

  private static ObjectNode aggregated(String version, List<ResourceType> types) {
    ObjectNode node = Json.object();
    node.put("version", version);
    ArrayNode resources = node.putArray("resources");
    for (ResourceType type : types) {
      ObjectNode resource = resources.addObject();
      resource.put("resource", type.plural());
      responseKind(resource, type, type.kind());
      resource.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
      resource.put("singularResource", type.names().singular());
      texts(resource.putArray("verbs"), verbs(type));
      if (!type.names().shortNames().isEmpty()) {
        texts(resource.putArray("shortNames"), type.names().shortNames());
      }
      if (!type.names().categories().isEmpty()) {
        texts(resource.putArray("categories"), type.names().categories());
      }
      if (!type.subresources().isEmpty()) {
        ArrayNode subresources = resource.putArray("subresources");
        for (String name : sorted(type)) {
          ObjectNode subresource = subresources.addObject();
          subresource.put("subresource", name);
          responseKind(subresource, type, kindOf(type, name));
          texts(subresource.putArray("verbs"), verbs(name));
        }
      }
    }
    return node.put("freshness", "Current");
  }

  private static void responseKind(ObjectNode node, ResourceType type, String kind) {
    node.putObject("responseKind")
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", kind);
  }

  private ObjectNode describe(String group) {
    ObjectNode node = Json.object();
    node.put("name", group);
    ArrayNode versions = node.putArray("versions");
    byGroup()
        .getOrDefault(group, Map.of())
        .keySet()
        .forEach(version ->
            versions
                .addObject()
                .put("groupVersion", group + "/" + version)
                .put("version", version));
    node.set("preferredVersion", versions.get(0).deepCopy());
    return node;
  }

  /** Groups, then versions with the preferred one first, then kinds. */
  private Map<String, Map<String, List<ResourceType>>> byGroup() {
    return catalog.types().stream()
        .sorted(Comparator.comparing(ResourceType::version, ApiVersions.PREFERRED_FIRST))
        .collect(
            Collectors.groupingBy(
                ResourceType::group,
                TreeMap::new,
                Collectors.groupingBy(
                    ResourceType::version, LinkedHashMap::new, Collectors.toList())));
  }

  private static List<String> verbs(ResourceType type) {
    return type.has(Trait.QUESTION) ? List.of("create") : ALL_VERBS;
  }

  private static List<String> verbs(String subresource) {
    return switch (subresource) {
      case "proxy" -> PROXY_VERBS;
      case "finalize" -> List.of("update");
      default -> STATUS_VERBS;
    };
  }

  private static String kindOf(ResourceType type, String subresource) {
    return subresource.equals("proxy") ? "NodeProxyOptions" : type.kind();
  }

  private static List<String> sorted(ResourceType type) {
    return type.subresources().stream().sorted().toList();
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
