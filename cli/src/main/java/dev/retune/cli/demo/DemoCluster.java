package dev.retune.cli.demo;

import dev.retune.cli.playground.SimulatedNode;
import dev.retune.kube.ApiException;
import dev.retune.kube.KubeClient;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the demo does and looks up besides Retune's commands: what one would use kubectl for. */
final class DemoCluster {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/kube-system/configmaps";

  private final KubeClient client;

  DemoCluster(KubeClient client) {
    this.client = client;
  }

  KubeClient client() {
    return client;
  }

  /** registryPullQPS as the node's running kubelet has it; -1 when it does not say. */
  long served(SimulatedNode node) throws IOException {
    var configz = client.get("/api/v1/nodes/" + node.name() + "/proxy/configz");
    return Tree.longValue(configz, "kubeletconfig", "registryPullQPS").orElse(-1);
  }

  /** The message of the newest Event with this reason on the Node. */
  Optional<String> lastEvent(String node, String reason) throws IOException {
    return client.list("/api/v1/events?fieldSelector=involvedObject.name%3D" + node).stream()
        .filter(event -> Tree.string(event, "reason").equals(Optional.of(reason)))
        .max(
            Comparator.comparing((Map<String, @Nullable Object> event) ->
                Tree.string(event, "lastTimestamp").orElse("")))
        .flatMap(event -> Tree.string(event, "message"));
  }

  void createMutable(String name, String document) throws IOException {
    var configMap = new LinkedHashMap<String, @Nullable Object>();
    configMap.put("apiVersion", "v1");
    configMap.put("kind", "ConfigMap");
    Tree.put(configMap, name, "metadata", "name");
    Tree.put(configMap, document, "data", "kubelet");
    client.create(CONFIG_MAPS, configMap);
  }

  /** Sets a label; the object's new resourceVersion. */
  String label(String configMap, String key, String value) throws IOException {
    return version(
        client.modify(
            CONFIG_MAPS + "/" + configMap,
            object -> {
              Tree.put(object, value, "metadata", "labels", key);
              return object;
            }));
  }

  /** Changes the document; the object's new resourceVersion. */
  String edit(String configMap, String document) throws IOException {
    return version(
        client.modify(
            CONFIG_MAPS + "/" + configMap,
            object -> {
              Tree.put(object, document, "data", "kubelet");
              return object;
            }));
  }

  /** As {@link #edit}; the API server's refusal, if it refuses. */
  Optional<String> tryEdit(String configMap, String document) throws IOException {
    try {
      edit(configMap, document);
      return Optional.empty();
    } catch (ApiException refused) {
      return Optional.ofNullable(refused.getMessage());
    }
  }

  private static String version(Map<String, @Nullable Object> object) {
    return Tree.string(object, "metadata", "resourceVersion").orElse("");
  }
}
