package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.NodeState.Trial;
import dev.retune.api.Condition;
import dev.retune.api.Phase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TrialTest {
  private final World world = new World();

  @BeforeEach
  void inTrial() {
    world.cluster.trial(Duration.ofMinutes(10));
    world.edit("a", Texts.good("a"));
    world.assign("a");
    world.run(Duration.ofSeconds(5));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
  }

  private Duration observed() {
    return world.state().trial().map(Trial::observed).orElseThrow();
  }

  @Test
  @DisplayName("AGENT-12 a trial takes its time of observed health, and not more")
  void length() {
    world.run(Duration.ofMinutes(9).plusSeconds(50));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.run(Duration.ofSeconds(10));
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.announced.getLast().message()).contains("passed its trial");
  }

  @Test
  @DisplayName("AGENT-12 time without an agent does not count")
  void agentAway() {
    world.killAgent();
    world.run(Duration.ofHours(2));
    world.startAgent();
    world.run(Duration.ofSeconds(30));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    assertThat(observed()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  @DisplayName("AGENT-12 time that the machine sleeps does not count, and is no failure")
  void machineSleeps() {
    world.sleep(Duration.ofHours(8));
    world.run(Duration.ofSeconds(30));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    assertThat(observed()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  @DisplayName("AGENT-12 time that the kubelet is stopped does not count, and is no failure")
  void kubeletStopped() {
    world.run(Duration.ofMinutes(1));
    world.kubelet.stop();
    world.run(Duration.ofMinutes(20));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    assertThat(observed()).isLessThan(Duration.ofSeconds(70));
    assertThat(world.message(Condition.KUBELET_HEALTHY)).contains("Somebody stopped the kubelet");

    world.adminRestart();
    world.run(Duration.ofMinutes(9).plusSeconds(10));
    assertThat(world.phase()).isEqualTo(Phase.Good);
  }

  @Test
  @DisplayName("AGENT-13 a kubelet that somebody starts again has all the time of a new one")
  void startedAfterLong() {
    for (int i = 0; i < 12; i++) {
      world.kubelet.stop();
      world.run(Duration.ofMinutes(3).plusMillis(90L * i));
      world.adminRestart();
      world.run(Duration.ofSeconds(20));
    }
    assertThat(world.state().bad()).isEmpty();
  }

  @Test
  @DisplayName(
      "bug 6: AGENT-12 the trial survives restarts of the agent and loses 30 s at most by each")
  void agentRestarts() {
    for (int i = 0; i < 4; i++) {
      world.run(Duration.ofMinutes(2));
      world.killAgent();
      world.startAgent();
    }
    world.run(Duration.ofSeconds(1));
    assertThat(observed()).isGreaterThan(Duration.ofMinutes(6));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.run(Duration.ofMinutes(4));
    assertThat(world.phase()).isEqualTo(Phase.Good);
  }

  @Test
  @DisplayName("AGENT-12 AGENT-13 the trial survives a reboot, which is no failure")
  void reboot() {
    world.run(Duration.ofMinutes(5));
    world.reboot();
    world.run(Duration.ofSeconds(5));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    assertThat(observed()).isBetween(Duration.ofSeconds(270), Duration.ofSeconds(320));
    world.run(Duration.ofMinutes(5).plusSeconds(40));
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.restarts).isEqualTo(1);
  }

  @Test
  @DisplayName("AGENT-13 five restarts by an administrator are no failure, and the trial goes on")
  void adminRestarts() {
    for (int i = 0; i < 5; i++) {
      world.run(Duration.ofSeconds(20));
      world.adminRestart();
    }
    world.run(Duration.ofMinutes(9));
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.state().bad()).isEmpty();
    assertThat(world.restarts).isEqualTo(1);
  }

  @Test
  @DisplayName("AGENT-12 setting the wall clock neither shortens a trial nor ends it")
  void clockSet() {
    world.setClock(Duration.ofDays(400));
    world.run(Duration.ofMinutes(2));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.setClock(Duration.ofDays(-800));
    world.run(Duration.ofMinutes(7));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    world.run(Duration.ofMinutes(1));
    assertThat(world.phase()).isEqualTo(Phase.Good);
  }

  @Test
  @DisplayName("AGENT-12 a new trialDuration holds at once, but not for a kubelet that is down")
  void durationChanges() {
    world.run(Duration.ofMinutes(3));
    world.kubelet.stop();
    world.cluster.trial(Duration.ofMinutes(2));
    world.news();
    world.run(Duration.ofSeconds(30));
    assertThat(world.lastKnownGood()).isEmpty();
    world.adminRestart();
    world.run(Duration.ofSeconds(3));
    assertThat(world.phase()).isEqualTo(Phase.Good);
  }

  @Test
  @DisplayName("AGENT-2 AGENT-12 without an API server the trial goes on to its end")
  void apiAway() {
    world.cluster.reachable = false;
    world.run(Duration.ofMinutes(15));
    assertThat(world.state().lastKnownGood()).isEqualTo(world.checkpoint(Texts.good("a")));
    assertThat(world.state().bad()).isEmpty();

    assertThat(world.cluster.status.phase()).contains(Phase.Trial);
    world.cluster.reachable = true;
    world.news();
    world.run(Duration.ofSeconds(1));
    assertThat(world.cluster.status.phase()).contains(Phase.Good);
  }

  @Test
  @DisplayName("AGENT-12 the reported end of a trial stands still while the kubelet is healthy")
  void steadyEnd() {
    var ends = world.status().trial().orElseThrow().endsAt();
    world.run(Duration.ofMinutes(5));
    assertThat(world.status().trial().orElseThrow().endsAt()).isEqualTo(ends);
  }

  @Test
  @DisplayName(
      "AGENT-4 AGENT-12 a new version with the same document does not start the trial anew")
  void metadataEdit() {
    var started = world.status().trial().orElseThrow().startedAt();
    world.run(Duration.ofMinutes(5));
    world.cluster.label("a");
    world.news();
    world.run(Duration.ofSeconds(5));
    assertThat(world.status().trial().orElseThrow().startedAt()).isEqualTo(started);
    assertThat(observed()).isGreaterThan(Duration.ofMinutes(5));
  }
}
