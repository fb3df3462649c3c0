package dev.retune.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.retune.agent.core.Document;
import dev.retune.agent.core.Effect.Announce;
import dev.retune.agent.core.Effect.EventType;
import dev.retune.agent.core.Payload;
import dev.retune.agent.core.Vitals.Lease;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeConfigStatus;
import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.RetuneApi;
import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.Tree;
import dev.retune.sandbox.Sandbox;
import dev.retune.sandbox.SandboxOptions;
import dev.retune.sandbox.faults.Fault;
import dev.retune.sandbox.faults.Match;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's side of the API, against a control plane that answers as Kubernetes does. */
class ApiControlPlaneTest {

  private static final String NODE = "n1";
  private static final String PATH = RetuneApi.nodeKubeletPath(NODE);
  private static final String CONFIG_MAPS = "/api/v1/namespaces/kube-system/configmaps";
  private static final ConfigMapNodeConfigSource ONE =
      ConfigMapNodeConfigSource.reference("kube-system", "one", "kubelet");
  private static final Duration SECONDS = Duration.ofSeconds(5);

  @TempDir Path directory;
  private Sandbox sandbox;
  private KubeClient admin;
  private ApiControlPlane controlPlane;
  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

  /** News of a ConfigMap. */
  private record News(ConfigMapNodeConfigSource reference, Payload payload) {}

  /** News of the connection. */
  private record Connection(boolean reachable) {}

  private final ClusterListener listener =
      new ClusterListener() {
        @Override
        public void nodeKubelet(Optional<NodeKubelet> object) {
          heard.add(object);
        }

        @Override
        public void configMap(ConfigMapNodeConfigSource reference, Payload payload) {
          heard.add(new News(reference, payload));
        }

        @Override
        public void reachable(boolean reachable) {
          heard.add(new Connection(reachable));
        }
      };

  @BeforeEach
  void start() throws Exception {
    // The sandbox notices that a watcher is gone when it next writes to it.
    sandbox = Sandbox.start(SandboxOptions.in(directory).bookmarkInterval(Duration.ofMillis(250)));
    Path root = Path.of(System.getProperty("retune.root"));
    sandbox.apply(Files.readString(root.resolve("deploy/crds/retune.dev_nodekubelets.yaml")));
    sandbox.apply(Files.readString(root.resolve("deploy/rbac/node.yaml")));
    sandbox.apply(Files.readString(root.resolve("deploy/rbac/isolation.yaml")));
    sandbox.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: reads-configmaps, namespace: kube-system}
        rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: reads-configmaps, namespace: kube-system}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reads-configmaps}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:nodes"}]
        """);
    admin = client(sandbox.adminKubeconfig());
    controlPlane = as("system:node:" + NODE);
  }

  private ApiControlPlane as(String user) throws Exception {
    Path kubeconfig = sandbox.kubeconfig(user, List.of("system:nodes"));
    return new ApiControlPlane(client(kubeconfig), NODE, Clock.systemUTC());
  }

  private static KubeClient client(Path kubeconfig) throws Exception {
    return new KubeClient(KubeConfig.load(kubeconfig, Optional.empty()), SECONDS, SECONDS);
  }

  @AfterEach
  void stop() {
    controlPlane.close();
    admin.close();
    sandbox.close();
  }

  private Object next() throws InterruptedException {
    Object next = heard.poll(10, TimeUnit.SECONDS);
    return next == null ? "nothing" : next;
  }

  private Object nextButConnection() throws InterruptedException {
    Object next = next();
    while (next instanceof Connection) {
      next = next();
    }
    return next;
  }

  @SuppressWarnings("unchecked")
  private NodeKubelet nextNodeKubelet() throws InterruptedException {
    return ((Optional<NodeKubelet>) nextButConnection()).orElseThrow();
  }

  private Payload nextPayload() throws InterruptedException {
    return ((News) nextButConnection()).payload();
  }

  private static Map<String, @Nullable Object> nodeKubelet(String configMap) {
    return Tree.object(
        "apiVersion",
        RetuneApi.API_VERSION,
        "kind",
        RetuneApi.NODE_KUBELET_KIND,
        "metadata",
        Tree.object("name", NODE, "labels", Tree.object("team", "a")),
        "spec",
        Tree.object(
            "configSource",
            Tree.object(
                "configMap",
                Tree.object(
                    "namespace", "kube-system",
                    "name", configMap,
                    "kubeletConfigKey", "kubelet"))));
  }

  private static Map<String, @Nullable Object> configMap(String name, String text) {
    return Tree.object(
        "apiVersion",
        "v1",
        "kind",
        "ConfigMap",
        "metadata",
        Tree.object("name", name, "namespace", "kube-system"),
        "data",
        Tree.object("kubelet", text));
  }

  private static NodeKubeletStatus status(String error) {
    return new NodeKubeletStatus(
        new NodeConfigStatus(
            NodeConfigStatus.LOCAL.assigned(),
            NodeConfigStatus.LOCAL.active(),
            NodeConfigStatus.LOCAL.lastKnownGood(),
            error),
        Optional.empty(),
        Optional.empty(),
        "",
        "",
        Optional.empty(),
        0,
        0,
        NodeKubeletStatus.UNKNOWN.fields(),
        List.of());
  }

  private String reportedError() throws IOException {
    return Tree.string(admin.get(PATH), "status", "config", "error").orElse("none");
  }

  @Test
  @DisplayName(
      "AGENT-1 the NodeKubelet is heard from no object to object, each change within 250 ms, and gone again")
  void ownObject() throws Exception {
    controlPlane.start(listener);
    assertThat(next()).isEqualTo(new Connection(true));
    assertThat(next()).isEqualTo(Optional.empty());

    admin.create(RetuneApi.NODE_KUBELETS_PATH, nodeKubelet("one"));
    assertThat(nextNodeKubelet().spec().configSource()).isPresent();

    long start = System.nanoTime();
    admin.modify(
        PATH,
        object -> {
          Tree.put(object, "3m", "spec", "trialDuration");
          return object;
        });
    NodeKubelet changed = nextNodeKubelet();
    Duration latency = Duration.ofNanos(System.nanoTime() - start);
    assertThat(changed.spec().trialDuration()).isEqualTo(Duration.ofMinutes(3));
    assertThat(latency).isLessThan(Duration.ofMillis(250));

    admin.delete(PATH);
    assertThat(nextButConnection()).isEqualTo(Optional.empty());
  }

  @Test
  @DisplayName(
      "AGENT-3 a followed ConfigMap is heard from missing to found, changed, without the key, and gone")
  void configMap() throws Exception {
    controlPlane.start(listener);
    nextButConnection();
    controlPlane.follow(Optional.of(ONE));
    assertThat(nextPayload())
        .isEqualTo(new Payload.Unavailable("ConfigMap kube-system/one does not exist", true));

    var created = admin.create(CONFIG_MAPS, configMap("one", "maxPods: 1"));
    assertThat(nextPayload())
        .isEqualTo(
            new Payload.Found(
                Tree.string(created, "metadata", "uid").orElseThrow(),
                Tree.string(created, "metadata", "resourceVersion").orElseThrow(),
                Optional.of(Document.of("maxPods: 1"))));

    admin.modify(
        CONFIG_MAPS + "/one",
        object -> {
          Tree.put(object, Tree.object("other", "x"), "data");
          return object;
        });
    assertThat(nextPayload())
        .isInstanceOfSatisfying(
            Payload.Found.class, found -> assertThat(found.document()).isEmpty());

    admin.delete(CONFIG_MAPS + "/one");
    assertThat(nextPayload()).isInstanceOf(Payload.Unavailable.class);
  }

  @Test
  @DisplayName(
      "AGENT-1 one ConfigMap is followed at a time: 100 changes of mind leave two watches and no threads behind")
  void oneWatch() throws Exception {
    controlPlane.start(listener);
    nextButConnection();
    for (int i = 0; i < 100; i++) {
      controlPlane.follow(
          Optional.of(ConfigMapNodeConfigSource.reference("kube-system", "c" + i, "kubelet")));
    }
    await()
        .until(() ->
            heard.stream().anyMatch(n -> n instanceof News(var r, _) && r.name().equals("c99")));
    await().until(() -> sandbox.watches() == 2);
    await().until(() -> watchThreads() == 2);
    controlPlane.follow(Optional.empty());
    await().until(() -> sandbox.watches() == 1);
    controlPlane.close();
    await().until(() -> sandbox.watches() == 0);
    await().until(() -> watchThreads() == 0);
  }

  private static long watchThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("watch "))
        .count();
  }

  @Test
  @DisplayName(
      "AGENT-2 an API server that goes away and comes back is told once each, and what changed meanwhile is heard")
  void outage() throws Exception {
    admin.create(CONFIG_MAPS, configMap("one", "maxPods: 1"));
    controlPlane.start(listener);
    nextButConnection();
    controlPlane.follow(Optional.of(ONE));
    assertThat(nextPayload()).isInstanceOf(Payload.Found.class);

    sandbox.faults().gone();
    await().until(() -> heard.contains(new Connection(false)));
    assertThatThrownBy(controlPlane::nodeReady).isInstanceOf(IOException.class);
    sandbox.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: one, namespace: kube-system}
        data: {kubelet: "maxPods: 2"}
        """);
    heard.clear();
    sandbox.faults().back();
    // Something else that the agent does shows first that the server is back.
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> controlPlane.nodeReady().isEmpty());

    await().until(() -> heard.contains(new Connection(true)));
    await()
        .until(() ->
            heard.stream()
                .anyMatch(n ->
                    n instanceof News(_, Payload.Found found)
                        && found.document().equals(Optional.of(Document.of("maxPods: 2")))));
  }

  @Test
  @DisplayName("AGENT-2 dropped, expired and forgotten watches lose no change")
  void troubledWatches() throws Exception {
    admin.create(RetuneApi.NODE_KUBELETS_PATH, nodeKubelet("one"));
    controlPlane.start(listener);
    nextNodeKubelet();
    for (int i = 1; i <= 12; i++) {
      switch (i % 3) {
        case 0 -> sandbox.faults().dropWatches(Match.any());
        case 1 -> sandbox.faults().expireWatches(Match.any());
        default -> {
          sandbox.faults().compact();
          sandbox.faults().dropWatches(Match.any());
        }
      }
      String trial = i + "m0s";
      admin.modify(
          PATH,
          object -> {
            Tree.put(object, trial, "spec", "trialDuration");
            return object;
          });
      Duration wanted = Duration.ofMinutes(i);
      await()
          .until(() ->
              heard.poll(5, TimeUnit.SECONDS) instanceof Optional<?> object
                  && object
                      .filter(o ->
                          o instanceof NodeKubelet seen
                              && seen.spec().trialDuration().equals(wanted))
                      .isPresent());
    }
  }

  @Test
  @DisplayName(
      "AGENT-3 a ConfigMap that may not be read is told as such, and asked for again when the assignment changes")
  void forbidden() throws Exception {
    admin.create(CONFIG_MAPS, configMap("one", "maxPods: 1"));
    controlPlane.start(listener);
    nextButConnection();
    var refusal =
        sandbox
            .faults()
            .inject(
                Match.any().resource("configmaps").user("system:node:" + NODE),
                new Fault.Failure(403, "Forbidden", "configmaps \"one\" is forbidden"));
    controlPlane.follow(Optional.of(ONE));
    assertThat(nextPayload())
        .isInstanceOfSatisfying(
            Payload.Unavailable.class,
            unavailable -> assertThat(unavailable.why()).contains("\"one\" is forbidden"));
    await().until(() -> refusal.hits() >= 3);
    refusal.close();
    heard.clear();

    admin.create(RetuneApi.NODE_KUBELETS_PATH, nodeKubelet("one"));
    await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> heard.stream().anyMatch(n -> n instanceof News(_, Payload.Found _)));
  }

  @Test
  @DisplayName(
      "the status is written over conflicts, and spec, labels and other people's changes stay")
  void report() throws Exception {
    controlPlane.start(listener);
    nextButConnection();
    controlPlane.report(status("nobody asked"));

    admin.create(RetuneApi.NODE_KUBELETS_PATH, nodeKubelet("one"));
    nextNodeKubelet();
    // The version that the agent has seen is not the newest one when it reports.
    try (var _ = sandbox.faults().inject(Match.any().verb("watch"), new Fault.Dropped())) {
      sandbox.faults().dropWatches(Match.any());
      admin.modify(
          PATH,
          object -> {
            Tree.put(object, "b", "metadata", "labels", "team");
            return object;
          });
      controlPlane.report(status("one"));
    }
    assertThat(reportedError()).isEqualTo("one");
    controlPlane.report(status("two"));
    controlPlane.report(status("three"));

    var object = admin.get(PATH);
    assertThat(reportedError()).isEqualTo("three");
    assertThat(Tree.string(object, "metadata", "labels", "team")).contains("b");
    assertThat(Tree.string(object, "spec", "configSource", "configMap", "name")).contains("one");

    admin.delete(PATH);
    controlPlane.report(status("gone"));
  }

  @Test
  @DisplayName(
      "AGENT-10 an Event is about the Node as the kubelet's own are, and a slow API server is given up on")
  void announce() throws Exception {
    var restarting =
        new Announce(
            EventType.Normal, "KubeletConfigChanged", "Kubelet restarting to use local config");
    controlPlane.announce(restarting, Duration.ofSeconds(2));

    var event = admin.list("/api/v1/namespaces/default/events").getFirst();
    assertThat(Tree.string(event, "message")).contains("Kubelet restarting to use local config");
    assertThat(Tree.string(event, "reason")).contains("KubeletConfigChanged");
    assertThat(Tree.string(event, "source", "component")).contains("retune-agent");
    assertThat(Tree.map(event, "involvedObject"))
        .containsEntry("kind", "Node")
        .containsEntry("name", NODE)
        .containsEntry("uid", NODE);

    try (var _ =
        sandbox
            .faults()
            .inject(Match.any().resource("events"), new Fault.Latency(Duration.ofSeconds(30)))) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> controlPlane.announce(restarting, Duration.ofMillis(300)))
          .isInstanceOf(IOException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  @DisplayName("AGENT-11 Lease and Ready of the node are read; what is not there is empty")
  void signsOfLife() throws Exception {
    assertThat(controlPlane.lease()).isEmpty();
    assertThat(controlPlane.nodeReady()).isEmpty();
    sandbox.apply(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: kube-node-lease}
        ---
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: n1, namespace: kube-node-lease}
        spec: {holderIdentity: n1, leaseDurationSeconds: 200,
               renewTime: "2026-01-02T03:04:05.678901Z"}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        status: {conditions: [{type: MemoryPressure, status: "False"}, {type: Ready, status: "True"}]}
        """);
    assertThat(controlPlane.lease())
        .contains(new Lease(Instant.parse("2026-01-02T03:04:05.678901Z"), Duration.ofSeconds(200)));
    assertThat(controlPlane.nodeReady()).contains(true);
  }
}
