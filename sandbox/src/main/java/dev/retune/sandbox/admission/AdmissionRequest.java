package dev.retune.sandbox.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.registry.Gate;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Json;

/** The {@code request} of a policy's expressions. Texts that are empty are not there. */
final class AdmissionRequest {
  private AdmissionRequest() {}

  static ObjectNode of(User user, Gate.Write write) {
    ObjectNode request = Json.object();
    ResourceType type = write.type();
    for (String prefix : new String[] {"", "request"}) {
      boolean plain = prefix.isEmpty();
      groupVersion(request.putObject(plain ? "kind" : "requestKind"), type)
          .put("kind", type.kind());
      groupVersion(request.putObject(plain ? "resource" : "requestResource"), type)
          .put("resource", type.plural());
      put(request, plain ? "subResource" : "requestSubResource", write.subresource());
    }
    put(request, "name", write.key().name());
    put(request, "namespace", write.key().namespace());
    request.put("operation", write.operation().name());
    ObjectNode info = request.putObject("userInfo");
    put(info, "username", user.name());
    ArrayNode groups = info.putArray("groups");
    user.groups().forEach(groups::add);
    request.put("dryRun", write.dryRun());
    return request;
  }

  private static ObjectNode groupVersion(ObjectNode node, ResourceType type) {
    return node.put("group", type.group()).put("version", type.version());
  }

  private static void put(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }
}
