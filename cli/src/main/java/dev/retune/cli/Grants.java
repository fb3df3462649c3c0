package dev.retune.cli;

import dev.retune.kube.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets nodes read one assigned ConfigMap and no other (SEC-1): a Role with its name and a
 * RoleBinding for those nodes, as the node authorizer once did by itself for a Node's config source
 * (Kubernetes 1.11–1.23). Without RBAC they have no effect.
 */
final class Grants {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final String API_VERSION = GROUP + "/v1";

  private final Cluster cluster;

  Grants(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Makes or widens the grant.
   *
   * @throws Failure when the caller may not
   */
  void grant(String configMap, List<String> nodes) {
    var name = "retune:" + configMap;
    var base = "/apis/" + API_VERSION + "/namespaces/" + cluster.namespace();
    var role = "Role " + cluster.namespace() + "/" + name;
    if (cluster.find(base + "/roles/" + name, role).isEmpty()) {
      cluster.create(base + "/roles", role(name, configMap), role);
    }
    var binding = "RoleBinding " + cluster.namespace() + "/" + name;
    var existing = cluster.find(base + "/rolebindings/" + name, binding);
    if (existing.isEmpty()) {
      cluster.create(base + "/rolebindings", binding(name, subjects(List.of(), nodes)), binding);
    } else if (!subjects(Tree.maps(existing.get(), "subjects"), nodes)
        .equals(Tree.maps(existing.get(), "subjects"))) {
      cluster.modify(
          base + "/rolebindings/" + name,
          binding,
          tree -> {
            var copy = Tree.copy(tree);
            copy.put("subjects", subjects(Tree.maps(tree, "subjects"), nodes));
            return copy;
          });
    }
  }

  private Map<String, @Nullable Object> role(String name, String configMap) {
    return Tree.object(
        "apiVersion",
        API_VERSION,
        "kind",
        "Role",
        "metadata",
        metadata(name),
        "rules",
        List.of(
            Tree.object(
                "apiGroups", List.of(""),
                "resources", List.of("configmaps"),
                "resourceNames", List.of(configMap),
                "verbs", List.of("get", "list", "watch"))));
  }

  private Map<String, @Nullable Object> binding(
      String name, List<Map<String, @Nullable Object>> subjects) {
    return Tree.object(
        "apiVersion",
        API_VERSION,
        "kind",
        "RoleBinding",
        "metadata",
        metadata(name),
        "roleRef",
        Tree.object("apiGroup", GROUP, "kind", "Role", "name", name),
        "subjects",
        subjects);
  }

  private Map<String, @Nullable Object> metadata(String name) {
    return Tree.object(
        "name", name,
        "namespace", cluster.namespace(),
        "labels", Tree.object("app.kubernetes.io/managed-by", "retune"));
  }

  /** The subjects there are and those of the nodes, each once. */
  private static List<Map<String, @Nullable Object>> subjects(
      List<Map<String, @Nullable Object>> existing, List<String> nodes) {
    var all = new ArrayList<>(existing);
    for (String node : nodes) {
      var subject = Tree.object("apiGroup", GROUP, "kind", "User", "name", "system:node:" + node);
      if (!all.contains(subject)) {
        all.add(subject);
      }
    }
    return all;
  }
}
