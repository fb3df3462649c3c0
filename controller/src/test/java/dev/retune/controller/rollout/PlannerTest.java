package dev.retune.controller.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.Canary;
import dev.retune.api.Composition;
import dev.retune.api.DrainPolicy;
import dev.retune.api.IntOrPercent;
import dev.retune.api.KubeletRolloutSpec;
import dev.retune.api.LabelSelector;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.OnFailure;
import dev.retune.api.RolloutOrder;
import dev.retune.api.RolloutPhase;
import dev.retune.api.RolloutStrategy;
import dev.retune.api.RolloutWindow;
import dev.retune.controller.rollout.Fleet.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final NodeConfigSource NEXT = Fleet.source("workers-2");
  private static final NodeConfigSource BEFORE = Fleet.source("workers-1");
  private static final Duration TRIAL = Duration.ofMinutes(2);
  private static final Duration LONG = Duration.ofMinutes(20);

  private static KubeletRolloutSpec spec(RolloutStrategy strategy) {
    return spec(strategy, false);
  }

  private static KubeletRolloutSpec spec(RolloutStrategy strategy, boolean paused) {
    return new KubeletRolloutSpec(
        LabelSelector.ALL,
        NEXT,
        Composition.Replace,
        TRIAL,
        strategy,
        DrainPolicy.Never,
        List.of(),
        false,
        paused,
        Optional.empty());
  }

  private static RolloutStrategy strategy(OnFailure onFailure, IntOrPercent... waves) {
    return new RolloutStrategy(
        Canary.ONE,
        IntOrPercent.percent(10),
        List.of(waves),
        0,
        onFailure,
        RolloutOrder.Zone,
        10,
        Optional.empty());
  }

  @Test
  @DisplayName(
      "scenario 1: ROLL-1 ROLL-2 the canary passes its whole trial, then at most 5 of 50 at once")
  void canaryAndWaves() {
    var fleet = new Fleet(50, spec(strategy(OnFailure.Pause)));
    fleet.run(TRIAL);
    assertThat(fleet.touched).containsExactly("node-0");
    fleet.run(LONG);
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Complete);
    assertThat(fleet.touched).doesNotHaveDuplicates().hasSize(50);
    assertThat(fleet.mostMoving).isEqualTo(5);
    var second = fleet.touchedAt.get(fleet.touched.get(1));
    assertThat(Duration.between(Fleet.START, second)).isGreaterThanOrEqualTo(TRIAL);
    assertThat(fleet.plan().again()).as("nothing is left to wait for").isEmpty();
  }

  @Test
  @DisplayName("ROLL-1 zone by zone, the oldest node of each first")
  void order() {
    var fleet = new Fleet(9, spec(strategy(OnFailure.Pause)));
    fleet.node(6).createdAt = Fleet.START.minus(Duration.ofDays(60));
    fleet.run(LONG);
    assertThat(fleet.touched)
        .containsExactly(
            "node-6", "node-0", "node-3", "node-1", "node-4", "node-7", "node-2", "node-5",
            "node-8");
  }

  @Test
  @DisplayName("ROLL-2 after the canary's trial the soak passes too")
  void soak() {
    var soak = Duration.ofMinutes(30);
    var plain = strategy(OnFailure.Pause);
    var fleet =
        new Fleet(
            5,
            spec(
                new RolloutStrategy(
                    new Canary(IntOrPercent.nodes(2), soak),
                    IntOrPercent.nodes(2),
                    plain.waves(),
                    0,
                    OnFailure.Pause,
                    RolloutOrder.Age,
                    10,
                    Optional.empty())));
    fleet.run(TRIAL.plusMinutes(1));
    assertThat(fleet.touched).hasSize(2);
    assertThat(fleet.plan().again())
        .as("it knows when to go on")
        .hasValueSatisfying(
            at -> assertThat(at).isAfter(Fleet.START.plus(soak)).isBefore(fleet.now.plus(soak)));
    fleet.run(soak);
    assertThat(fleet.touched).hasSizeGreaterThan(2);
  }

  @Test
  @DisplayName("scenario 2: ROLL-3 the canary crashes: no other node is touched, and it says why")
  void canaryCrashes() {
    var fleet = new Fleet(50, spec(strategy(OnFailure.Pause)));
    fleet.node(0).crashes = true;
    fleet.run(LONG);
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Paused);
    assertThat(fleet.touched).containsExactly("node-0");
    assertThat(fleet.plan().status().troubles())
        .singleElement()
        .satisfies(trouble -> {
          assertThat(trouble.node()).isEqualTo("node-0");
          assertThat(trouble.reason()).isEqualTo("CrashLoop");
          assertThat(trouble.message()).isEqualTo("exit status 1");
        });
    assertThat(fleet.plan().status().conditions())
        .anySatisfy(condition -> {
          assertThat(condition.reason()).isEqualTo("TooManyFailures");
          assertThat(condition.message()).isEqualTo("node-0: CrashLoop: exit status 1");
        });
  }

  @Test
  @DisplayName("ROLL-3 the failed node is deleted: the rollout stays stopped until it is changed")
  void staysStopped() {
    var fleet = new Fleet(10, spec(strategy(OnFailure.Pause)));
    fleet.node(0).crashes = true;
    fleet.run(Duration.ofMinutes(5));
    fleet.machines.remove("node-0");
    fleet.run(Duration.ofMinutes(30));
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Paused);
    assertThat(fleet.touched).hasSize(1);
    fleet.edit(fleet.rollout.spec());
    fleet.run(LONG);
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Complete);
  }

  @Test
  @DisplayName("ROLL-3 Revert after wave 3: every changed node is back, at the same budget")
  void revert() {
    var fleet =
        new Fleet(
            50,
            spec(strategy(OnFailure.Revert, IntOrPercent.percent(10), IntOrPercent.percent(50))));
    for (int i = 0; i < 50; i++) {
      fleet.runs(i, BEFORE);
    }
    // In zone order the last of all.
    fleet.node(47).crashes = true;
    fleet.run(LONG.multipliedBy(2));
    assertThat(fleet.plan().status().wave()).isEqualTo(3);
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Reverted);
    assertThat(fleet.touched).hasSizeGreaterThan(25);
    assertThat(fleet.mostMoving).isEqualTo(5);
    for (String node : fleet.touched) {
      assertThat(fleet.node(node).restarts).as(node + " there and back").isEqualTo(2);
    }
    fleet.run(LONG);
    assertThat(fleet.touched).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("ROLL-3 a node that ran the config before the rollout keeps it when others go back")
  void ranItBefore() {
    var fleet = new Fleet(10, spec(strategy(OnFailure.Revert)));
    fleet.runs(3, NEXT);
    fleet.node(0).crashes = true;
    fleet.run(LONG);
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Reverted);
    assertThat(fleet.node(3).restarts).isZero();
    assertThat(fleet.node(0).restarts).isEqualTo(2);
  }

  @Test
  @DisplayName("ROLL-3 as many failures as allowed stop nothing")
  void someFailures() {
    var plain = strategy(OnFailure.Pause);
    var fleet =
        new Fleet(
            20,
            spec(
                new RolloutStrategy(
                    plain.canary(),
                    IntOrPercent.nodes(3),
                    List.of(),
                    2,
                    OnFailure.Pause,
                    RolloutOrder.Age,
                    10,
                    Optional.empty())));
    fleet.node(5).crashes = true;
    fleet.node(9).crashes = true;
    fleet.run(LONG);
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Complete);
    assertThat(fleet.plan().status().counts().good()).isEqualTo(18);
    assertThat(fleet.plan().status().counts().failed()).isEqualTo(2);
  }

  @Test
  @DisplayName("ROLL-4 killed at any write: the budget holds, no node twice, the end is reached")
  void killedAnywhere() {
    for (int seed = 0; seed < 5; seed++) {
      var fleet = new Fleet(60, spec(strategy(OnFailure.Pause, IntOrPercent.nodes(10))));
      fleet.kills = Optional.of(new Random(seed));
      fleet.run(LONG);
      assertThat(fleet.phase()).as("seed " + seed).isEqualTo(RolloutPhase.Complete);
      assertThat(fleet.touched).doesNotHaveDuplicates().hasSize(60);
      assertThat(fleet.killed).isGreaterThan(200);
    }
  }

  @Test
  @DisplayName("ROLL-3 ROLL-4 killed while it reverts: all of them are back all the same, once")
  void killedReverting() {
    for (int seed = 0; seed < 5; seed++) {
      var fleet = new Fleet(30, spec(strategy(OnFailure.Revert)));
      fleet.node(20).crashes = true;
      fleet.kills = Optional.of(new Random(seed));
      fleet.run(LONG);
      assertThat(fleet.phase()).as("seed " + seed).isEqualTo(RolloutPhase.Reverted);
      assertThat(fleet.touched).doesNotHaveDuplicates();
      for (String node : fleet.touched) {
        assertThat(fleet.node(node).restarts).isEqualTo(2);
      }
    }
  }

  @Test
  @DisplayName("scenario 19: ROLL-4 a deleted node frees its slot, a joining one gets the config")
  void membership() {
    var fleet = new Fleet(20, spec(strategy(OnFailure.Pause)));
    fleet.run(TRIAL.plusMinutes(1));
    String moving = fleet.touched.getLast();
    fleet.machines.remove(moving);
    fleet.add(new Machine("joined", "zone-0", false)).createdAt = fleet.now;
    fleet.run(LONG);
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Complete);
    assertThat(fleet.times("joined")).isEqualTo(1);

    fleet.add(new Machine("late", "zone-1", false)).createdAt = fleet.now;
    fleet.run(Duration.ofSeconds(2));
    assertThat(fleet.times("late")).as("at once when the others are done").isEqualTo(1);
  }

  @Test
  @DisplayName("ROLL-1 a node that was ill before counts against the budget and is not touched")
  void illBefore() {
    var fleet = new Fleet(30, spec(strategy(OnFailure.Pause)));
    fleet.node(4).ready = false;
    fleet.node(7).ready = false;
    fleet.run(LONG);
    assertThat(fleet.mostMoving).isEqualTo(1);
    assertThat(fleet.touched).hasSize(28).doesNotContain("node-4", "node-7");
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Progressing);
    fleet.node(4).ready = true;
    fleet.node(7).ready = true;
    fleet.run(Duration.ofMinutes(10));
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Complete);
  }

  @Test
  @DisplayName("ROLL-4 a node without an agent is told of and not waited for")
  void unmanaged() {
    var fleet = new Fleet(10, spec(strategy(OnFailure.Pause)));
    fleet.node(3).managed = false;
    fleet.run(LONG);
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Complete);
    assertThat(fleet.plan().status().counts().unmanaged()).isEqualTo(1);
    assertThat(fleet.plan().status().troubles())
        .singleElement()
        .satisfies(trouble -> assertThat(trouble.message()).contains("retune-agent"));
  }

  @Test
  @DisplayName("scenario 18: ROLL-1 nodes of the control plane come last, one at a time")
  void controlPlane() {
    var plain = strategy(OnFailure.Pause);
    var fleet =
        new Fleet(
            6,
            spec(
                new RolloutStrategy(
                    plain.canary(),
                    IntOrPercent.nodes(4),
                    List.of(),
                    0,
                    OnFailure.Pause,
                    RolloutOrder.Zone,
                    10,
                    Optional.empty())));
    for (int i = 0; i < 3; i++) {
      fleet.add(new Machine("cp-" + i, "zone-" + i, true));
    }
    fleet.run(LONG);
    assertThat(fleet.touched.subList(6, 9)).containsExactly("cp-0", "cp-1", "cp-2");
    Instant first = fleet.touchedAt.get("cp-0");
    Instant second = fleet.touchedAt.get("cp-1");
    assertThat(Duration.between(first, second)).isGreaterThanOrEqualTo(Duration.ofSeconds(12));
  }

  @Test
  @DisplayName("ROLL-6 paused: no further node; resumed: it goes on where it was")
  void paused() {
    var fleet = new Fleet(40, spec(strategy(OnFailure.Pause)));
    fleet.run(TRIAL.plusSeconds(30));
    int touched = fleet.touched.size();
    fleet.edit(spec(strategy(OnFailure.Pause), true));
    fleet.run(LONG);
    assertThat(fleet.touched).hasSize(touched);
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Paused);
    fleet.edit(spec(strategy(OnFailure.Pause), false));
    fleet.run(LONG);
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Complete);
    assertThat(fleet.touched).doesNotHaveDuplicates().hasSize(40);
  }

  @Test
  @DisplayName("outside of its window no node is started, and it knows when the window opens")
  void window() {
    var plain = strategy(OnFailure.Pause);
    var fleet =
        new Fleet(
            10,
            spec(
                new RolloutStrategy(
                    plain.canary(),
                    plain.maxUnavailable(),
                    List.of(),
                    0,
                    OnFailure.Pause,
                    RolloutOrder.Zone,
                    10,
                    Optional.of(new RolloutWindow(List.of(), "11:00", "12:00", "")))));
    fleet.run(Duration.ofMinutes(59));
    assertThat(fleet.touched).isEmpty();
    assertThat(fleet.plan().again()).contains(Instant.parse("2026-11-20T11:00:00Z"));
    fleet.run(Duration.ofMinutes(1).plusSeconds(2));
    assertThat(fleet.touched).hasSize(1);
  }

  @Test
  @DisplayName("ROLL-5 what an older rollout holds is left to it, and told of")
  void conflict() {
    var fleet = new Fleet(4, spec(strategy(OnFailure.Pause)));
    fleet.heldByOthers = Set.of("node-1", "node-2");
    fleet.run(LONG);
    assertThat(fleet.touched).containsExactlyInAnyOrder("node-0", "node-3");
    assertThat(fleet.plan().status().conditions())
        .anySatisfy(condition -> assertThat(condition.reason()).isEqualTo("OlderRollout"));
    assertThat(fleet.plan().status().counts().conflicting()).isEqualTo(2);
  }

  @Test
  @DisplayName("scenario 7: nodes that run the config already are not written to")
  void noChange() {
    var fleet = new Fleet(5, spec(strategy(OnFailure.Pause)));
    for (int i = 0; i < 5; i++) {
      fleet.runs(i, NEXT);
    }
    fleet.run(Duration.ofSeconds(5));
    assertThat(fleet.touched).isEmpty();
    assertThat(fleet.phase()).isEqualTo(RolloutPhase.Complete);
  }
}
