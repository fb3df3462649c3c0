package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.World.Outage;
import dev.retune.agent.store.SimulatedDisk;
import dev.retune.api.Phase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The dead man's switch as the core drives it. */
class WayBackTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String CRASHES = Texts.crashes("bad", Duration.ofSeconds(4));

  private final World world = new World();

  @BeforeEach
  void trialOfFiveMinutes() {
    world.cluster.trial(Duration.ofMinutes(5));
  }

  private void inTrial(String text) {
    world.edit("a", text);
    world.assign("a");
    world.run(Duration.ofSeconds(3));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
  }

  @Test
  @DisplayName("AGENT-15 it is armed in the trial, pushed forward, and disarmed at its end")
  void armedAndDisarmed() {
    assertThat(world.deadMansSwitch.armed()).isFalse();
    inTrial(Texts.good("a"));
    assertThat(world.deadMansSwitch.armed()).isTrue();
    world.run(Duration.ofMinutes(6));
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.deadMansSwitch.armed()).isFalse();
    assertThat(world.deadMansSwitch.fired).isZero();
  }

  @Test
  @DisplayName("AGENT-15 an agent that is gone in the trial of a config that crashes: it goes back")
  void agentGone() {
    inTrial(CRASHES);
    world.killAgent();
    world.run(MINUTE.multipliedBy(2));
    assertThat(world.deadMansSwitch.fired).isEqualTo(1);
    assertThat(world.running()).contains(Texts.LOCAL);

    world.startAgent();
    world.run(MINUTE);
    assertThat(world.phase()).as("tried once more, and judged").isEqualTo(Phase.RolledBack);
    assertThat(world.knownBad(CRASHES)).isTrue();
    assertThat(world.running()).contains(Texts.LOCAL);
    assertThat(world.deadMansSwitch.armed()).isFalse();
  }

  @Test
  @DisplayName("AGENT-15 a good config that nobody judged is tried once more")
  void triedOnceMore() {
    inTrial(Texts.good("a"));
    world.killAgent();
    world.run(MINUTE.multipliedBy(3));
    assertThat(world.running()).contains(Texts.LOCAL);
    world.startAgent();
    world.run(MINUTE.multipliedBy(6));
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.running()).contains(Texts.good("a"));
  }

  @Test
  @DisplayName("AGENT-14 AGENT-15 a config that was not judged twice is bad")
  void notJudgedTwice() {
    inTrial(Texts.good("a"));
    for (int i = 0; i < 2; i++) {
      world.killAgent();
      world.run(MINUTE.multipliedBy(3));
      world.startAgent();
      world.run(Duration.ofSeconds(20));
    }
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);
    assertThat(world.message("ConfigValid")).contains("did not judge the kubelet in time");
    assertThat(world.running()).contains(Texts.LOCAL);
  }

  @Test
  @DisplayName("AGENT-15 the machine reboots and its agent does not come back: it guards that boot")
  void guardsTheNextBoot() {
    inTrial(CRASHES);
    world.powerCut();
    world.run(MINUTE.multipliedBy(2));
    assertThat(world.running()).contains(Texts.LOCAL);
  }

  @Test
  @DisplayName("AGENT-15 a full disk does not keep a config that fails from being undone, at once")
  void fullDiskInTrial() {
    inTrial(CRASHES);
    world.disk.full(true);
    world.run(Duration.ofSeconds(30));
    assertThat(world.running()).contains(Texts.LOCAL);
    assertThat(world.phase()).isEqualTo(Phase.Blocked);
    assertThat(world.deadMansSwitch.fired).isEqualTo(1);

    world.disk.full(false);
    world.run(MINUTE);
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);
    assertThat(world.knownBad(CRASHES)).as("the agent had judged it").isTrue();
    assertThat(world.running()).contains(Texts.LOCAL);
  }

  @Test
  @DisplayName("AGENT-15 where the way back cannot be prepared, nothing is touched")
  void noWayBackNoActivation() {
    world.edit("a", Texts.good("a"));
    world.disk.full(true);
    world.assign("a");
    world.run(MINUTE);
    assertThat(world.restarts).isZero();
    assertThat(world.phase()).isEqualTo(Phase.Blocked);
  }

  @Test
  @DisplayName("AGENT-15 a clock that is set and a machine that sleeps do not make it act")
  void clocks() {
    inTrial(Texts.good("a"));
    world.setClock(Duration.ofDays(-1));
    world.run(MINUTE);
    world.sleep(Duration.ofHours(2));
    world.run(MINUTE);
    assertThat(world.deadMansSwitch.fired).isZero();
    assertThat(world.phase()).isEqualTo(Phase.Trial);
  }

  @Test
  @DisplayName("AGENT-15 killed for good at any effect of an activation: a config that ran is run")
  void killedForGoodAnywhere() {
    for (int stop = 1; stop < 20; stop++) {
      var node = new World();
      node.cluster.trial(Duration.ofMinutes(5));
      node.outage = Outage.AWAY;
      node.stopAfter = stop;
      node.edit("a", CRASHES);
      node.assign("a");
      node.run(MINUTE.multipliedBy(3));
      assertThat(node.running()).as("after effect " + stop).contains(Texts.LOCAL);
    }
  }

  @ParameterizedTest
  @EnumSource(SimulatedDisk.Loss.class)
  @DisplayName("AGENT-15 the power is cut anywhere in the switch's own way: the next boot ends it")
  void cutOnTheWay(SimulatedDisk.Loss loss) {
    for (int stop = 0; stop < 20; stop++) {
      var node = new World();
      node.cluster.trial(Duration.ofMinutes(5));
      node.edit("a", Texts.good("a"));
      node.assign("a");
      node.run(Duration.ofSeconds(3));
      node.killAgent();
      node.outage = Outage.POWER_CUT;
      node.loss = loss;
      node.disk.stopAfter(stop);
      node.run(MINUTE.multipliedBy(3));
      if (node.agentIsGone()) {
        node.disk.goOn(); // the script had fewer steps
        node.startAgent();
      }
      node.run(MINUTE.multipliedBy(15));
      assertThat(node.phase()).as("cut off at step " + stop).isEqualTo(Phase.Good);
      assertThat(node.running()).contains(Texts.good("a"));
      assertThat(node.deadMansSwitch.armed()).isFalse();
    }
  }
}
