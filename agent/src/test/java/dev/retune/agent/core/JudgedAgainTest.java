package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.ConfigErrors;
import dev.retune.api.Phase;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What was judged is judged again when a person asks for it, or when the kubelet is another. */
class JudgedAgainTest {
  private static final String NEW = "v1.37.0";

  private final World world = new World();

  @Test
  @DisplayName("AGENT-14 a bad content is tried once more when an administrator says retry")
  void retryOfBadContent() {
    world.edit("a", Texts.crashes("a", Duration.ofMillis(100)));
    world.assign("a");
    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);
    int restarts = world.restarts;

    world.retry();
    world.settle();
    assertThat(world.restarts).as("one there, one back").isEqualTo(restarts + 2);
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);

    world.settle();
    assertThat(world.restarts).as("once, and not again").isEqualTo(restarts + 2);
  }

  @Test
  @DisplayName("AGENT-14 a retry of what failed because of the machine brings it up")
  void retryWhenTheMachineIsMended() {
    world.kubelet.brokenMachine = true;
    world.edit("a", Texts.good("a"));
    world.assign("a");
    world.run(Duration.ofMinutes(3));
    assertThat(world.phase()).isNotEqualTo(Phase.Good);
    world.kubelet.brokenMachine = false;
    world.settle();

    world.retry();
    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.running()).contains(Texts.good("a"));
  }

  @Test
  @DisplayName("AGENT-14 a retry of a refused config asks the judge again, and restarts nothing")
  void retryOfRefused() {
    world.edit("a", Texts.invalid("a"));
    world.assign("a");
    world.settle();
    world.retry();
    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.Rejected);
    assertThat(world.restarts).isZero();
  }

  @Test
  @DisplayName("AGENT-17 with a new kubelet the active config is on trial again, and passes it")
  void upgradeThatWorks() {
    world.makeGood("a", Texts.good("a"));
    int restarts = world.restarts;
    world.upgradeKubelet(NEW);
    world.run(Duration.ofSeconds(20));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    assertThat(world.lastKnownGood()).as("what the upgrade was made with").isEmpty();
    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.restarts).as("no restart of ours").isEqualTo(restarts);
  }

  @Test
  @DisplayName("AGENT-17 a new kubelet that crashes with the config gets the local one")
  void upgradeThatCrashes() {
    world.makeGood("a", Texts.with("a", "crashesWith", NEW));
    world.upgradeKubelet(NEW);
    world.run(Duration.ofMinutes(2));
    assertThat(world.running()).contains(Texts.LOCAL);
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);
  }

  @Test
  @DisplayName("AGENT-17 a new kubelet that refuses the config is told of, and is not touched")
  void upgradeThatRefuses() {
    world.makeGood("a", Texts.with("a", "notWith", NEW));
    int restarts = world.restarts;
    world.kubelet.version = NEW;
    world.run(Duration.ofMinutes(2));
    assertThat(world.error()).isEqualTo(ConfigErrors.VALIDATE);
    assertThat(world.message("ConfigValid")).contains("not with " + NEW);
    assertThat(world.running()).contains(Texts.with("a", "notWith", NEW));
    assertThat(world.restarts).isEqualTo(restarts);
  }
}
