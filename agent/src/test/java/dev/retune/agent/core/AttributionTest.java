package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.SimulatedKubelet.Restart;
import dev.retune.api.Condition;
import dev.retune.api.ConfigErrors;
import dev.retune.api.Phase;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is held against a config and what is not: a test for each row of the tables in {@code
 * docs/attribution.md}.
 */
class AttributionTest {
  private static final String GOOD = Texts.good("good");
  private static final String NEXT = Texts.good("next");
  private final World world = new World();

  @BeforeEach
  void withLastKnownGood() {
    world.makeGood("good", GOOD);
    world.cluster.trial(Duration.ofMinutes(10));
  }

  /** Assigned, and the kubelet was restarted with it, but is not proven yet. */
  private void starting(String text) {
    world.edit("b", text);
    world.assign("b");
    world.run(Duration.ofMillis(300));
    assertThat(world.phase()).isEqualTo(Phase.Restarting);
  }

  private void inTrial(String text) {
    starting(text);
    world.run(Duration.ofSeconds(3));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
  }

  private void blamed(String text, String reason, String evidence) {
    assertThat(world.running()).contains(GOOD);
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);
    assertThat(world.error()).isEqualTo(ConfigErrors.RUN);
    assertThat(world.knownBad(text)).isTrue();
    var condition = world.status().condition(Condition.CONFIG_VALID).orElseThrow();
    assertThat(condition.reason()).isEqualTo(reason);
    assertThat(condition.message()).contains(evidence);
  }

  /** It goes on, and in the end it is the last known good config. */
  private void notBlamed(String text) {
    world.run(Duration.ofMinutes(12));
    assertThat(world.state().bad()).isEmpty();
    assertThat(world.running()).contains(text);
    assertThat(world.phase()).isEqualTo(Phase.Good);
  }

  private String healthy() {
    return world.status().condition(Condition.KUBELET_HEALTHY).orElseThrow().reason();
  }

  // --- the kubelet ends ---

  @Test
  @DisplayName("AGENT-13 blamed: one exit with an error before the proof")
  void exitBeforeProof() {
    starting(Texts.crashes("b", Duration.ofMillis(200)));
    world.run(Duration.ofSeconds(1));
    blamed(
        Texts.crashes("b", Duration.ofMillis(200)),
        "KubeletExited",
        "the kubelet ended before it was proven to run (exit status 1)");
  }

  @Test
  @DisplayName("AGENT-13 blamed: two exits with an error in the trial; one is not")
  void exitsInTrial() {
    inTrial(NEXT);
    world.crash();
    world.run(Duration.ofMinutes(1));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.crash();
    world.run(Duration.ofSeconds(5));
    blamed(NEXT, "KubeletCrashLooping", "ended 2 times in its trial (exit status 1)");
  }

  @Test
  @DisplayName("AGENT-13 blamed: an exit without an error before the proof, which nobody restarts")
  void cleanExitBeforeProof() {
    world.kubelet.policy = Restart.ON_FAILURE;
    String once = Texts.with("b", "exitsCleanly", true) + " crashAfter=PT0.2S";
    starting(once);
    world.run(Duration.ofSeconds(3));
    blamed(once, "KubeletExited", "(exit status 0)");
  }

  @Test
  @DisplayName(
      "bug 17: AGENT-13 not blamed: one exit without an error in the trial; the agent starts it")
  void cleanExitInTrial() {
    world.kubelet.policy = Restart.ON_FAILURE;
    inTrial(NEXT);
    world.happens(kubelet -> kubelet.signal(15));
    world.run(Duration.ofSeconds(4));
    assertThat(world.running()).isEmpty();
    assertThat(healthy()).isEqualTo("KubeletDown");
    world.run(Duration.ofSeconds(4));
    assertThat(world.running()).contains(NEXT);
    notBlamed(NEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 15})
  @DisplayName("AGENT-13 not blamed: one kill from outside, in the trial or before the proof")
  void killedOnce(int signal) {
    inTrial(NEXT);
    world.happens(kubelet -> kubelet.signal(signal));
    notBlamed(NEXT);

    starting(Texts.good("third"));
    world.happens(kubelet -> kubelet.signal(9));
    world.run(Duration.ofSeconds(30));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    notBlamed(Texts.good("third"));
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 15})
  @DisplayName("AGENT-13 blamed: two kills from outside in one trial")
  void killedTwice(int signal) {
    inTrial(NEXT);
    world.happens(kubelet -> kubelet.signal(signal));
    world.run(Duration.ofMinutes(1));
    world.happens(kubelet -> kubelet.signal(signal));
    world.run(Duration.ofSeconds(5));
    blamed(NEXT, "KubeletCrashLooping", signal == 9 ? "(signal 9)" : "(exit status 0)");
  }

  @Test
  @DisplayName("AGENT-13 not blamed: killed once for want of memory; blamed: twice")
  void outOfMemory() {
    inTrial(NEXT);
    world.outOfMemory();
    world.run(Duration.ofMinutes(1));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.outOfMemory();
    world.run(Duration.ofSeconds(5));
    blamed(NEXT, "KubeletCrashLooping", "killed by the kernel for want of memory");
  }

  @Test
  @DisplayName("AGENT-13 blamed: what systemd's watchdog kills, as an exit")
  void watchdog() {
    starting(NEXT);
    world.happens(SimulatedKubelet::watchdog);
    world.run(Duration.ofSeconds(1));
    blamed(NEXT, "KubeletExited", "its watchdog heard nothing");
  }

  // --- somebody stops or restarts it ---

  @Test
  @DisplayName(
      "bug 5: AGENT-13 not blamed: five restarts by an administrator, in the trial and before it")
  void restartedByHand() {
    starting(NEXT);
    for (int i = 0; i < 5; i++) {
      world.adminRestart();
      world.run(Duration.ofMillis(200));
    }
    assertThat(world.phase()).isEqualTo(Phase.Restarting);
    world.run(Duration.ofSeconds(3));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    for (int i = 0; i < 5; i++) {
      world.adminRestart();
      world.run(Duration.ofSeconds(20));
    }
    notBlamed(NEXT);
  }

  @Test
  @DisplayName("AGENT-13 evidence: restarts by others are named and do not count")
  void restartsAreNamed() {
    inTrial(NEXT);
    world.adminRestart();
    world.run(Duration.ofSeconds(20));
    world.crash();
    world.run(Duration.ofSeconds(20));
    world.happens(kubelet -> kubelet.signal(9));
    world.run(Duration.ofSeconds(20));
    world.crash();
    world.run(Duration.ofSeconds(5));
    blamed(
        NEXT,
        "KubeletCrashLooping",
        "ended 2 times in its trial (exit status 1); not counted: one end from outside; somebody"
            + " else restarted it once, which does not count");
  }

  @Test
  @DisplayName("AGENT-13 not blamed: somebody stops the kubelet before its proof; nobody starts it")
  void stoppedBeforeProof() {
    starting(NEXT);
    world.happens(SimulatedKubelet::stop);
    world.run(Duration.ofHours(2));
    assertThat(world.running()).isEmpty();
    assertThat(healthy()).isEqualTo("KubeletStopped");
    assertThat(world.state().bad()).isEmpty();
    world.adminRestart();
    notBlamed(NEXT);
  }

  @Test
  @DisplayName("AGENT-13 not blamed: somebody stops the kubelet in its trial; nobody starts it")
  void stoppedInTrial() {
    inTrial(NEXT);
    world.happens(SimulatedKubelet::stop);
    world.run(Duration.ofHours(2));
    assertThat(world.running()).isEmpty();
    assertThat(world.state().bad()).isEmpty();
    world.adminRestart();
    notBlamed(NEXT);
  }

  @Test
  @DisplayName("AGENT-13 not blamed: restarted too often for systemd, which leaves it down")
  void startLimit() {
    inTrial(NEXT);
    world.happens(SimulatedKubelet::startLimit);
    world.run(Duration.ofSeconds(10));
    assertThat(world.running()).as("the agent starts it").contains(NEXT);
    notBlamed(NEXT);
  }

  // --- the machine ---

  @Test
  @DisplayName("AGENT-13 not blamed: reboots and power cuts, before the proof and in the trial")
  void reboots() {
    starting(NEXT);
    world.reboot();
    world.run(Duration.ofSeconds(10));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    for (int i = 0; i < 5; i++) {
      world.reboot();
      world.run(Duration.ofSeconds(20));
    }
    notBlamed(NEXT);
  }

  @Test
  @DisplayName("AGENT-13 not blamed: the machine sleeps, before the proof and in the trial")
  void sleeps() {
    starting(NEXT);
    world.sleep(Duration.ofHours(8));
    world.run(Duration.ofSeconds(10));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.sleep(Duration.ofHours(8));
    notBlamed(NEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {-3600, 3600})
  @DisplayName("AGENT-13 not blamed: the clock is set, before the proof and in the trial")
  void clockIsSet(int seconds) {
    starting(NEXT);
    world.setClock(Duration.ofSeconds(seconds));
    world.run(Duration.ofSeconds(30));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.setClock(Duration.ofSeconds(-seconds));
    notBlamed(NEXT);
  }

  // --- it cannot be started at all ---

  @Test
  @DisplayName("AGENT-13 not blamed: no program to execute, before the proof and in the trial")
  void programMissing() {
    world.kubelet.programMissing = true;
    starting(NEXT);
    world.run(Duration.ofMinutes(10));
    assertThat(world.phase()).isEqualTo(Phase.Restarting);
    assertThat(world.message(Condition.KUBELET_HEALTHY))
        .contains("systemd could not start it: exit status 203, the program is missing");
    world.kubelet.programMissing = false;
    world.run(Duration.ofSeconds(20));
    assertThat(world.phase()).isEqualTo(Phase.Trial);

    world.kubelet.programMissing = true;
    world.adminRestart();
    world.run(Duration.ofMinutes(10));
    world.kubelet.programMissing = false;
    notBlamed(NEXT);
  }

  @Test
  @DisplayName("AGENT-13 not blamed: no program, in a unit that systemd does not restart")
  void programMissingWithoutRestart() {
    world.kubelet.policy = Restart.NO;
    world.kubelet.programMissing = true;
    starting(NEXT);
    int restarts = world.restarts;
    world.run(Duration.ofMinutes(5));
    assertThat(world.restarts - restarts).as("it is tried once a minute").isBetween(4, 6);
    world.kubelet.programMissing = false;
    notBlamed(NEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"masked", "not-found", "bad-setting"})
  @DisplayName("AGENT-13 not blamed: a unit that is masked, gone or broken")
  void unitUnusable(String loadState) {
    world.happens(SimulatedKubelet::stop);
    world.kubelet.loadState = loadState;
    starting(NEXT);
    world.run(Duration.ofMinutes(5));
    assertThat(world.message(Condition.KUBELET_HEALTHY)).contains("its unit is " + loadState);
    world.kubelet.loadState = "loaded";
    world.run(Duration.ofMinutes(2));
    assertThat(world.phase()).as("the agent tries again").isEqualTo(Phase.Trial);
    world.kubelet.loadState = loadState;
    world.happens(SimulatedKubelet::stop);
    world.run(Duration.ofMinutes(5));
    world.kubelet.loadState = "loaded";
    world.adminRestart();
    notBlamed(NEXT);
  }

  @Test
  @DisplayName("AGENT-13 not blamed: a unit whose dependency cannot be started")
  void dependency() {
    world.kubelet.dependencyFails = true;
    starting(NEXT);
    world.run(Duration.ofMinutes(5));
    assertThat(world.running()).isEmpty();
    assertThat(world.message(Condition.KUBELET_HEALTHY)).contains("systemd did not start it");
    world.kubelet.dependencyFails = false;
    notBlamed(NEXT);
  }

  @Test
  @DisplayName("AGENT-13 not blamed: another drop-in makes the kubelet start with another config")
  void foreignConfig() {
    world.kubelet.foreignConfig = Optional.of("/etc/kubernetes/other.yaml");
    starting(NEXT);
    world.run(Duration.ofMinutes(5));
    assertThat(healthy()).isEqualTo("NotStartedWithConfig");
    assertThat(world.message(Condition.KUBELET_HEALTHY))
        .contains("it was started with --config=/etc/kubernetes/other.yaml")
        .contains("the unit's drop-in is not in place");
    world.kubelet.foreignConfig = Optional.empty();
    world.adminRestart();
    notBlamed(NEXT);
  }

  // --- something else changed as well ---

  @Test
  @DisplayName("AGENT-13 blamed, with the doubt named: the binary was replaced in the trial")
  void binaryReplaced() {
    inTrial(NEXT);
    world.kubelet.version = "v1.36.3";
    world.crash();
    world.run(Duration.ofSeconds(30));
    world.crash();
    world.run(Duration.ofSeconds(5));
    blamed(
        NEXT,
        "KubeletCrashLooping",
        "meanwhile the kubelet binary v1.36.2 became v1.36.3, which may be why");
  }

  @Test
  @DisplayName("AGENT-13 blamed, with the doubt named: the unit was changed in the trial")
  void unitChanged() {
    inTrial(NEXT);
    world.kubelet.definition = "with a flag that no kubelet has";
    world.crash();
    world.run(Duration.ofSeconds(30));
    world.crash();
    world.run(Duration.ofSeconds(5));
    blamed(
        NEXT,
        "KubeletCrashLooping",
        "meanwhile the command or environment of the kubelet's unit was changed, which may be why");
  }

  // --- what the API server sees ---

  @Test
  @DisplayName("AGENT-13 blamed: healthz not ok for 30 s")
  void unhealthy() {
    String ill = Texts.with("b", "unhealthyAfter", Duration.ofSeconds(20));
    inTrial(ill);
    world.run(Duration.ofSeconds(50));
    blamed(ill, "KubeletUnhealthy", "healthz was not ok for 30 s");
  }

  @Test
  @DisplayName("AGENT-13 blamed: a Node that was Ready and is not for 60 s")
  void notReady() {
    String notReady = Texts.with("b", "notReadyAfter", Duration.ofSeconds(5));
    inTrial(notReady);
    world.run(Duration.ofSeconds(80));
    blamed(notReady, "NodeNotReady", "was Ready before and was not for 60 s");
  }

  @Test
  @DisplayName("AGENT-13 not blamed: a Node that was not Ready before either")
  void notReadyBefore() {
    var unready = new World();
    unready.kubelet.neverReady = true;
    unready.edit("a", Texts.good("a"));
    unready.assign("a");
    unready.settle();
    assertThat(unready.phase()).isEqualTo(Phase.Good);
  }

  @Test
  @DisplayName("AGENT-13 blamed: the lease is not renewed while the API server answers")
  void leaseNotRenewed() {
    String lost = Texts.with("b", "leaseStopsAfter", Duration.ofSeconds(30));
    inTrial(lost);
    world.run(Duration.ofSeconds(70));
    blamed(lost, "LeaseNotRenewed", "not renewed for 40 s, though the API server answers");
  }

  @Test
  @DisplayName("AGENT-13 not blamed: a lease that the config makes hold longer; then for as long")
  void leaseHoldsLonger() {
    world.kubelet.grace = Duration.ofSeconds(250);
    String slow = Texts.with("b", "leaseHolds", Duration.ofSeconds(200));
    inTrial(slow);
    notBlamed(slow);

    String lost = slow + " leaseStopsAfter=PT60S";
    inTrial(lost);
    world.run(Duration.ofSeconds(230));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.run(Duration.ofSeconds(40));
    assertThat(world.message(Condition.CONFIG_VALID)).contains("not renewed for 200 s");
  }

  @Test
  @DisplayName("AGENT-13 not blamed: a lease that was not renewed before either")
  void leaseNotRenewedBefore() {
    world.kubelet.leaseRefused = true;
    world.run(Duration.ofMinutes(2));
    starting(NEXT);
    world.run(Duration.ofSeconds(55));
    assertThat(world.phase()).as("it has its whole time").isEqualTo(Phase.Restarting);
    world.run(Duration.ofSeconds(10));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    notBlamed(NEXT);
  }

  @Test
  @DisplayName("AGENT-13 not blamed: the API server is away for everyone, before and in the trial")
  void apiAway() {
    starting(NEXT);
    world.cluster.reachable = false;
    world.run(Duration.ofMinutes(3));
    world.cluster.reachable = true;
    world.run(Duration.ofMinutes(1));
    world.cluster.reachable = false;
    world.run(Duration.ofMinutes(3));
    world.cluster.reachable = true;
    notBlamed(NEXT);
  }
}
