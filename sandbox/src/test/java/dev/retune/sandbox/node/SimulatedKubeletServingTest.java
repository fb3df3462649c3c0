package dev.retune.sandbox.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.retune.kube.ApiException;
import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.Tree;
import dev.retune.sandbox.Sandbox;
import dev.retune.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulated kubelet beside an API server, as others see it. */
class SimulatedKubeletServingTest {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1";

  @TempDir Path directory;
  private Sandbox sandbox;
  private KubeClient admin;
  private KubeletProcess kubelet;

  @BeforeEach
  void startAll() throws Exception {
    sandbox = Sandbox.start(SandboxOptions.in(directory.resolve("sandbox")).port(0));
    admin = client(sandbox.adminKubeconfig());
    kubelet = KubeletProcess.in(Files.createDirectories(directory.resolve("node")));
  }

  @AfterEach
  void stopAll() {
    kubelet.close();
    admin.close();
    sandbox.close();
  }

  private static KubeClient client(Path kubeconfig) throws Exception {
    return new KubeClient(
        KubeConfig.load(kubeconfig, Optional.empty()),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5));
  }

  private KubeletProcess started(String... more) throws IOException {
    String[] arguments = new String[more.length + 1];
    arguments[0] = "--kubeconfig=" + sandbox.kubeconfig("system:node:n1", List.of("system:nodes"));
    System.arraycopy(more, 0, arguments, 1, more.length);
    return kubelet.start(arguments);
  }

  private Map<String, @Nullable Object> node() {
    return await("node n1")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(
            () -> admin.get("/api/v1/nodes/n1"),
            node -> !Tree.map(node, "status", "capacity").isEmpty());
  }

  private String pods() {
    return Tree.string(node(), "status", "capacity", "pods").orElse("");
  }

  private String ready() {
    return Tree.maps(node(), "status", "conditions").stream()
        .filter(condition -> Tree.string(condition, "type").orElse("").equals("Ready"))
        .findFirst()
        .flatMap(condition -> Tree.string(condition, "status"))
        .orElse("");
  }

  private Instant renewed() throws IOException {
    return Instant.parse(Tree.string(admin.get(LEASE), "spec", "renewTime").orElseThrow());
  }

  @Test
  @DisplayName(
      "It registers its node with what the configuration says, renews its lease, and ends with 0 on SIGTERM")
  void registers() throws Exception {
    Instant before = Instant.now();
    long start = System.nanoTime();
    kubelet.configured("maxPods: 77");
    started().healthy();
    System.out.printf(
        "simulated kubelet: healthz after %d ms%n", (System.nanoTime() - start) / 1_000_000);

    assertThat(pods()).isEqualTo("77");
    Map<String, @Nullable Object> node = node();
    assertThat(Tree.string(node, "status", "nodeInfo", "kubeletVersion")).contains("v1.36.2");
    assertThat(Tree.longValue(node, "status", "daemonEndpoints", "kubeletEndpoint", "Port"))
        .hasValue(kubelet.port);
    assertThat(Tree.maps(node, "status", "addresses"))
        .contains(Tree.object("type", "Hostname", "address", "n1"));
    assertThat(ready()).isEqualTo("True");
    await("lease").atMost(SOON).ignoreExceptions().until(() -> !renewed().isBefore(before));

    long stop = System.nanoTime();
    kubelet.process().destroy();
    assertThat(kubelet.end()).isZero();
    System.out.printf("simulated kubelet: ends in %d ms%n", (System.nanoTime() - stop) / 1_000_000);
  }

  @Test
  @DisplayName("After a restart with another configuration the node and the lease follow at once")
  void restarts() throws Exception {
    kubelet.configured("maxPods: 77");
    started().healthy();
    assertThat(pods()).isEqualTo("77");
    kubelet.process().destroy();
    kubelet.end();

    Instant before = Instant.now();
    kubelet.configured("maxPods: 88");
    started();
    await("new capacity").atMost(SOON).until(() -> pods().equals("88"));
    await("lease").atMost(SOON).until(() -> !renewed().isBefore(before));
  }

  @Test
  @DisplayName("AGENT-19 flags win over the file, the last of a repeated --config wins")
  void flagsWin() throws Exception {
    Path other = directory.resolve("other.yaml");
    kubelet.configured("maxPods: 11", "evictionHard: {memory.available: 50Mi}");
    Files.copy(kubelet.config(), other);
    kubelet.configured("maxPods: 22");
    started(
            "--max-pods",
            "33",
            "--v=2",
            "--config=" + other,
            "--node-labels=a=b,c=d",
            "--node-ip=10.0.0.7")
        .healthy();

    Map<String, @Nullable Object> node = node();
    assertThat(pods()).isEqualTo("33");
    assertThat(Tree.map(node, "metadata", "labels"))
        .containsEntry("a", "b")
        .containsEntry("c", "d");
    assertThat(Tree.maps(node, "status", "addresses"))
        .contains(Tree.object("type", "InternalIP", "address", "10.0.0.7"));
    assertThat(kubelet.log()).doesNotContain("\"command failed\"");
  }

  @Test
  @DisplayName(
      "configz tells the configuration in effect to who has a certificate of clientCAFile, and 401 to others")
  void configz() throws Exception {
    kubelet.configured(
        "maxPods: 77", "authentication: {x509: {clientCAFile: " + sandbox.caCertificate() + "}}");
    started("--kube-api-qps=7").healthy();

    try (KubeClient friend = kubeletClient(sandbox.adminKubeconfig())) {
      Map<String, @Nullable Object> configz =
          await("configz")
              .atMost(SOON)
              .ignoreException(IOException.class)
              .until(() -> friend.get("/configz"), c -> !c.isEmpty());
      assertThat(Tree.longValue(configz, "kubeletconfig", "maxPods")).hasValue(77);
      assertThat(Tree.longValue(configz, "kubeletconfig", "kubeAPIQPS")).hasValue(7);
      assertThat(Tree.string(configz, "kubeletconfig", "syncFrequency")).contains("1m0s");
      assertThat(friend.getText("/healthz")).isEqualTo("ok");
    }
    try (Sandbox stranger =
            Sandbox.start(SandboxOptions.in(directory.resolve("stranger")).port(0));
        KubeClient foe = kubeletClient(stranger.adminKubeconfig())) {
      assertThat(code(foe)).isEqualTo(401);
    }
  }

  private static int code(KubeClient client) throws IOException {
    try {
      client.get("/configz");
      return 200;
    } catch (ApiException e) {
      return e.code();
    }
  }

  /** A client of the kubelet's own port with the certificate of a kubeconfig. */
  private KubeClient kubeletClient(Path kubeconfig) throws Exception {
    Path copy = Files.createTempFile(directory, "kubelet", ".kubeconfig");
    String text =
        Files.readString(kubeconfig)
            .replaceAll(
                "\"?server\"?: *[^\\n]*",
                "server: https://127.0.0.1:"
                    + kubelet.port
                    + "\n    insecure-skip-tls-verify: true")
            .replaceAll("\"?certificate-authority-data\"?: *[^\\n]*", "");
    Files.writeString(copy, text);
    return client(copy);
  }

  @Test
  @DisplayName(
      "AGENT-2 it starts and is healthy while the API server is away, and registers when it is back")
  void apiAway() throws Exception {
    kubelet.configured("maxPods: 77");
    sandbox.faults().gone();
    started().healthy();
    await("it has tried")
        .atMost(SOON)
        .until(() -> kubelet.log().contains("Unable to register node"));
    assertThat(kubelet.process().isAlive()).isTrue();

    sandbox.faults().back();
    assertThat(pods()).isEqualTo("77");
  }

  @Test
  @DisplayName(
      "Faults on order: healthz, lease, readiness and the exit, only while the configuration is the one they are for")
  void faults() throws Exception {
    Path orders = kubelet.root().resolve(FaultOrders.FILE);
    kubelet.configured("maxPods: 77", "nodeLeaseDurationSeconds: 1");
    started().healthy();
    assertThat(ready()).isEqualTo("True");

    Files.writeString(orders, "when=maxPods:78\nexit-after=0s\n");
    assertThat(kubelet.healthz()).isEqualTo("200 ok");
    Files.writeString(orders, "when=maxPods:77\nhealthz-fails-after=0s\nnot-ready-after=0s\n");
    assertThat(kubelet.healthz()).startsWith("500 ");
    await("not ready").atMost(SOON).until(() -> ready().equals("False"));

    Files.writeString(orders, "lease-stops-after=0s\n");
    await("lease stands still")
        .atMost(SOON)
        .until(() -> {
          Instant seen = renewed();
          return seen.isBefore(Instant.now().minusSeconds(1)) && renewed().equals(seen);
        });

    Files.writeString(orders, "exit-after=0s\nexit-code=7\nexit-log=the test wants it\n");
    assertThat(kubelet.end()).isEqualTo(7);
    assertThat(kubelet.lastLine()).contains("the test wants it");
  }
}
