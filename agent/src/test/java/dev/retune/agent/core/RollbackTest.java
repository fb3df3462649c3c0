package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.Effect.Announce;
import dev.retune.api.Condition;
import dev.retune.api.ConfigErrors;
import dev.retune.api.Phase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RollbackTest {
  private static final String GOOD = Texts.good("good");
  private final World world = new World();

  @BeforeEach
  void withLastKnownGood() {
    world.makeGood("good", GOOD);
    world.cluster.trial(Duration.ofMinutes(10));
  }

  private void assign(String text) {
    world.edit("b", text);
    world.assign("b");
    world.run(Duration.ofSeconds(2));
  }

  private void rolledBack(String bad, String reason) {
    assertThat(world.running()).contains(GOOD);
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);
    assertThat(world.error()).isEqualTo(ConfigErrors.RUN);
    assertThat(world.knownBad(bad)).isTrue();
    assertThat(world.knownBad(GOOD)).isFalse();
    var condition = world.status().condition(Condition.CONFIG_VALID).orElseThrow();
    assertThat(condition.reason()).isEqualTo(reason);
    assertThat(world.lastKnownGood()).contains(world.cluster.source("good", "kubelet"));
    assertThat(world.active()).contains(world.cluster.source("good", "kubelet"));
    assertThat(world.announced).extracting(Announce::reason).contains("KubeletConfigRolledBack");
  }

  @Test
  @DisplayName("AGENT-13 a kubelet that ends at its start: healthy on the last known good in 3 s")
  void crashAtStart() {
    String bad = Texts.crashes("b", Duration.ofMillis(200));
    assign(bad);
    world.run(Duration.ofSeconds(1));
    rolledBack(bad, "KubeletExited");
    assertThat(world.message(Condition.CONFIG_VALID))
        .contains("exit status 1")
        .contains("its last lines:\nE1 run.go:72] command failed: crashes b")
        .contains("not tried again on this node until it changes");
  }

  @Test
  @DisplayName("AGENT-13 one failed exit in a trial is forgiven")
  void onceInTrial() {
    assign(Texts.good("b"));
    world.run(Duration.ofSeconds(3));
    world.crash();
    world.run(Duration.ofMinutes(11));
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.running()).contains(Texts.good("b"));
  }

  @Test
  @DisplayName(
      "AGENT-13 two failed exits in a trial are not, with an administrator's restart between")
  void twiceInTrial() {
    String bad = Texts.good("b");
    assign(bad);
    world.run(Duration.ofSeconds(3));
    world.crash();
    world.run(Duration.ofSeconds(30));
    world.adminRestart();
    world.run(Duration.ofMinutes(3));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.crash();
    world.run(Duration.ofSeconds(5));
    rolledBack(bad, "KubeletCrashLooping");
    assertThat(world.message(Condition.CONFIG_VALID)).contains("ended 2 times in its trial");
  }

  @Test
  @DisplayName("AGENT-13 two failed exits count although the agent was restarted between them")
  void twiceAcrossAgents() {
    String bad = Texts.good("b");
    assign(bad);
    world.run(Duration.ofMinutes(1));
    world.crash();
    world.run(Duration.ofSeconds(60));
    world.killAgent();
    world.startAgent();
    world.run(Duration.ofSeconds(60));
    world.crash();
    world.run(Duration.ofSeconds(5));
    rolledBack(bad, "KubeletCrashLooping");
  }

  @Test
  @DisplayName("bug 4: AGENT-13 a config that crashes nine minutes into its trial is rolled back")
  void crashesLate() {
    String bad = Texts.crashes("b", Duration.ofMinutes(4));
    assign(bad);
    world.run(Duration.ofMinutes(9));
    rolledBack(bad, "KubeletCrashLooping");
  }

  @Test
  @DisplayName("AGENT-13 healthz not ok for 30 s")
  void unhealthy() {
    String bad = Texts.with("b", "unhealthyAfter", Duration.ofSeconds(20));
    assign(bad);
    world.run(Duration.ofSeconds(45));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.run(Duration.ofSeconds(10));
    rolledBack(bad, "KubeletUnhealthy");
    assertThat(world.message(Condition.CONFIG_VALID)).contains("healthz was not ok for 30 s");
  }

  @Test
  @DisplayName("AGENT-13 a Node that was Ready before and is not for 60 s")
  void notReady() {
    String bad = Texts.with("b", "notReadyAfter", Duration.ZERO);
    assign(bad);
    world.run(Duration.ofSeconds(57));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.run(Duration.ofSeconds(15));
    rolledBack(bad, "NodeNotReady");
  }

  @Test
  @DisplayName("AGENT-13 a lease that is not renewed for 40 s")
  void leaseNotRenewed() {
    String bad = Texts.with("b", "leaseStopsAfter", Duration.ofSeconds(30));
    assign(bad);
    world.run(Duration.ofSeconds(55));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.run(Duration.ofSeconds(15));
    rolledBack(bad, "LeaseNotRenewed");
  }

  @Test
  @DisplayName("AGENT-12 AGENT-13 no trial ends on a lease that is overdue or a Node not Ready")
  void noTrialEndsOnASign() {
    world.cluster.trial(Duration.ofSeconds(45));
    String lost = Texts.with("b", "leaseStopsAfter", Duration.ofSeconds(15));
    assign(lost);
    world.run(Duration.ofMinutes(2));
    rolledBack(lost, "LeaseNotRenewed");

    String notReady = Texts.with("b", "notReadyAfter", Duration.ofSeconds(10));
    assign(notReady);
    world.run(Duration.ofMinutes(2));
    rolledBack(notReady, "NodeNotReady");
  }

  @Test
  @DisplayName("AGENT-2 AGENT-13 a config that fails while the API server is away is rolled back")
  void failsWithoutApi() {
    String bad = Texts.crashes("b", Duration.ofSeconds(20));
    assign(bad);
    world.cluster.reachable = false;
    world.run(Duration.ofMinutes(2));
    assertThat(world.running()).contains(GOOD);
    assertThat(world.cluster.status.phase()).contains(Phase.Trial);

    world.cluster.reachable = true;
    world.news();
    world.run(Duration.ofSeconds(2));
    rolledBack(bad, "KubeletCrashLooping");
    assertThat(world.cluster.status.phase()).contains(Phase.RolledBack);
  }

  @Test
  @DisplayName("AGENT-2 AGENT-13 an API server that is away for everyone is no failure")
  void apiAway() {
    assign(Texts.good("b"));
    for (int i = 0; i < 5; i++) {
      world.cluster.reachable = false;
      world.run(Duration.ofSeconds(90));
      world.cluster.reachable = true;
      world.run(Duration.ofSeconds(45));
    }
    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.state().bad()).isEmpty();
  }

  @Test
  @DisplayName("AGENT-2 AGENT-11 without an API server ten seconds of health are the proof")
  void provenWithoutApi() {
    world.edit("b", Texts.good("b"));
    world.assign("b");
    world.run(Duration.ofMillis(250));
    assertThat(world.phase()).isEqualTo(Phase.Restarting);
    world.cluster.reachable = false;
    world.run(Duration.ofSeconds(8));
    assertThat(world.phase()).isEqualTo(Phase.Restarting);
    world.run(Duration.ofSeconds(4));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
  }

  @Test
  @DisplayName("AGENT-13 one kill for want of memory is forgiven, also before the proof; three not")
  void outOfMemory() {
    assign(Texts.good("b"));
    world.run(Duration.ofSeconds(3));
    world.outOfMemory();
    world.run(Duration.ofSeconds(30));
    world.crash();
    world.run(Duration.ofSeconds(30));
    assertThat(world.phase()).as("one excused, one counted").isEqualTo(Phase.Trial);
    world.outOfMemory();
    world.run(Duration.ofSeconds(5));
    rolledBack(Texts.good("b"), "KubeletCrashLooping");

    world.edit("c", Texts.good("c"));
    world.assign("c");
    world.run(Duration.ofMillis(300));
    assertThat(world.phase()).isEqualTo(Phase.Restarting);
    world.outOfMemory();
    world.run(Duration.ofSeconds(30));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    assertThat(world.running()).contains(Texts.good("c"));
  }

  @Test
  @DisplayName("bug 36: AGENT-14 a bad content is not tried again, anywhere, until it changes")
  void notTriedAgain() {
    String bad = Texts.crashes("b", Duration.ofMillis(100));
    assign(bad);
    world.settle();
    int restarts = world.restarts;

    world.cluster.label("b");
    world.edit("copy", bad);
    world.assign("copy");
    world.settle();
    world.killAgent();
    world.startAgent();
    world.settle();
    world.reboot();
    world.settle();
    assertThat(world.restarts).isEqualTo(restarts);
    rolledBack(bad, "KubeletExited");

    world.edit("copy", Texts.good("mended"));
    world.settle();
    assertThat(world.running()).contains(Texts.good("mended"));
    assertThat(world.error()).isEmpty();

    world.assign("b");
    world.settle();
    assertThat(world.error()).isEqualTo(ConfigErrors.RUN);
    assertThat(world.running()).contains(Texts.good("mended"));
  }

  @Test
  @DisplayName("AGENT-13 when the last known good fails too, the local config is used")
  void lastKnownGoodFails() {
    world.kubelet.brokenMachine = true;
    world.edit("b", Texts.good("b"));
    world.assign("b");
    world.run(Duration.ofSeconds(20));
    assertThat(world.phase()).isEqualTo(Phase.Blocked);
    assertThat(world.announced.getLast().message()).contains("nothing to go back to");
    assertThat(world.status().config().error()).isEqualTo(ConfigErrors.RUN);

    world.kubelet.brokenMachine = false;
    world.run(Duration.ofMinutes(1));
    assertThat(world.running()).contains(Texts.LOCAL);
    assertThat(world.phase()).as("it runs after all").isEqualTo(Phase.RolledBack);
    assertThat(world.message(Condition.KUBELET_HEALTHY)).contains("healthz answers ok");
  }

  @Test
  @DisplayName(
      "bug 33: AGENT-16 a reset to a local config that fails goes back to the last known good")
  void localFails() {
    world.kubelet.brokenLocal = true;
    world.reset();
    world.run(Duration.ofSeconds(5));
    assertThat(world.running()).contains(GOOD);
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);
    assertThat(world.assigned()).isEmpty();
    assertThat(world.message(Condition.CONFIG_VALID))
        .contains("local config is not tried again on this node until the spec changes");
    assertThat(world.message(Condition.LAST_KNOWN_GOOD_UP_TO_DATE))
        .contains("What was asked for failed on this node");
    int restarts = world.restarts;
    world.settle();
    assertThat(world.restarts).isEqualTo(restarts);

    world.kubelet.brokenLocal = false;
    world.reset();
    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.Local);
  }

  @Test
  @DisplayName(
      "AGENT-13 a reboot before the proof is no failure, even if the start takes two tries")
  void rebootBeforeProof() {
    world.edit("b", Texts.good("b"));
    world.assign("b");
    world.run(Duration.ofMillis(300));
    assertThat(world.phase()).isEqualTo(Phase.Restarting);
    world.powerCut();
    world.kubelet.brokenMachine = true;
    world.run(Duration.ofSeconds(5));
    world.startAgent();
    world.run(Duration.ofSeconds(2));
    world.kubelet.brokenMachine = false;
    world.run(Duration.ofSeconds(20));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    assertThat(world.state().bad()).isEmpty();
  }

  @Test
  @DisplayName("AGENT-20 an agent that lost its memory gives what runs a new trial, and says so")
  void lostMemory() {
    world.killAgent();
    world.disk.loseState();
    world.cluster.reachable = false;
    world.startAgent();
    world.run(Duration.ofSeconds(5));
    assertThat(world.running()).contains(GOOD);
    assertThat(world.restarts).isEqualTo(1);
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    assertThat(world.message(Condition.SYNCED)).contains("cannot be read");

    world.cluster.reachable = true;
    world.news();
    world.run(Duration.ofMinutes(11));
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.restarts).isEqualTo(1);
  }
}
