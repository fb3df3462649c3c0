package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.retune.api.Condition;
import dev.retune.api.ConfigErrors;
import dev.retune.api.DriftedField;
import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import dev.retune.api.ShadowedField;
import dev.retune.e2e.machine.NeedsMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What else is on a kubeadm node: flags, local config, instance settings, state files. */
@NeedsMachine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeFilesTest {
  private static final Duration SHORT_TRIAL = Duration.ofSeconds(1);
  private static final String FLAGS = "/var/lib/kubelet/kubeadm-flags.env";
  private static final String LOCAL = "/var/lib/kubelet/config.yaml";
  private static final String STATE = "/var/lib/kubelet/cpu_manager_state";
  private static final String GARBAGE = "/etc/kubernetes/pki/garbage.pem";
  private static final String STATIC =
      "cpuManagerPolicy: static\nsystemReserved: {cpu: 100m, memory: 100Mi}\n";

  private NodeFixture fixture;
  private Admin admin;
  private KubeadmNode node;
  private String flags = "";

  @BeforeAll
  void boot(@TempDir Path directory) throws Exception {
    fixture = NodeFixture.boot(directory, "files");
    admin = fixture.admin();
    node = fixture.node();
    flags = node.machine().read(FLAGS);
    node.machine().write(GARBAGE, "no certificate\n");
  }

  @AfterAll
  void shutDown() {
    fixture.close();
  }

  @BeforeEach
  void reset() throws Exception {
    node.machine().write(FLAGS, flags);
    node.machine().write(LOCAL, Documents.local());
    if (admin.isRegistered(node)) {
      admin.reset(node);
    }
    node.machine().must("systemctl", "restart", "kubelet");
    node.awaitHealthy();
    admin.register(node, SHORT_TRIAL, OnInvalid.KeepActive);
  }

  @Test
  @DisplayName(
      "AGENT-19 --max-pods in kubeadm-flags.env: shadowed, with file and line, not applied")
  void shadowedByAFlag() throws Exception {
    node.machine().write(FLAGS, "# by kubeadm\n" + flags.replaceFirst("=\"", "=\"--max-pods=110 "));
    admin.putConfigMap("more-pods", Documents.correct(200));
    admin.assign(node, "more-pods", Admin.KEY);

    var status =
        admin.awaitStatus(
            node,
            "shadowed field",
            seen -> !seen.fields().shadowed().isEmpty() && seen.trial().isEmpty());
    assertThat(status.fields().shadowed())
        .contains(new ShadowedField("maxPods", "--max-pods", FLAGS + ":2"));
    assertThat(status.phase()).contains(Phase.Drifted);
    var synced = status.condition(Condition.SYNCED).orElseThrow();
    assertThat(synced.status()).isEqualTo(Condition.Status.False);
    assertThat(synced.reason()).isEqualTo("Shadowed");
    assertThat(admin.configz(node)).containsEntry("maxPods", 110L);
  }

  @Test
  @DisplayName("bug 25: AGENT-11 the kubelet's own /configz is held against what was put in place")
  void configz() {
    var status =
        admin.awaitStatus(
            node,
            "what /configz says",
            seen ->
                seen.condition(Condition.KUBELET_HEALTHY)
                    .filter(condition -> condition.message().contains("/configz"))
                    .isPresent());
    assertThat(status.condition(Condition.KUBELET_HEALTHY).orElseThrow().message())
        .isEqualTo("healthz answers ok; its /configz says the same");
  }

  @Test
  @DisplayName(
      "AGENT-17 an edit of the local config is told at once, per field, and restarts nothing")
  void drift() throws Exception {
    String pid = node.kubeletPid();
    node.machine().write(LOCAL, Documents.correct(90));
    var status =
        admin.awaitStatus(
            node, "drift", seen -> seen.phase().filter(Phase.Drifted::equals).isPresent());
    assertThat(status.fields().drifted())
        .extracting(DriftedField::field, DriftedField::desired, DriftedField::actual)
        .containsExactly(tuple("maxPods", "110", "90"));
    assertThat(status.fields().drifted().getFirst().source()).startsWith(LOCAL + ":");
    assertThat(node.kubeletPid()).isEqualTo(pid);

    node.machine().must("systemctl", "restart", "kubelet");
    admin.awaitPhase(node, Phase.Local);
  }

  @Test
  @DisplayName("AGENT-9 an overlay keeps what is local, and follows kubeadm when that rewrites it")
  void overlay() throws Exception {
    admin.putConfigMap(
        "fewer-pods",
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: 60\n");
    admin.overlay(node, "fewer-pods", Admin.KEY);
    admin.awaitPhase(node, Phase.Good);
    assertThat(admin.configz(node))
        .containsEntry("maxPods", 60L)
        .containsEntry("clusterDomain", "cluster.local");

    node.machine().write(LOCAL, Documents.local() + "podPidsLimit: 2222\n");
    await("merged again")
        .atMost(Duration.ofSeconds(30))
        .until(() -> admin.configz(node).get("podPidsLimit"), Long.valueOf(2222)::equals);
    assertThat(admin.configz(node)).containsEntry("maxPods", 60L);
    admin.awaitPhase(node, Phase.Good);
  }

  @Test
  @DisplayName("AGENT-9 a local config that breaks under an overlay: what ran before is run again")
  void overlayOverABrokenLocalConfig() throws Exception {
    admin.putConfigMap(
        "fewer-pods",
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: 60\n");
    admin.overlay(node, "fewer-pods", Admin.KEY);
    admin.awaitPhase(node, Phase.Good);
    node.machine().write(LOCAL, Documents.crashing(GARBAGE));
    var status =
        admin.awaitStatus(node, "way back", seen -> seen.config().error().equals(ConfigErrors.RUN));
    assertThat(status.config().active()).isEqualTo(status.config().lastKnownGood());
    assertThat(admin.configz(node)).containsEntry("maxPods", 60L);
  }

  @Test
  @DisplayName("kubeadm: an edit of kubelet-config reaches the node, whose instance settings stay")
  void kubeadmConfigMap() throws Exception {
    node.machine()
        .write("/etc/kubernetes/patches/kubeletconfiguration0+merge.yaml", "podPidsLimit: 3333\n");
    admin.putConfigMap("kubelet-config", Documents.correct(70));
    admin.assign(node, "kubelet-config", Admin.KEY);
    admin.awaitPhase(node, Phase.Good);
    assertThat(admin.configz(node))
        .containsEntry("maxPods", 70L)
        .containsEntry("podPidsLimit", 3333L);

    admin.editConfigMap("kubelet-config", Map.of(Admin.KEY, Documents.correct(71)));
    await("the edit")
        .atMost(Duration.ofSeconds(30))
        .until(() -> admin.configz(node).get("maxPods"), Long.valueOf(71)::equals);
    assertThat(admin.configz(node)).containsEntry("podPidsLimit", 3333L);
    admin.awaitPhase(node, Phase.Good);
  }

  @Test
  @DisplayName("bug 24: AGENT-18 CPU manager none, static, crash, none: each with its state file")
  void cpuManager() throws Exception {
    assertThat(policyOfStateFile()).isEqualTo("none");

    // There and back, because of a crash.
    admin.putConfigMap("static", Documents.crashing(GARBAGE) + STATIC);
    admin.assign(node, "static", Admin.KEY);
    admin.awaitStatus(node, "way back", seen -> seen.config().error().equals(ConfigErrors.RUN));
    assertThat(policyOfStateFile()).isEqualTo("none");
    assertThat(admin.configz(node).getOrDefault("cpuManagerPolicy", "none")).isEqualTo("none");

    // There, for good.
    admin.putConfigMap("static", Documents.correct(99) + STATIC);
    admin.awaitPhase(node, Phase.Good);
    assertThat(policyOfStateFile()).isEqualTo("static");
    assertThat(admin.configz(node)).containsEntry("cpuManagerPolicy", "static");

    // And back on purpose.
    admin.reset(node);
    admin.awaitPhase(node, Phase.Local);
    assertThat(policyOfStateFile()).isEqualTo("none");
    assertThat(node.machine().must("ls", "/var/lib/kubelet").lines().toList())
        .noneMatch(name -> name.endsWith(".before-retune"));
    assertThat(List.of(node.machine().property("kubelet.service", "NRestarts")))
        .containsExactly("0");
  }

  private String policyOfStateFile() {
    String text = node.machine().read(STATE);
    return text.contains("\"policyName\":\"static\"")
        ? "static"
        : text.contains("\"policyName\":\"none\"") ? "none" : text;
  }
}
