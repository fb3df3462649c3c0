package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import dev.retune.e2e.machine.NeedsMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The agent, or the machine, is gone as soon as an effect of an activation can be seen on the disk.
 * The core's own tests stop after every single effect; here the processes and the files are real.
 */
@NeedsMachine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledAgentTest {
  private static final String GARBAGE = "/etc/kubernetes/pki/garbage.pem";

  private NodeFixture fixture;
  private Admin admin;
  private KubeadmNode node;
  private int round;

  /** The effects of an activation that leave a trace, in their order. */
  enum Effect {
    CHECKPOINT_SAVED,
    DECISION_SAVED,
    ACTIVATED,
    RESTARTED,
    PROVEN;

    boolean seen(Traces before, Traces now) {
      return switch (this) {
        case CHECKPOINT_SAVED -> !now.assigned().equals(before.assigned());
        case DECISION_SAVED -> now.decided();
        case ACTIVATED -> !now.environment().equals(before.environment());
        case RESTARTED -> now.issued();
        case PROVEN -> now.restarts() > before.restarts() && !now.decided();
      };
    }
  }

  @BeforeAll
  void boot(@TempDir Path directory) throws Exception {
    fixture = NodeFixture.boot(directory, "killed");
    admin = fixture.admin();
    node = fixture.node();
    node.machine().write(GARBAGE, "no certificate\n");
  }

  @AfterAll
  void shutDown() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "AGENT-2 kill -9 of the agent at each effect of an activation: it goes on to the end")
  void agentKilled(Effect effect) throws Exception {
    stopAt(effect, Documents.correct(90 + number(effect)), node::killAgent);

    admin.awaitPhase(node, Phase.Good);
    assertThat(admin.configz(node)).containsEntry("maxPods", 90L + number(effect));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROVEN")
  @DisplayName(
      "AGENT-13 kill -9 of the agent at each effect of one that crashes: it is rolled back")
  void agentKilledAtABadConfig(Effect effect) throws Exception {
    stopAt(effect, Documents.crashing(GARBAGE) + "# " + effect + "\n", node::killAgent);

    admin.awaitPhase(node, Phase.RolledBack);
    assertThat(admin.configz(node)).containsEntry("maxPods", (long) Documents.LOCAL_PODS);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("AGENT-20 power cut at each effect of an activation: the machine boots and goes on")
  void powerCut(Effect effect) throws Exception {
    stopAt(
        effect,
        Documents.correct(100 + number(effect)),
        () -> {
          node.machine().cutPower();
          node.machine().boot();
        });

    node.awaitHealthy();
    admin.awaitPhase(node, Phase.Good);
    assertThat(admin.configz(node)).containsEntry("maxPods", 100L + number(effect));
  }

  /** Tells the configs of the effects apart. */
  private static int number(Effect effect) {
    return Arrays.asList(Effect.values()).indexOf(effect);
  }

  private void stopAt(Effect effect, String document, Runnable stop) throws Exception {
    admin.register(node, Duration.ofMillis(500), OnInvalid.KeepActive);
    String name = "stop-" + Admin.lower(effect) + "-" + round++;
    admin.putConfigMap(name, document);
    Traces before = Traces.of(node);
    admin.assign(node, name, Admin.KEY);
    before.await(effect + " can be seen", now -> effect.seen(before, now));
    stop.run();
  }
}
