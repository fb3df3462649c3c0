package dev.retune.sandbox.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.store.Key;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which objects the pods of a node need. Kept per pod, and counted per node, so that a question is
 * one look-up. Mirror pods give a node nothing, as it makes them itself.
 */
public final class NodeGraph {
  private static final String MIRROR = "kubernetes.io/config.mirror";

  private final Map<Key, Needs> pods = new HashMap<>();
  private final Map<String, Map<Needed, Integer>> byNode = new HashMap<>();

  /**
   * @param resource {@code pods}, {@code configmaps}, {@code secrets} or {@code serviceaccounts}
   */
  record Needed(String resource, Key key) {}

  private record Needs(String node, Set<Needed> objects) {}

  /** Takes note of what a pod is now; empty when it is gone. */
  public synchronized void pod(Key key, Optional<ObjectNode> pod) {
    Needs fresh = pod.map(tree -> read(key, tree)).orElse(null);
    Needs old = fresh == null ? pods.remove(key) : pods.put(key, fresh);
    if (old != null) {
      count(old, -1);
    }
    if (fresh != null) {
      count(fresh, 1);
    }
  }

  synchronized boolean needs(String node, String resource, Key key) {
    return byNode.getOrDefault(node, Map.of()).containsKey(new Needed(resource, key));
  }

  private void count(Needs needs, int change) {
    if (needs.node().isEmpty()) {
      return;
    }
    Map<Needed, Integer> counts = byNode.computeIfAbsent(needs.node(), any -> new HashMap<>());
    for (Needed needed : needs.objects()) {
      if (counts.merge(needed, change, Integer::sum) == 0) {
        counts.remove(needed);
      }
    }
    if (counts.isEmpty()) {
      byNode.remove(needs.node());
    }
  }

  private static Needs read(Key key, ObjectNode pod) {
    Set<Needed> needed = new HashSet<>();
    needed.add(new Needed("pods", key));
    JsonNode spec = pod.path("spec");
    if (!pod.path("metadata").path("annotations").has(MIRROR)) {
      add(needed, key, "serviceaccounts", spec.path("serviceAccountName"));
      for (JsonNode secret : spec.path("imagePullSecrets")) {
        add(needed, key, "secrets", secret.path("name"));
      }
      for (JsonNode volume : spec.path("volumes")) {
        volume(needed, key, volume);
      }
      for (String list : Set.of("containers", "initContainers", "ephemeralContainers")) {
        for (JsonNode container : spec.path(list)) {
          container(needed, key, container);
        }
      }
    }
    return new Needs(spec.path("nodeName").asText(""), needed);
  }

  private static void volume(Set<Needed> needed, Key key, JsonNode volume) {
    add(needed, key, "configmaps", volume.path("configMap").path("name"));
    add(needed, key, "secrets", volume.path("secret").path("secretName"));
    for (JsonNode source : volume.path("projected").path("sources")) {
      add(needed, key, "configmaps", source.path("configMap").path("name"));
      add(needed, key, "secrets", source.path("secret").path("name"));
    }
  }

  private static void container(Set<Needed> needed, Key key, JsonNode container) {
    for (JsonNode from : container.path("envFrom")) {
      add(needed, key, "configmaps", from.path("configMapRef").path("name"));
      add(needed, key, "secrets", from.path("secretRef").path("name"));
    }
    for (JsonNode variable : container.path("env")) {
      JsonNode from = variable.path("valueFrom");
      add(needed, key, "configmaps", from.path("configMapKeyRef").path("name"));
      add(needed, key, "secrets", from.path("secretKeyRef").path("name"));
    }
  }

  private static void add(Set<Needed> needed, Key pod, String resource, JsonNode name) {
    if (!name.asText("").isEmpty()) {
      needed.add(new Needed(resource, new Key(pod.namespace(), name.asText())));
    }
  }
}
