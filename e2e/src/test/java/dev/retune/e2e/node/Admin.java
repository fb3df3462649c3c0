package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.retune.api.Composition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletSpec;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import dev.retune.api.RetuneApi;
import dev.retune.e2e.cluster.TestCluster;
import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.Tree;
import dev.retune.kube.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What an administrator does and sees, through the API. */
final class Admin implements AutoCloseable {
  static final String NAMESPACE = "kube-system";
  static final String KEY = "kubelet";

  private static final String CONFIG_MAPS = "/api/v1/namespaces/" + NAMESPACE + "/configmaps";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KubeClient client;

  private Admin(KubeClient client) {
    this.client = client;
  }

  static Admin of(TestCluster cluster) throws Exception {
    var admin =
        new Admin(
            new KubeClient(
                KubeConfig.load(cluster.adminKubeconfig(), Optional.empty()),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30)));
    admin.installRetune();
    return admin;
  }

  /** What {@code kubectl apply -k deploy/} does. */
  private void installRetune() throws IOException {
    Path deploy = Path.of(System.getProperty("retune.root"), "deploy");
    create(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        Files.readString(deploy.resolve("crds/retune.dev_nodekubelets.yaml")));
    create(
        "/apis/rbac.authorization.k8s.io/v1/%s",
        Files.readString(deploy.resolve("rbac/node.yaml")));
    create(
        "/apis/admissionregistration.k8s.io/v1/%s",
        Files.readString(deploy.resolve("rbac/isolation.yaml")));
    await("NodeKubelets are served")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> client.get(RetuneApi.NODE_KUBELETS_PATH) != null);
  }

  private void create(String collection, String manifests) throws IOException {
    for (Object manifest : Yaml.parseAll(manifests)) {
      assertThat(manifest).isInstanceOf(Map.class);
      @SuppressWarnings("unchecked") // keys of a manifest are strings
      var object = (Map<String, @Nullable Object>) Objects.requireNonNull(manifest);
      String plural = plural(Tree.string(object, "kind").orElse("").toLowerCase(Locale.ROOT));
      client.create(collection.formatted(plural), object);
    }
  }

  private static String plural(String kind) {
    return kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
  }

  /** A constant's name as part of an object's name. */
  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Makes the NodeKubelet one without a source and with these settings, and awaits the reset. */
  void register(KubeadmNode node, Duration trial, OnInvalid onInvalid) throws IOException {
    var spec = new NodeKubeletSpec(Optional.empty(), Composition.Replace, trial, onInvalid);
    var object = NodeKubelet.of(node.name(), spec).toTree();
    String path = RetuneApi.nodeKubeletPath(node.name());
    if (client.find(path).isEmpty()) {
      client.create(RetuneApi.NODE_KUBELETS_PATH, object);
    } else {
      client.modify(
          path,
          current -> {
            current.put("spec", spec.toTree());
            return current;
          });
    }
    awaitPhase(node, Phase.Local);
  }

  /** Changes how the assignment is treated, and not what is assigned. */
  void settings(KubeadmNode node, Duration trial, OnInvalid onInvalid) throws IOException {
    change(
        node,
        spec -> new NodeKubeletSpec(spec.configSource(), spec.composition(), trial, onInvalid));
  }

  /** Creates the ConfigMap, or changes it where it is. */
  void putConfigMap(String name, String document) throws IOException {
    if (client.find(CONFIG_MAPS + "/" + name).isPresent()) {
      editConfigMap(name, Map.of(KEY, document));
    } else {
      configMap(name, Map.of(KEY, document));
    }
  }

  /** Deletes the ConfigMap, if there is one, and creates it. */
  void recreateConfigMap(String name, String document) throws IOException {
    if (client.find(CONFIG_MAPS + "/" + name).isPresent()) {
      client.delete(CONFIG_MAPS + "/" + name);
    }
    configMap(name, Map.of(KEY, document));
  }

  void configMap(String name, Map<String, String> data) throws IOException {
    var object = new LinkedHashMap<String, @Nullable Object>();
    object.put("apiVersion", "v1");
    object.put("kind", "ConfigMap");
    object.put("metadata", Map.of("name", name, "namespace", NAMESPACE));
    object.put("data", data);
    client.create(CONFIG_MAPS, object);
    grant(name);
  }

  /** SEC-1: nodes may read this ConfigMap and no other one. */
  private void grant(String configMap) throws IOException {
    String role = "retune:" + configMap;
    String base = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + NAMESPACE;
    if (client.find(base + "/roles/" + role).isPresent()) {
      return;
    }
    client.create(
        base + "/roles",
        Map.of(
            "apiVersion",
            "rbac.authorization.k8s.io/v1",
            "kind",
            "Role",
            "metadata",
            Map.of("name", role, "namespace", NAMESPACE),
            "rules",
            List.of(
                Map.of(
                    "apiGroups", List.of(""),
                    "resources", List.of("configmaps"),
                    "resourceNames", List.of(configMap),
                    "verbs", List.of("get", "list", "watch")))));
    client.create(
        base + "/rolebindings",
        Map.of(
            "apiVersion", "rbac.authorization.k8s.io/v1",
            "kind", "RoleBinding",
            "metadata", Map.of("name", role, "namespace", NAMESPACE),
            "roleRef",
                Map.of("apiGroup", "rbac.authorization.k8s.io", "kind", "Role", "name", role),
            "subjects",
                List.of(
                    Map.of(
                        "apiGroup", "rbac.authorization.k8s.io",
                        "kind", "Group",
                        "name", "system:nodes"))));
  }

  void editConfigMap(String name, Map<String, String> data) throws IOException {
    client.modify(
        CONFIG_MAPS + "/" + name,
        object -> {
          object.put("data", new LinkedHashMap<>(data));
          return object;
        });
  }

  void labelConfigMap(String name, String label, String value) throws IOException {
    client.modify(
        CONFIG_MAPS + "/" + name,
        object -> {
          var metadata = new LinkedHashMap<>(Tree.map(object, "metadata"));
          metadata.put("labels", Map.of(label, value));
          object.put("metadata", metadata);
          return object;
        });
  }

  void deleteConfigMap(String name) throws IOException {
    client.delete(CONFIG_MAPS + "/" + name);
  }

  void assign(KubeadmNode node, String configMap, String key) throws IOException {
    spec(node, Optional.of(ConfigMapNodeConfigSource.reference(NAMESPACE, configMap, key)));
  }

  /** Assigns a ConfigMap to be merged over the node's local config (AGENT-9). */
  void overlay(KubeadmNode node, String configMap, String key) throws IOException {
    var source = ConfigMapNodeConfigSource.reference(NAMESPACE, configMap, key);
    change(
        node,
        spec ->
            new NodeKubeletSpec(
                Optional.of(NodeConfigSource.of(source)),
                Composition.Overlay,
                spec.trialDuration(),
                spec.onInvalid()));
  }

  boolean isRegistered(KubeadmNode node) throws IOException {
    return client.find(RetuneApi.nodeKubeletPath(node.name())).isPresent();
  }

  void reset(KubeadmNode node) throws IOException {
    spec(node, Optional.empty());
  }

  private void spec(KubeadmNode node, Optional<ConfigMapNodeConfigSource> source)
      throws IOException {
    change(
        node,
        spec ->
            new NodeKubeletSpec(
                source.map(NodeConfigSource::of),
                spec.composition(),
                spec.trialDuration(),
                spec.onInvalid()));
  }

  private void change(KubeadmNode node, UnaryOperator<NodeKubeletSpec> edit) throws IOException {
    client.modify(
        RetuneApi.nodeKubeletPath(node.name()),
        object -> {
          object.put("spec", edit.apply(NodeKubelet.fromTree(object).spec()).toTree());
          return object;
        });
  }

  NodeKubelet nodeKubelet(KubeadmNode node) {
    try {
      return NodeKubelet.fromTree(client.get(RetuneApi.nodeKubeletPath(node.name())));
    } catch (IOException unreachable) {
      throw new UncheckedIOException(unreachable);
    }
  }

  /** Waits for the status to be about the present spec and to be as wanted. */
  NodeKubeletStatus awaitStatus(
      KubeadmNode node, String what, Predicate<NodeKubeletStatus> wanted) {
    return awaitStatus(node, what, PATIENCE, wanted);
  }

  NodeKubeletStatus awaitStatus(
      KubeadmNode node, String what, Duration atMost, Predicate<NodeKubeletStatus> wanted) {
    return await(what + " of " + node.name())
        .pollInterval(Duration.ofMillis(20))
        .pollDelay(Duration.ZERO)
        .atMost(atMost)
        .conditionEvaluationListener(new LastSeen<>(what))
        .until(
            () -> nodeKubelet(node),
            object ->
                object.status().observedGeneration() == object.generation()
                    && wanted.test(object.status()))
        .status();
  }

  NodeKubeletStatus awaitPhase(KubeadmNode node, Phase phase) {
    return awaitStatus(node, "phase " + phase, status -> status.phase().equals(Optional.of(phase)));
  }

  /**
   * The config that the running kubelet says it has. A kubelet opens its own port some time after
   * it is healthy.
   */
  Map<String, @Nullable Object> configz(KubeadmNode node) {
    String path = "/api/v1/nodes/" + node.name() + "/proxy/configz";
    return await("configz of " + node.name())
        .pollInterval(Duration.ofMillis(20))
        .pollDelay(Duration.ZERO)
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> Tree.map(client.get(path), "kubeletconfig"), config -> !config.isEmpty());
  }

  /** Whether the assigned version in the status is the ConfigMap's present one. */
  boolean current(NodeKubeletStatus status) {
    var assigned = status.config().assigned().flatMap(NodeConfigSource::configMap);
    try {
      return assigned.isEmpty()
          || client
              .find(assigned.get().path())
              .flatMap(object -> Tree.string(object, "metadata", "resourceVersion"))
              .equals(Optional.of(assigned.get().resourceVersion()));
    } catch (IOException unreachable) {
      throw new UncheckedIOException(unreachable);
    }
  }

  /** Messages of the Events on the Node with this reason, oldest first. */
  List<String> events(KubeadmNode node, String reason) throws IOException {
    return client.list("/api/v1/namespaces/default/events").stream()
        .filter(
            event -> Tree.string(event, "involvedObject", "name").equals(Optional.of(node.name())))
        .filter(event -> Tree.string(event, "reason").equals(Optional.of(reason)))
        .map(event -> Tree.string(event, "message").orElse(""))
        .toList();
  }

  @Override
  public void close() {
    client.close();
  }
}
