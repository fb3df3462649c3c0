package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.api.Condition;
import dev.retune.api.ConfigErrors;
import dev.retune.api.NodeConfigStatus;
import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.Phase;
import dev.retune.api.RetuneApi;
import dev.retune.kube.Json;
import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.Tree;
import dev.retune.sandbox.Sandbox;
import dev.retune.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a real API server; what an agent would report is written by hand here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterCommandsTest {
  private static final String DOCUMENT =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: 50\n";
  private static final String CONFIG_MAPS = "/api/v1/namespaces/kube-system/configmaps";

  private @Nullable Sandbox started;
  private @Nullable KubeClient connected;
  private Map<String, String> env = Map.of();
  private int counter;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    var sandbox = Sandbox.start(SandboxOptions.in(directory));
    started = sandbox;
    sandbox.apply(Files.readString(root().resolve("deploy/crds/retune.dev_nodekubelets.yaml")));
    env = Map.of("KUBECONFIG", sandbox.adminKubeconfig().toString());
    connected =
        new KubeClient(
            KubeConfig.load(sandbox.adminKubeconfig(), Optional.empty()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
  }

  @AfterAll
  void stop() {
    client().close();
    sandbox().close();
  }

  /** Each test has nodes of its own. */
  @BeforeEach
  void next() {
    counter++;
  }

  private static Path root() {
    return Path.of(System.getProperty("retune.root", ".."));
  }

  private Sandbox sandbox() {
    return Objects.requireNonNull(started);
  }

  private KubeClient client() {
    return Objects.requireNonNull(connected);
  }

  private Cli.Result run(String... args) {
    return Cli.run(env, DOCUMENT, args);
  }

  private String node(String suffix) throws IOException {
    var name = "n" + counter + suffix;
    client()
        .create(
            "/api/v1/nodes",
            Tree.object(
                "apiVersion",
                "v1",
                "kind",
                "Node",
                "metadata",
                Tree.object("name", name, "labels", Tree.object("pool", "p" + counter)),
                "status",
                Tree.object(
                    "nodeInfo",
                    Tree.object("kubeletVersion", "v1.30.2"),
                    "capacity",
                    Tree.object("cpu", "4", "memory", "8Gi", "pods", "110"))));
    return name;
  }

  private String push() {
    var result = run("push", "config-" + counter, "--from-file", "kubelet=-", "-o", "name");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return result.out().strip().substring("configmap/".length());
  }

  private Map<String, @Nullable Object> kubelet(String node) throws IOException {
    return client().get(RetuneApi.nodeKubeletPath(node));
  }

  private void report(String node, Phase phase, String error, boolean active) throws IOException {
    client()
        .modifyStatus(
            RetuneApi.nodeKubeletPath(node),
            tree -> {
              var object = NodeKubelet.fromTree(tree);
              var source = object.spec().configSource();
              var running = active ? source : Optional.<dev.retune.api.NodeConfigSource>empty();
              var conditions =
                  new ArrayList<>(
                      List.of(
                          new Condition(
                              Condition.CONFIG_VALID,
                              error.isEmpty() ? Condition.Status.True : Condition.Status.False,
                              object.generation(),
                              Instant.now(),
                              error.isEmpty() ? "Accepted" : "InvalidValue",
                              error.isEmpty() ? "taken" : "maxPods: -5 is negative")));
              var status =
                  new NodeKubeletStatus(
                      new NodeConfigStatus(source, running, Optional.empty(), error),
                      Optional.of(phase),
                      Optional.empty(),
                      "",
                      "v1.30.2",
                      Optional.empty(),
                      1,
                      object.generation(),
                      dev.retune.api.FieldsStatus.NONE,
                      conditions);
              tree.put("status", status.toTree());
              return tree;
            });
  }

  @Test
  @DisplayName("push makes an immutable ConfigMap named by its content, and only once")
  void pushOnce() throws Exception {
    var first = run("push", "config", "--from-file", "kubelet=-");
    assertThat(first.err()).isEmpty();
    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).matches("configmap/config-[a-z0-9]{10} created\n");
    var name = first.out().strip().split("[/ ]", 3)[1];
    var stored = client().get(CONFIG_MAPS + "/" + name);
    assertThat(Tree.string(stored, "data", "kubelet")).contains(DOCUMENT);
    assertThat(stored).containsEntry("immutable", true);
    assertThat(run("push", "config", "--from-file", "kubelet=-").out())
        .isEqualTo("configmap/" + name + " unchanged\n");
  }

  @Test
  @DisplayName("push refuses what no node would run, unless told not to look")
  void pushRefuses() {
    var bad = "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nmaxPods: -5";
    var refused = Cli.run(env, bad, "push", "bad", "--from-file", "kubelet=-");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("maxPods", "not pushed", "--validate=false");
    for (String flag : List.of("--validate=false", "--force")) {
      var forced = Cli.run(env, bad, "push", "bad", "--from-file", "kubelet=-", flag);
      assertThat(forced.exitCode()).isZero();
    }
  }

  @Test
  @DisplayName("push --dry-run stores nothing; server asks the API server, client does not")
  void dryRun() throws Exception {
    for (String mode : List.of("client", "server")) {
      var result =
          run("push", "dry", "--from-file", "kubelet=-", "--dry-run=" + mode, "-o", "json");
      assertThat(result.exitCode()).isZero();
      var object = Json.parseObject(result.out().getBytes(StandardCharsets.UTF_8));
      var path = CONFIG_MAPS + "/" + Tree.string(object, "metadata", "name").orElseThrow();
      assertThat(client().find(path)).isEmpty();
      assertThat(Tree.string(object, "metadata", "uid").isPresent())
          .isEqualTo(mode.equals("server"));
    }
  }

  @Test
  @DisplayName("push makes a ConfigMap immutable that is there with the same content")
  void pushOverMutable() throws Exception {
    var yaml = run("push", "mine", "--from-file", "kubelet=-", "--dry-run=client", "-o", "json");
    var object = Json.parseObject(yaml.out().getBytes(StandardCharsets.UTF_8));
    object.remove("immutable");
    client().create(CONFIG_MAPS, object);
    var result = run("push", "mine", "--from-file", "kubelet=-");
    assertThat(result.out()).contains("made immutable");
    var edited = Tree.copy(object);
    assertThat(
            client().get(CONFIG_MAPS + "/" + Tree.string(edited, "metadata", "name").orElseThrow()))
        .containsEntry("immutable", true);
  }

  @Test
  @DisplayName("assign creates a NodeKubelet that the node owns, and changes it later")
  void assign() throws Exception {
    var node = node("");
    var configMap = push();
    var result = run("assign", node, "--config-map", configMap, "--trial-duration", "1h");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("nodekubelet/" + node + " assigned\n");
    var object = kubelet(node);
    assertThat(Tree.string(object, "spec", "configSource", "configMap", "name"))
        .contains(configMap);
    assertThat(Tree.string(object, "spec", "trialDuration")).contains("1h0m0s");
    var owner = Tree.maps(object, "metadata", "ownerReferences").getFirst();
    assertThat(Tree.string(owner, "uid"))
        .isEqualTo(Tree.string(client().get("/api/v1/nodes/" + node), "metadata", "uid"));

    assertThat(run("assign", node, "--config-map", configMap).out()).contains("unchanged");
    var changed =
        run("assign", node, "--config-map", configMap, "--composition", "Overlay", "--key=kubelet");
    assertThat(changed.exitCode()).isZero();
    assertThat(Tree.string(kubelet(node), "spec", "composition")).contains("Overlay");
    assertThat(Tree.string(kubelet(node), "spec", "trialDuration")).contains("1h0m0s");
  }

  @Test
  @DisplayName(
      "SEC-2 with retune:edit and retune:assign a person pushes and assigns, and writes no Nodes")
  void assignAsPerson() throws Exception {
    sandbox().apply(Files.readString(root().resolve("deploy/rbac/people.yaml")));
    sandbox()
        .apply(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: ann}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "retune:edit"}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: ann, namespace: kube-system}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: "retune:assign"}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}]
            """);
    var anns = sandbox().kubeconfig("ann", List.of());
    var as = Map.of("KUBECONFIG", anns.toString());
    var node = node("");
    var name = "config-" + counter;
    var pushed = Cli.run(as, DOCUMENT, "push", name, "--from-file", "kubelet=-", "-o", "name");
    assertThat(pushed.err()).isEmpty();
    var configMap = pushed.out().strip().substring("configmap/".length());

    var assigned = Cli.run(as, DOCUMENT, "assign", node, "--config-map", configMap);
    assertThat(assigned.err()).isEmpty();
    assertThat(assigned.exitCode()).isZero();
    assertThat(
            client()
                .find(
                    "/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/rolebindings/retune:"
                        + configMap))
        .isPresent();
    try (var ann =
        new KubeClient(
            KubeConfig.load(anns, Optional.empty()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5))) {
      assertThatThrownBy(() ->
              ann.modify(
                  "/api/v1/nodes/" + node,
                  tree -> {
                    tree.put("spec", Map.of("unschedulable", true));
                    return tree;
                  }))
          .hasMessageContaining("User \"ann\" cannot update resource \"nodes\"");
    }
  }

  @Test
  @DisplayName("SEC-1 assign lets just these nodes read just this ConfigMap")
  void assignGrants() throws Exception {
    var first = node("a");
    var second = node("b");
    var configMap = push();
    String rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/";

    run("assign", first, "--config-map", configMap);
    run("assign", first, second, "--config-map", configMap);

    var role = client().get(rbac + "roles/retune:" + configMap);
    assertThat(Tree.maps(role, "rules"))
        .singleElement()
        .satisfies(rule -> {
          assertThat(Tree.strings(rule, "resources")).containsExactly("configmaps");
          assertThat(Tree.strings(rule, "resourceNames")).containsExactly(configMap);
          assertThat(Tree.strings(rule, "verbs")).containsExactly("get", "list", "watch");
        });
    var binding = client().get(rbac + "rolebindings/retune:" + configMap);
    assertThat(Tree.maps(binding, "subjects"))
        .extracting(subject -> subject.get("name"))
        .containsExactly("system:node:" + first, "system:node:" + second);
  }

  @Test
  @DisplayName(
      "bug 28: assign -l takes the nodes with a label; --dry-run=server changes none of them")
  void assignSelected() throws Exception {
    var nodes = List.of(node("a"), node("b"));
    var configMap = push();
    var dry =
        run("assign", "-l", "pool=p" + counter, "--config-map", configMap, "--dry-run=server");
    assertThat(dry.exitCode()).isZero();
    assertThat(client().find(RetuneApi.nodeKubeletPath(nodes.getFirst()))).isEmpty();
    var result = run("assign", "-l", "pool=p" + counter, "--config-map", configMap);
    assertThat(result.out().lines()).hasSize(2);
    for (String node : nodes) {
      assertThat(kubelet(node)).isNotEmpty();
    }
    assertThat(run("assign", "-l", "pool=none", "--config-map", configMap).exitCode()).isEqualTo(1);
  }

  @Test
  @DisplayName("assign warns of a ConfigMap that can be edited, or lacks the key, and refuses none")
  void assignWarns() throws Exception {
    var node = node("");
    client()
        .create(
            CONFIG_MAPS,
            Tree.object(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Tree.object("name", "hand-made"),
                "data",
                Tree.object("config", DOCUMENT)));
    var warned = run("assign", node, "--config-map", "hand-made");
    assertThat(warned.exitCode()).isZero();
    assertThat(warned.err()).contains("no key \"kubelet\"", "[config]", "not immutable");

    var missing = run("assign", node, "--config-map", "not-there");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err()).contains("kube-system/not-there does not exist", "retune push");
    assertThat(run("assign", node, "--config-map", "not-there", "--force").exitCode()).isZero();
  }

  @Test
  @DisplayName("API-4 a name or key that cannot be is refused before anything is asked")
  void badNames() {
    assertThat(run("assign", "n", "--config-map", "../qux").exitCode()).isEqualTo(2);
    assertThat(run("assign", "n", "--config-map", "a", "--key", "../qux").exitCode()).isEqualTo(2);
    assertThat(run("push", "Capital", "--from-file", "kubelet=-").exitCode()).isEqualTo(2);
    assertThat(run("push", "a", "--from-file", "a/b=-").exitCode()).isEqualTo(2);
  }

  @Test
  @DisplayName("an unknown node is named")
  void unknownNode() {
    var result = run("assign", "nobody", "--config-map", push());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("there is no node \"nobody\"");
  }

  @Test
  @DisplayName(
      "assign --wait ends with 0 when the node runs it, with 1 and the reason when refused")
  void waits() throws Exception {
    var node = node("");
    var configMap = push();
    assertThat(run("assign", node, "--config-map", configMap).exitCode()).isZero();
    report(node, Phase.Trial, "", true);
    var runs = run("assign", node, "--config-map", configMap, "--wait", "--timeout", "20s");
    assertThat(runs.exitCode()).isZero();
    assertThat(runs.out()).contains(node + "  Trial");

    report(node, Phase.Rejected, ConfigErrors.VALIDATE, false);
    var refused = run("assign", node, "--config-map", configMap, "--wait", "--timeout", "20s");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).contains("Rejected", ConfigErrors.VALIDATE, "maxPods: -5");
  }

  @Test
  @DisplayName(
      "bug 16: assign --wait on a node without an agent ends at its time limit and says so")
  void waitsInVain() throws Exception {
    var node = node("");
    var result = run("assign", node, "--config-map", push(), "--wait", "--timeout", "300ms");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("still waiting for: " + node, "without an agent");
  }

  @Test
  @DisplayName("AGENT-14 retry leaves a new annotation for the agent, and nothing where none is")
  void retry() throws Exception {
    var node = node("");
    assertThat(run("retry", node).out()).contains("unchanged: nothing is assigned");
    run("assign", node, "--config-map", push());
    assertThat(run("retry", node, "--dry-run=client").out()).contains("dry run");
    assertThat(run("retry", node).out())
        .isEqualTo("nodekubelet/" + node + " will be tried again\n");
    String first = NodeKubelet.fromTree(kubelet(node)).retry();
    assertThat(first).isNotEmpty();
    run("retry", node);
    assertThat(NodeKubelet.fromTree(kubelet(node)).retry()).isGreaterThan(first);
  }

  @Test
  @DisplayName("AGENT-16 reset takes the source away and leaves the rest; twice is unchanged")
  void reset() throws Exception {
    var node = node("");
    assertThat(run("reset", node).out()).contains("unchanged");
    run("assign", node, "--config-map", push(), "--trial-duration", "1h");
    assertThat(run("reset", "node/" + node, node).out())
        .isEqualTo("nodekubelet/" + node + " reset\n");
    assertThat(Tree.map(kubelet(node), "spec")).doesNotContainKey("configSource");
    assertThat(Tree.string(kubelet(node), "spec", "trialDuration")).contains("1h0m0s");
    assertThat(run("reset", node).out()).contains("unchanged");
  }

  @Test
  @DisplayName("status shows all nodes as a table, one as a page, and objects for programs")
  void status() throws Exception {
    var node = node("");
    var unmanaged = node("-unmanaged");
    var configMap = push();
    run("assign", node, "--config-map", configMap);
    report(node, Phase.Rejected, ConfigErrors.VALIDATE, false);
    var table = run("status", "-o", "wide");
    assertThat(table.exitCode()).isZero();
    assertThat(table.out())
        .startsWith("NAME")
        .containsPattern(node + " +Rejected +" + configMap + " +\\(local\\) +\\(local\\)")
        .contains(ConfigErrors.VALIDATE, "v1.30.2")
        .containsPattern(unmanaged + " +<none> ");

    var page = run("status", node);
    assertThat(page.out())
        .contains("Phase:", "Rejected", "ConfigValid", "InvalidValue", "maxPods: -5 is negative");
    var json = run("status", node, "-o", "json");
    var object = Json.parseObject(json.out().getBytes(StandardCharsets.UTF_8));
    assertThat(Tree.string(object, "kind")).contains("NodeKubelet");
    assertThat(Tree.string(object, "status", "phase")).contains("Rejected");
    assertThat(run("status", "nobody").exitCode()).isEqualTo(1);
  }

  @Test
  @DisplayName("KUBELET-2 validate --node judges as the kubelet of that node would")
  void validateForNode() throws Exception {
    var node = node("");
    var result = run("validate", "-", "--node", node);
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("valid for kubelet 1.30");
  }

  @Test
  @DisplayName("KUBELET-2 validate --node refuses reservations above what that node has")
  void validateForCapacity() throws Exception {
    var node = node("");
    var document = DOCUMENT + "kubeReserved: {memory: 9Gi}\n";
    assertThat(Cli.run(env, document, "validate", "-").exitCode()).isZero();
    var result = Cli.run(env, document, "validate", "-", "--node", node);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("would not start with it", "memory");
  }

  @Test
  @DisplayName("a cluster without the CRD: what to install")
  void noCrd(@TempDir Path other) throws Exception {
    try (var bare = Sandbox.start(SandboxOptions.in(other))) {
      var result = Cli.run(Map.of("KUBECONFIG", bare.adminKubeconfig().toString()), "", "status");
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err()).contains("NodeKubelet", "kubectl apply -k deploy/");
    }
  }
}
