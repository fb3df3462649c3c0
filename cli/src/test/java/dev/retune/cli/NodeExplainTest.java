package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.node.KubeletProcess;
import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import dev.retune.kubelet.Host;
import dev.retune.kubelet.KubeletVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeExplainTest {
  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
  private static final String CHECKPOINT = "var/lib/retune/store/checkpoints/u1/7/kubelet";

  @TempDir private Path root;

  @BeforeEach
  void kubeadmNode() throws IOException {
    put("usr/lib/systemd/system/kubelet.service", "[Service]\nExecStart=/usr/bin/kubelet\n");
    put(
        "usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf",
        """
        [Service]
        Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
        EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
        EnvironmentFile=-/etc/default/kubelet
        ExecStart=
        ExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
        """);
    put("var/lib/kubelet/config.yaml", HEADER + "maxPods: 100\nclusterDomain: cluster.local\n");
    put("var/lib/kubelet/kubeadm-flags.env", "KUBELET_KUBEADM_ARGS=\"--max-pods=60\"\n");
  }

  @Test
  @DisplayName("C14 a field: its value, its source, and what has no effect, by file and line")
  void field() {
    var page = explain("maxPods");
    assertThat(page.exitCode()).isZero();
    assertThat(page.err()).isEmpty();
    assertThat(page.out())
        .isEqualTo(
            """
            FIELD: maxPods

            VALUE:
                60

            SOURCE:
                --max-pods=60 (/var/lib/kubelet/kubeadm-flags.env:1)

            WITHOUT EFFECT:
                100   /var/lib/kubelet/config.yaml:3

            """);
    assertThat(explain("syncFrequency").out()).contains("1m0s", "default of 1.34");
    assertThat(explain("providerID").out()).contains("not set, and there is no default");
  }

  @Test
  @DisplayName("a field that this kubelet does not have: exit code 1 and the one that was meant")
  void unknown() {
    var result = explain("maxPod");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("kubelet 1.34 has no field \"maxPod\"", "\"maxPods\"");
  }

  @Test
  @DisplayName("without a field: where things come from, and what is not as by default")
  void page() throws IOException {
    put("etc/default/kubelet", "KUBELET_EXTRA_ARGS=--config-dir=/etc/kubelet.d\n");
    put("etc/kubelet.d/10.conf", HEADER + "syncFrequency: 2m\nmaxPodz: 1\n");
    put("var/lib/kubelet/instance-config.yaml", "clusterDomain: cluster.local\n");

    var page = explain();
    assertThat(page.exitCode()).isZero();
    assertThat(page.out())
        .contains(
            "Kubelet:        1.34, /usr/bin/kubelet\n",
            "Config:         /var/lib/kubelet/config.yaml\n",
            "Drop-ins:       /etc/kubelet.d/10.conf\n",
            "Flags:          --max-pods=60 (/var/lib/kubelet/kubeadm-flags.env:1)\n",
            "From the node:  /var/lib/kubelet/instance-config.yaml\n",
            "Problem:        drop-in /etc/kubelet.d/10.conf:4: maxPodz")
        .containsPattern("syncFrequency +2m0s +/etc/kubelet.d/10.conf:3\n")
        .containsPattern("maxPods +60 +--max-pods=60")
        .containsPattern("  without effect +100 +/var/lib/kubelet/config.yaml:3\n")
        .containsPattern(
            "clusterDomain +cluster.local +/var/lib/kubelet/config.yaml:4,"
                + " out of /var/lib/kubelet/instance-config.yaml:1\n")
        .doesNotContain("registryPullQPS");
    assertThat(explain("--all").out()).containsPattern("registryPullQPS +5 +default of 1.34\n");
  }

  @Test
  @DisplayName("AGENT-8 with a config of Retune's active, that is the one, beside the local one")
  void active() throws IOException {
    activate(CHECKPOINT);
    put(CHECKPOINT, HEADER + "podsPerCore: 3\n");

    assertThat(explain().out())
        .contains(
            "Config:         /"
                + CHECKPOINT
                + ", put there by Retune; the local one is /var/lib/kubelet/config.yaml\n")
        .containsPattern("podsPerCore +3 +/" + CHECKPOINT + ":3\n")
        .doesNotContain("clusterDomain");
  }

  @Test
  @DisplayName("AGENT-9 what an overlay was merged into is traced to overlay and local config")
  void overlay() throws IOException {
    String merged = CHECKPOINT + "+local-0123456789abcdef";
    activate(merged);
    put(CHECKPOINT, HEADER + "podsPerCore: 3\n");
    put(
        merged,
        """
        {"apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "podsPerCore": 3,
        "clusterDomain": "cluster.local"}
        """);

    assertThat(explain().out())
        .contains(
            ":3, out of /" + CHECKPOINT + ":3\n", ":4, out of /var/lib/kubelet/config.yaml:4\n");
  }

  @Test
  @DisplayName(
      "the running kubelet counts; when its unit would start it otherwise now, that is told")
  void running() {
    var view =
        NodeView.read(
            root,
            new AgentOptions(
                "n1",
                AgentOptions.DEFAULT_KUBECONFIG,
                AgentOptions.DEFAULT_DIRECTORY,
                AgentOptions.DEFAULT_UNIT,
                AgentOptions.DEFAULT_BINARY,
                AgentOptions.DEFAULT_HEALTHZ,
                Optional.empty(),
                AgentOptions.DEFAULT_METRICS),
            KubeletVersion.parse("1.34"),
            Host.UNKNOWN,
            Optional.of(
                new KubeletProcess(
                    812,
                    Duration.ZERO,
                    List.of(
                        "/usr/bin/kubelet",
                        "--config=/var/lib/kubelet/config.yaml",
                        "--max-pods=70"),
                    true)));

    assertThat(view.problems())
        .singleElement()
        .asString()
        .contains("with --max-pods=70", "without --max-pods=60");
    assertThat(view.effective().orElseThrow().setting("maxPods").orElseThrow().source())
        .hasToString("--max-pods=70 (the command line)");
    assertThat(view.effective().orElseThrow().setting("clusterDomain").orElseThrow().source())
        .hasToString("/var/lib/kubelet/config.yaml:4");
  }

  @Test
  @DisplayName("files that a kubelet cannot start with: exit code 1, and the file")
  void unreadable() throws IOException {
    put("etc/default/kubelet", "KUBELET_EXTRA_ARGS=--config-dir=/etc/kubelet.d\n");
    put("etc/kubelet.d/10.conf", "");
    var empty = explain();
    assertThat(empty.exitCode()).isEqualTo(1);
    assertThat(empty.out()).contains("drop-in /etc/kubelet.d/10.conf", "does not start");

    Files.delete(root.resolve("etc/default/kubelet"));
    Files.delete(root.resolve("var/lib/kubelet/config.yaml"));
    var gone = explain("maxPods");
    assertThat(gone.exitCode()).isEqualTo(1);
    assertThat(gone.out()).contains("/var/lib/kubelet/config.yaml of --config does not exist");
  }

  @Test
  @DisplayName("-o json has values, sources and what they override under names of their own")
  void json() throws Exception {
    var tree =
        Json.parseObject(explain("maxPods", "-o", "json").out().getBytes(StandardCharsets.UTF_8));
    assertThat(tree)
        .containsEntry("kubeletVersion", "1.34")
        .containsEntry("activatedByRetune", false)
        .containsEntry("config", "/var/lib/kubelet/config.yaml");
    assertThat(Tree.maps(tree, "fields"))
        .containsExactly(
            Tree.object(
                "field",
                "maxPods",
                "value",
                60L,
                "source",
                "--max-pods=60 (/var/lib/kubelet/kubeadm-flags.env:1)",
                "isDefault",
                false,
                "overrides",
                List.of(Tree.object("value", 100L, "source", "/var/lib/kubelet/config.yaml:3"))));
  }

  private void activate(String config) throws IOException {
    put(
        "etc/systemd/system/kubelet.service.d/90-retune.conf",
        "[Service]\nEnvironmentFile=-/var/lib/retune/kubelet.env\n");
    put("var/lib/retune/kubelet.env", "KUBELET_CONFIG_ARGS=--config=/" + config + "\n");
  }

  private Cli.Result explain(String... args) {
    var all = new ArrayList<>(List.of("node", "explain"));
    all.addAll(List.of(args));
    all.addAll(
        List.of("--root", root.toString(), "--node-name", "n1", "--kubelet-version", "1.34"));
    return Cli.run(all.toArray(String[]::new));
  }

  private void put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
  }
}
