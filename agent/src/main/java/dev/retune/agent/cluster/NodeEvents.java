package dev.retune.agent.cluster;

import dev.retune.agent.core.Effect.Announce;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** core/v1 Events about a Node, in the form that the kubelet itself gives them. */
final class NodeEvents {
  /** Events about cluster-scoped objects live here. */
  static final String NAMESPACE = "default";

  private static final String COMPONENT = "retune-agent";

  /** The API server takes no longer message of an Event (Kubernetes 1.36, events/v1 validation). */
  private static final int LONGEST_MESSAGE = 1024;

  private NodeEvents() {}

  static Map<String, @Nullable Object> event(String node, Announce event, Instant now) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    var object = new LinkedHashMap<String, @Nullable Object>();
    object.put("apiVersion", "v1");
    object.put("kind", "Event");
    object.put(
        "metadata", Map.of("name", node + "." + Long.toHexString(nanos), "namespace", NAMESPACE));
    // The kubelet names itself by the node's name instead of its uid (Kubernetes 1.36,
    // pkg/kubelet, nodeRef), and `kubectl describe node` looks for that.
    object.put("involvedObject", Map.of("kind", "Node", "name", node, "uid", node));
    object.put("type", event.type().name());
    object.put("reason", event.reason());
    object.put("message", shortened(event.message()));
    object.put("source", Map.of("component", COMPONENT, "host", node));
    object.put("reportingComponent", COMPONENT);
    object.put("reportingInstance", node);
    object.put("firstTimestamp", time);
    object.put("lastTimestamp", time);
    object.put("count", 1);
    return object;
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE - 1) + "…";
  }
}
