package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Catalog;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.registry.ResourceType.Trait;
import dev.retune.sandbox.store.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code /openapi/v3}: an index, and a document per group and version. */
final class OpenApi {
  private static final String GVK = "x-kubernetes-group-version-kind";

  static final String V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private final Catalog catalog;

  OpenApi(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * {@code /openapi/v2}, as a protobuf document that says nothing but its version. kubectl turns to
   * it for kinds it does not find in version 3, and only then says that there is no such kind.
   */
  static byte[] v2() {
    byte[] version = "2.0".getBytes(StandardCharsets.US_ASCII);
    byte[] document = new byte[version.length + 2];
    document[0] = 0x0a; // field 1, a string
    document[1] = (byte) version.length;
    System.arraycopy(version, 0, document, 2, version.length);
    return document;
  }

  ObjectNode index() {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    byPath()
        .keySet()
        .forEach(path ->
            paths
                .putObject(path)
                .put(
                    "serverRelativeURL",
                    "/openapi/v3/"
                        + path
                        + "?hash="
                        + Integer.toHexString(document(path).hashCode())));
    return index;
  }

  /**
   * @param path {@code api/v1} or {@code apis/GROUP/VERSION}
   */
  ObjectNode document(String path) {
    List<ResourceType> types = byPath().get(path);
    if (types == null) {
      throw ApiFailure.noSuchPath();
    }
    ObjectNode document = Json.object();
    document.put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.36.0");
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    Schemas.of(types).forEach(schemas::set);
    for (ResourceType type : types) {
      withKind((ObjectNode) schemas.path(Schemas.name(type)), type);
      paths(paths, type, path);
    }
    return document;
  }

  private Map<String, List<ResourceType>> byPath() {
    return catalog.types().stream()
        .collect(
            Collectors.groupingBy(
                type ->
                    type.group().isEmpty()
                        ? "api/" + type.version()
                        : "apis/" + type.group() + "/" + type.version(),
                LinkedHashMap::new,
                Collectors.toList()));
  }

  private static void paths(ObjectNode paths, ResourceType type, String prefix) {
    String collection =
        "/" + prefix + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
    ObjectNode many = paths.putObject(collection);
    operation(many.putObject("post"), type, "post", List.of("application/json"));
    if (type.has(Trait.QUESTION)) {
      return;
    }
    operation(many.putObject("get"), type, "list", List.of());
    ObjectNode one = paths.putObject(collection + "/{name}");
    operation(one.putObject("get"), type, "get", List.of());
    operation(one.putObject("put"), type, "put", List.of("application/json"));
    operation(one.putObject("delete"), type, "delete", List.of());
    operation(
        one.putObject("patch"),
        type,
        "patch",
        List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/apply-patch+yaml"));
  }

  private static void operation(
      ObjectNode node, ResourceType type, String action, List<String> consumes) {
    ArrayNode parameters = node.putArray("parameters");
    if (!consumes.isEmpty()) {
      for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
        ObjectNode parameter = parameters.addObject();
        parameter.put("name", name).put("in", "query");
        parameter.putObject("schema").put("type", "string").put("uniqueItems", true);
      }
      ObjectNode content = node.putObject("requestBody").putObject("content");
      consumes.forEach(media -> content.putObject(media).putObject("schema").put("type", "object"));
    }
    ObjectNode content =
        node.putObject("responses").putObject("200").put("description", "OK").putObject("content");
    content
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + Schemas.name(type));
    node.put("x-kubernetes-action", action);
    node.set(GVK, kind(type));
  }

  private static void withKind(ObjectNode schema, ResourceType type) {
    schema.putArray(GVK).add(kind(type));
  }

  private static ObjectNode kind(ResourceType type) {
    ObjectNode kind = Json.object();
    return kind.put("group", type.group()).put("kind", type.kind()).put("version", type.version());
  }
}
