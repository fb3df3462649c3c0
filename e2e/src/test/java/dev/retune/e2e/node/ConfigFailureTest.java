package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.Condition;
import dev.retune.api.ConfigErrors;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import dev.retune.e2e.machine.NeedsMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A config that passes every check, and the kubelet dies of it. */
@NeedsMachine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfigFailureTest {
  private static final String GARBAGE = "/etc/kubernetes/pki/garbage.pem";
  private static final Duration SHORT_TRIAL = Duration.ofMillis(500);

  private NodeFixture fixture;
  private Admin admin;
  private KubeadmNode node;

  @BeforeAll
  void boot(@TempDir Path directory) throws Exception {
    fixture = NodeFixture.boot(directory, "failing");
    admin = fixture.admin();
    node = fixture.node();
    node.machine().write(GARBAGE, "no certificate\n");
  }

  @AfterAll
  void shutDown() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource(OnInvalid.class)
  @DisplayName("AGENT-13 a crash at the start: healthy on last known good within 15 s, and why")
  void crash(OnInvalid onInvalid) throws Exception {
    good(onInvalid, 61);
    long start = System.nanoTime();

    admin.configMap("crash-" + Admin.lower(onInvalid), Map.of(Admin.KEY, crashing(onInvalid)));
    admin.assign(node, "crash-" + Admin.lower(onInvalid), Admin.KEY);

    var status = admin.awaitPhase(node, Phase.RolledBack);
    node.awaitHealthy();
    var took = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf(
        "measured: from the assignment of a crashing config to healthy on last known good: %d ms%n",
        took.toMillis());
    assertThat(took).isLessThan(Duration.ofSeconds(15));
    assertRolledBack(status, 61);
    var valid = status.condition(Condition.CONFIG_VALID).orElseThrow();
    assertThat(valid.status()).isEqualTo(Condition.Status.False);
    assertThat(valid.reason()).isEqualTo("KubeletExited");
    assertThat(valid.message()).contains("exit status 1").contains("its last lines:");
    assertThat(admin.events(node, "KubeletConfigRolledBack")).isNotEmpty();
    assertThat(node.metrics()).contains("kubelet_node_config_error 1\n");
  }

  @Test
  @DisplayName("AGENT-14 a bad content is not tried again, by whatever name it comes")
  void notTriedAgain() throws Exception {
    good(OnInvalid.KeepActive, 62);
    admin.configMap("bad-one", Map.of(Admin.KEY, crashing(OnInvalid.KeepActive) + "# once\n"));
    admin.assign(node, "bad-one", Admin.KEY);
    admin.awaitPhase(node, Phase.RolledBack);
    String pid = node.kubeletPid();

    admin.configMap("bad-two", Map.of(Admin.KEY, crashing(OnInvalid.KeepActive) + "# once\n"));
    admin.assign(node, "bad-two", Admin.KEY);

    var status =
        admin.awaitStatus(
            node,
            "bad-two assigned",
            seen ->
                seen.config()
                    .assigned()
                    .flatMap(source -> source.configMap())
                    .filter(map -> map.name().equals("bad-two"))
                    .isPresent());
    assertRolledBack(status, 62);
    assertThat(node.kubeletPid()).isEqualTo(pid);
  }

  @Test
  @DisplayName("AGENT-2, -13 an API server that is away during all of it delays the report only")
  void apiServerAway() throws Exception {
    good(OnInvalid.KeepActive, 63);
    admin.configMap("away", Map.of(Admin.KEY, crashing(OnInvalid.KeepActive) + "# away\n"));
    Traces before = Traces.of(node);

    admin.assign(node, "away", Admin.KEY);
    before.await("the decision", Traces::decided);
    fixture.cluster().away();
    try {
      before.await(
          "the kubelet back on last known good",
          now -> now.restarts() >= before.restarts() + 2 && now.settled());
      node.awaitHealthy();
    } finally {
      fixture.cluster().back();
    }

    assertRolledBack(
        admin.awaitStatus(
            node,
            "late report",
            Duration.ofSeconds(60),
            status -> status.phase().equals(Optional.of(Phase.RolledBack))),
        63);
  }

  @Test
  @DisplayName("AGENT-2 an agent that starts without an API server goes on with the trial")
  void trialWithoutApiServer() throws Exception {
    admin.register(node, Duration.ofSeconds(4), OnInvalid.KeepActive);
    admin.putConfigMap("trial", Documents.correct(64));
    admin.assign(node, "trial", Admin.KEY);
    admin.awaitPhase(node, Phase.Trial);
    Traces inTrial = Traces.of(node);

    fixture.cluster().away();
    try {
      node.killAgent();
      inTrial.await("the end of the trial", Traces::settled);
    } finally {
      fixture.cluster().back();
    }

    var status =
        admin.awaitStatus(
            node,
            "late report",
            Duration.ofSeconds(60),
            seen -> seen.phase().equals(Optional.of(Phase.Good)));
    assertThat(status.config().lastKnownGood()).isEqualTo(status.config().assigned());
    assertThat(status.restartCount()).isEqualTo(inTrial.restarts());
  }

  private void good(OnInvalid onInvalid, int pods) throws Exception {
    admin.register(node, SHORT_TRIAL, onInvalid);
    admin.putConfigMap("good", Documents.correct(pods));
    admin.assign(node, "good", Admin.KEY);
    admin.awaitPhase(node, Phase.Good);
  }

  /** A content of its own for each test: a bad one is remembered. */
  private static String crashing(OnInvalid onInvalid) {
    return Documents.crashing(GARBAGE) + "# " + onInvalid + "\n";
  }

  private void assertRolledBack(NodeKubeletStatus status, long pods) {
    assertThat(status.phase()).contains(Phase.RolledBack);
    assertThat(status.config().error()).isEqualTo(ConfigErrors.RUN);
    assertThat(status.config().active()).isEqualTo(status.config().lastKnownGood());
    assertThat(admin.configz(node)).containsEntry("maxPods", pods);
  }
}
