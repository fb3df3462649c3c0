package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What {@code /openapi/v3} says of a custom kind. */
final class OpenApi {
  static final String OBJECT_META =
      "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private OpenApi() {}

  static ObjectNode publish(ObjectNode schema, String group, String version, String kind) {
    ObjectNode published = schema.deepCopy();
    ObjectNode properties = published.withObjectProperty("properties");
    properties
        .putObject("apiVersion")
        .put("type", "string")
        .put("description", "Group and version of the schema this object is written in.");
    properties
        .putObject("kind")
        .put("type", "string")
        .put("description", "Name of the kind of object this is. Cannot be changed.");
    ObjectNode metadata = properties.putObject("metadata");
    metadata.put("description", "Standard metadata of the object.");
    metadata.putArray("allOf").addObject().put("$ref", OBJECT_META);
    published
        .putArray("x-kubernetes-group-version-kind")
        .addObject()
        .put("group", group)
        .put("kind", kind)
        .put("version", version);
    return published;
  }
}
