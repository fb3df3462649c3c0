package dev.retune.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.retune.e2e.cluster.Caller.Answer;
import dev.retune.kube.Json;
import dev.retune.kube.Yaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the identity of one node is good for, on the cluster that {@link Clusters} chooses, with
 * what {@code kubectl apply -k deploy/} and {@code kubectl retune assign} put there. Nodes a and b
 * have a ConfigMap each; every request here is made with the certificate of node a.
 */
class NodeIsolationTest {
  private static final String NODE_KUBELETS = "/apis/retune.dev/v1alpha1/nodekubelets";
  private static final String CONFIG_MAPS = "/api/v1/namespaces/kube-system/configmaps";
  private static final String ROLES = "/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/";
  private static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
  private static final String JSON = "application/json";
  private static final String MERGE = "application/merge-patch+json";
  private static final String APPLY = "application/apply-patch+yaml";
  private static final String STATUS = "{\"status\":{\"phase\":\"Good\"}}";
  private static final String FORGED =
      "{\"status\":{\"phase\":\"Good\"},\"metadata\":{\"labels\":{\"forged\":\"yes\"}},\"spec\":{\"trialDuration\":\"1s\"}}";

  @TempDir static Path directory;
  private static TestCluster cluster;
  private static Caller admin;
  private static Caller nodeA;

  @BeforeAll
  static void install() throws Exception {
    cluster = Clusters.start(directory);
    admin = Caller.of(cluster.adminKubeconfig());
    nodeA = Caller.of(cluster.kubeconfig("system:node:node-a", List.of("system:nodes")));
    Path deploy = Path.of(System.getProperty("retune.root"), "deploy");
    manifests(deploy.resolve("crds/retune.dev_nodekubelets.yaml"));
    manifests(deploy.resolve("rbac/node.yaml"));
    manifests(deploy.resolve("rbac/isolation.yaml"));
    await("NodeKubelets are served")
        .atMost(Duration.ofSeconds(30))
        .until(() -> admin.send("GET", NODE_KUBELETS, "", "").code() == 200);
    for (String node : List.of("node-a", "node-b")) {
      created("/api/v1/nodes", "{\"metadata\":{\"name\":\"%s\"}}".formatted(node));
      created(NODE_KUBELETS, nodeKubelet(node));
      created(CONFIG_MAPS, "{\"metadata\":{\"name\":\"config-%s\"}}".formatted(node));
      created(LEASES, "{\"metadata\":{\"name\":\"%s\"}}".formatted(node));
      assigned(node);
    }
    // Policies are in force a moment after they are stored.
    await("the policy is in force")
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            patch(NODE_KUBELETS + "/node-b/status", STATUS).message().contains("retune-nodes"));
  }

  @AfterAll
  static void end() {
    admin.close();
    nodeA.close();
    cluster.close();
  }

  @Test
  @DisplayName("SEC-1 a node reads its NodeKubelet and its ConfigMap, and reports its status")
  void own() throws Exception {
    String own = NODE_KUBELETS + "/node-a";
    ok(nodeA.send("GET", own, "", ""));
    ok(nodeA.send("GET", NODE_KUBELETS + "?fieldSelector=metadata.name%3Dnode-a", "", ""));
    ok(patch(own + "/status", STATUS));
    ok(nodeA.send("PUT", own + "/status", JSON, reported(own)));
    ok(nodeA.send("GET", CONFIG_MAPS + "/config-node-a", "", ""));
    ok(nodeA.send("GET", CONFIG_MAPS + "?fieldSelector=metadata.name%3Dconfig-node-a", "", ""));
    ok(nodeA.send("GET", "/api/v1/nodes/node-a", "", ""));
    ok(nodeA.send("GET", LEASES + "/node-a", "", ""));
    assertThat(
            nodeA.send("POST", "/api/v1/namespaces/default/events", JSON, event("node-a")).code())
        .isEqualTo(201);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "PATCH,  /node-b/status",
    "PATCH,  /node-b",
    "DELETE, /node-b",
    "DELETE, ''",
    "PATCH,  /node-a",
    "DELETE, /node-a"
  })
  @DisplayName("SEC-1 SEC-2 no status of another node's NodeKubelet, and no spec of any")
  void nodeKubelets(String method, String path) throws Exception {
    boolean patch = method.equals("PATCH");
    refused(nodeA.send(method, NODE_KUBELETS + path, patch ? MERGE : "", patch ? STATUS : ""));
  }

  @Test
  @DisplayName("SEC-1 SEC-2 nor by PUT, by apply or by making one; and nothing of it has happened")
  void otherWays() throws Exception {
    String b = NODE_KUBELETS + "/node-b";
    refused(nodeA.send("PUT", b, JSON, reported(b)));
    refused(nodeA.send("PUT", b + "/status", JSON, reported(b)));
    String apply = "{apiVersion: retune.dev/v1alpha1, kind: NodeKubelet, status: {phase: Good}}";
    refused(nodeA.send("PATCH", b + "/status?fieldManager=a&force=true", APPLY, apply));
    refused(nodeA.send("PATCH", b + "?fieldManager=a&force=true", APPLY, apply));
    refused(nodeA.send("POST", NODE_KUBELETS, JSON, nodeKubelet("node-c")));
    assertThat(admin.send("GET", b, "", "").body()).doesNotContain("Good");
  }

  @Test
  @DisplayName("SEC-2 what else is in a write of one's own status changes neither spec nor labels")
  void nothingButStatus() throws Exception {
    ok(patch(NODE_KUBELETS + "/node-a/status", FORGED));
    String stored = admin.send("GET", NODE_KUBELETS + "/node-a", "", "").body();
    assertThat(stored).contains("Good").doesNotContain("forged").doesNotContain("\"1s\"");
  }

  @Test
  @DisplayName("SEC-1 SEC-2 the policy holds where a role gives nodes too much")
  void tooWideRole() throws Exception {
    created(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        """
        {"metadata":{"name":"too-wide"},"rules":[{"verbs":["*"],"apiGroups":["retune.dev"],"resources":["*"]}]}\
        """);
    String bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    created(
        bindings,
        """
        {"metadata":{"name":"too-wide"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"too-wide"},
         "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"system:nodes"}]}\
        """);
    try {
      await("the role is in force")
          .atMost(Duration.ofSeconds(30))
          .until(() ->
              patch(NODE_KUBELETS + "/node-a", STATUS)
                  .message()
                  .contains("a node may write the status of a NodeKubelet only"));
      for (String path : List.of("/node-a", "/node-b")) {
        refused(patch(NODE_KUBELETS + path, FORGED));
        refused(nodeA.send("DELETE", NODE_KUBELETS + path, "", ""));
      }
      refused(nodeA.send("DELETE", NODE_KUBELETS, "", ""));
      refused(nodeA.send("POST", NODE_KUBELETS, JSON, nodeKubelet("node-c")));
      assertThat(refused(patch(NODE_KUBELETS + "/node-b/status", STATUS)))
          .isEqualTo(
              "nodekubelets.retune.dev \"node-b\" is forbidden: ValidatingAdmissionPolicy"
                  + " 'retune-nodes' with binding 'retune-nodes' denied request:"
                  + " system:node:node-a may not write the NodeKubelet of node node-b");
    } finally {
      admin.send("DELETE", bindings + "/too-wide", "", "");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CONFIG_MAPS + "/config-node-b",
        CONFIG_MAPS + "?fieldSelector=metadata.name%3Dconfig-node-b",
        CONFIG_MAPS + "?watch=true&fieldSelector=metadata.name%3Dconfig-node-b",
        CONFIG_MAPS,
        "/api/v1/configmaps",
        CONFIG_MAPS + "/not-assigned",
        ROLES + "roles",
        "/api/v1/namespaces/kube-system/secrets",
        "/api/v1/nodes/node-b",
        "/api/v1/nodes",
        "/api/v1/nodes/node-a/proxy/configz",
        "/api/v1/nodes/node-b/proxy/configz",
        LEASES + "/node-b",
      })
  @DisplayName("SEC-1 what is assigned to others, and what is of others, cannot be read")
  void reads(String path) throws Exception {
    refused(nodeA.send("GET", path, "", ""));
  }

  @Test
  @DisplayName("SEC-1 a node changes no ConfigMap, gives itself no role, and renews no other lease")
  void writes() throws Exception {
    refused(patch(CONFIG_MAPS + "/config-node-a", "{\"data\":{\"kubelet\":\"x\"}}"));
    refused(patch(CONFIG_MAPS + "/config-node-b", "{\"data\":{\"kubelet\":\"x\"}}"));
    refused(nodeA.send("POST", ROLES + "roles", JSON, role("config-node-b")));
    refused(
        patch(
            ROLES + "rolebindings/retune:config-node-b",
            "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"));
    refused(patch("/api/v1/nodes/node-b/status", "{\"status\":{\"phase\":\"x\"}}"));
    refused(patch(LEASES + "/node-b", "{\"spec\":{\"holderIdentity\":\"node-a\"}}"));
  }

  @Test
  @DisplayName("what a node may see of others all the same: their NodeKubelets (decision 0018)")
  void seen() throws Exception {
    ok(nodeA.send("GET", NODE_KUBELETS + "/node-b", "", ""));
  }

  private static Answer patch(String path, String body) throws Exception {
    return nodeA.send("PATCH", path, MERGE, body);
  }

  private static void ok(Answer answer) {
    assertThat(answer.code()).describedAs(answer.body()).isEqualTo(200);
  }

  private static String refused(Answer answer) throws Exception {
    assertThat(answer.code()).describedAs(answer.body()).isEqualTo(403);
    assertThat(answer.message()).contains("forbidden: ");
    return answer.message();
  }

  private static void created(String path, String body) throws Exception {
    Answer answer = admin.send("POST", path, JSON, body);
    assertThat(answer.code()).describedAs("%s: %s", path, answer.body()).isEqualTo(201);
  }

  /** The object with another status, at its present revision. */
  private static String reported(String path) throws Exception {
    var object =
        Json.parseObject(admin.send("GET", path, "", "").body().getBytes(StandardCharsets.UTF_8));
    object.put("status", Map.of("phase", "Good"));
    return text(object);
  }

  private static String nodeKubelet(String node) {
    return """
    {"apiVersion":"retune.dev/v1alpha1","kind":"NodeKubelet","metadata":{"name":"%s"},"spec":{}}\
    """
        .formatted(node);
  }

  private static String event(String node) {
    return """
    {"metadata":{"generateName":"%s."},"reason":"KubeletConfigChanged","message":"m","type":"Normal",
     "involvedObject":{"kind":"Node","name":"%s"}}\
    """
        .formatted(node, node);
  }

  /** What {@code kubectl retune assign} makes for a ConfigMap and a node. */
  private static void assigned(String node) throws Exception {
    created(ROLES + "roles", role("config-" + node));
    created(
        ROLES + "rolebindings",
        """
        {"metadata":{"name":"retune:config-%s"},
         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"retune:config-%s"},
         "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"system:node:%s"}]}\
        """
            .formatted(node, node, node));
  }

  private static String role(String configMap) {
    return """
    {"metadata":{"name":"retune:%s"},"rules":[{"apiGroups":[""],"resources":["configmaps"],
     "resourceNames":["%s"],"verbs":["get","list","watch"]}]}\
    """
        .formatted(configMap, configMap);
  }

  private static String text(Map<?, ?> object) {
    return new String(Json.write(object), StandardCharsets.UTF_8);
  }

  private static void manifests(Path file) throws Exception {
    for (Object manifest : Yaml.parseAll(Files.readString(file))) {
      var object = (Map<?, ?>) Objects.requireNonNull(manifest);
      String kind = String.valueOf(object.get("kind")).toLowerCase(Locale.ROOT);
      String plural =
          kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
      created("/apis/" + object.get("apiVersion") + "/" + plural, text(object));
    }
  }
}
