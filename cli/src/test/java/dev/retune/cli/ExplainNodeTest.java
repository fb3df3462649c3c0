package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.FieldSource;
import dev.retune.api.FieldsStatus;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeConfigStatus;
import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletSpec;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.RetuneApi;
import dev.retune.api.ShadowedField;
import dev.retune.cli.playground.Playground;
import dev.retune.kube.Json;
import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against a real API server, a kubelet that answers {@code /configz}, and nodes that do not; what
 * their agents would report is written by hand.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainNodeTest {
  private static final String DOCUMENT =
      """
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      maxPods: 50
      registryPullQPS: 9
      """;

  private @Nullable Playground started;
  private @Nullable KubeClient connected;
  private Map<String, String> env = Map.of();

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    var playground = Playground.start(Optional.of(directory), 0, 1);
    started = playground;
    assertThat(playground.awaitReady(Duration.ofMinutes(1))).isTrue();
    var kubeconfig = playground.sandbox().adminKubeconfig();
    env = Map.of("KUBECONFIG", kubeconfig.toString());
    connected =
        new KubeClient(
            KubeConfig.load(kubeconfig, Optional.empty()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    client()
        .create(
            "/api/v1/namespaces/kube-system/configmaps",
            Tree.object(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Tree.object("name", "c1", "namespace", "kube-system"),
                "data",
                Tree.object("kubelet", DOCUMENT)));
  }

  @AfterAll
  void stop() throws Exception {
    client().close();
    Objects.requireNonNull(started).close();
  }

  private KubeClient client() {
    return Objects.requireNonNull(connected);
  }

  private Cli.Result run(String... args) {
    return Cli.run(env, "", args);
  }

  @Test
  @DisplayName("C15 a field on a node: what its kubelet says, and where that comes from")
  void live() {
    var page = run("explain", "eventRecordQPS", "--node", "node-1");
    assertThat(page.err()).isEmpty();
    assertThat(page.exitCode()).isZero();
    assertThat(page.out())
        .contains(
            "FIELD: eventRecordQPS <integer>\n", "ON NODE node-1:\n    50   from default of 1.36\n")
        .contains("DEFAULT:\n    5 ", "TO CHANGE IT TAKES:");
    assertThat(run("explain", "authentication.x509.clientCAFile", "--node", "node-1").out())
        .containsPattern("ON NODE node-1:\n    /.+   from the node's local config\n");
    assertThat(run("explain", "providerID", "--node", "node-1").out())
        .contains("not set there, or not known", "retune node explain providerID");
  }

  @Test
  @DisplayName("without a field: what is not as by default on that node")
  void list() {
    var page = run("explain", "--node", "node-1");
    assertThat(page.exitCode()).isZero();
    assertThat(page.out())
        .startsWith("FIELD ")
        .containsPattern("authentication.x509.clientCAFile +/.+ +the node's local config\n")
        .doesNotContain("eventRecordQPS");
  }

  @Test
  @DisplayName(
      "a kubelet that cannot be asked: what the assigned ConfigMap comes to, with its line")
  void computed() throws Exception {
    node("quiet-1", FieldsStatus.NONE);
    var page = run("explain", "maxPods", "--node", "quiet-1");
    assertThat(page.err()).contains("note: the kubelet itself cannot be asked");
    assertThat(page.out())
        .contains("50   from ConfigMap kube-system/c1, key kubelet, line 3\n")
        .contains("VERSION:    kubelet.config.k8s.io/v1beta1, kubelet 1.30\n");
    assertThat(run("explain", "syncFrequency", "--node", "quiet-1").out())
        .contains("1m0s   from default of 1.30\n");
  }

  @Test
  @DisplayName("AGENT-19 what the agent reports of flags and drop-ins wins over the document")
  void reported() throws Exception {
    node(
        "quiet-2",
        new FieldsStatus(
            List.of(new ShadowedField("maxPods", "--max-pods", "kubeadm-flags.env:1")),
            List.of(),
            List.of(new FieldSource("maxPods", "60", "--max-pods=60 (kubeadm-flags.env:1)")),
            List.of()));

    assertThat(run("explain", "maxPods", "--node", "quiet-2").out())
        .contains(
            "    60   from --max-pods=60 (kubeadm-flags.env:1)\n"
                + "    without effect: 50 of ConfigMap kube-system/c1, key kubelet, line 3,"
                + " because of --max-pods in kubeadm-flags.env:1\n");
    var tree =
        Json.parseObject(
            run("explain", "registryPullQPS", "--node", "quiet-2", "-o", "json")
                .out()
                .getBytes(StandardCharsets.UTF_8));
    assertThat(Tree.maps(tree, "node", "values"))
        .containsExactly(
            Tree.object(
                "field",
                "registryPullQPS",
                "value",
                9L,
                "source",
                "ConfigMap kube-system/c1, key kubelet, line 4",
                "withoutEffect",
                ""));
  }

  @Test
  @DisplayName("a node that is not there, or a version beside it: the exit code says which")
  void wrong() {
    assertThat(run("explain", "maxPods", "--node", "nobody").exitCode()).isEqualTo(1);
    var both = run("explain", "maxPods", "--node", "node-1", "--kubelet-version", "1.30");
    assertThat(both.exitCode()).isEqualTo(2);
  }

  /** A node without a kubelet that could be asked. */
  private void node(String name, FieldsStatus fields) throws IOException {
    client()
        .create(
            "/api/v1/nodes",
            Tree.object(
                "apiVersion",
                "v1",
                "kind",
                "Node",
                "metadata",
                Tree.object("name", name),
                "status",
                Tree.object("nodeInfo", Tree.object("kubeletVersion", "v1.30.2"))));
    client()
        .create(RetuneApi.NODE_KUBELETS_PATH, NodeKubelet.of(name, NodeKubeletSpec.LOCAL).toTree());
    var active =
        NodeConfigSource.of(ConfigMapNodeConfigSource.reference("kube-system", "c1", "kubelet"));
    client()
        .modifyStatus(
            RetuneApi.nodeKubeletPath(name),
            tree -> {
              var status = NodeKubelet.fromTree(tree).status();
              tree.put(
                  "status",
                  new NodeKubeletStatus(
                          new NodeConfigStatus(
                              Optional.of(active), Optional.of(active), Optional.empty(), ""),
                          status.phase(),
                          status.trial(),
                          status.effectiveConfigHash(),
                          status.kubeletVersion(),
                          status.kubeletStartTime(),
                          status.restartCount(),
                          status.observedGeneration(),
                          fields,
                          status.conditions())
                      .toTree());
              return tree;
            });
  }
}
