package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.Effect.Announce;
import dev.retune.api.Condition;
import dev.retune.api.ConfigErrors;
import dev.retune.api.Phase;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ActivationTest {
  private final World world = new World();

  @Test
  @DisplayName("AGENT-8 AGENT-10 AGENT-11 AGENT-12 one restart, proof, trial, last known good")
  void fromAssignmentToLastKnownGood() {
    world.edit("a", Texts.good("a"));
    world.assign("a");
    world.run(Duration.ofSeconds(2));

    var source = world.cluster.source("a", "kubelet");
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    assertThat(world.running()).contains(Texts.good("a"));
    assertThat(world.active()).contains(source);
    assertThat(world.lastKnownGood()).isEmpty();

    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.lastKnownGood()).contains(source);
    assertThat(world.restarts).isEqualTo(1);
    assertThat(world.phases)
        .containsExactly(Phase.Local, Phase.Syncing, Phase.Restarting, Phase.Trial, Phase.Good);
    assertThat(world.announced.getFirst().message())
        .isEqualTo(
            "Kubelet restarting to use /api/v1/namespaces/kube-system/configmaps/a, UID: "
                + source.uid()
                + ", ResourceVersion: "
                + source.resourceVersion()
                + ", KubeletConfigKey: kubelet");
  }

  @Test
  @DisplayName(
      "bug 23: AGENT-11 active is not reported before healthz is ok and the lease is renewed")
  void provenNotAssumed() {
    world.edit("a", Texts.with("slow", "neverRenews", true));
    world.assign("a");
    world.run(Duration.ofSeconds(30));
    assertThat(world.phase()).isEqualTo(Phase.Restarting);
    assertThat(world.active()).isEmpty();

    world.run(Duration.ofSeconds(40));
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);
    assertThat(world.message(Condition.CONFIG_VALID))
        .contains("not proven to run within 60 s: the node's lease was not renewed");
    assertThat(world.running()).contains(Texts.LOCAL);
  }

  @Test
  @DisplayName("AGENT-11 a healthy kubelet is reported within 250 ms of its first renewed lease")
  void promptly() {
    world.edit("a", Texts.good("a"));
    world.assign("a");
    world.run(Duration.ofMillis(1300));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
  }

  @Test
  @DisplayName("AGENT-3 a ConfigMap that is missing leaves the kubelet alone until it is there")
  void missingConfigMap() {
    world.assign("a");
    world.settle();
    assertThat(world.error()).isEqualTo(ConfigErrors.DOWNLOAD);
    assertThat(world.phase()).isEqualTo(Phase.Syncing);
    assertThat(world.restarts).isZero();
    assertThat(world.message(Condition.SYNCED)).contains("kube-system/a does not exist");

    world.edit("a", Texts.good("a"));
    world.run(Duration.ofSeconds(2));
    assertThat(world.phase()).isEqualTo(Phase.Trial);
    assertThat(world.error()).isEmpty();
  }

  @Test
  @DisplayName("AGENT-7 a key that the ConfigMap does not have is refused by name")
  void missingKey() {
    world.edit("a", Texts.good("a"));
    world.assign("a", "other");
    world.run(Duration.ofSeconds(2));
    assertThat(world.error()).isEqualTo(ConfigErrors.LOAD);
    assertThat(world.message(Condition.CONFIG_VALID)).contains("has no key \"other\"");
    assertThat(world.restarts).isZero();

    world.cluster.put("a", "other", Texts.good("o"));
    world.news();
    world.run(Duration.ofSeconds(2));
    assertThat(world.running()).contains(Texts.good("o"));
  }

  @Test
  @DisplayName(
      "bug 10: AGENT-4 AGENT-5 labels never restart a kubelet, are followed and leave no litter")
  void metadataOnly() {
    world.makeGood("a", Texts.good("a"));
    for (int i = 0; i < 20; i++) {
      world.cluster.label("a");
      world.cluster.put("a", "unrelated", "text " + i);
      world.news();
      world.run(Duration.ofSeconds(1));
    }
    assertThat(world.restarts).isEqualTo(1);
    assertThat(world.phase()).isEqualTo(Phase.Good);
    var followed = world.cluster.source("a", "kubelet");
    assertThat(world.active()).contains(followed);
    assertThat(world.lastKnownGood()).contains(followed);
    assertThat(world.disk.checkpoints()).isLessThanOrEqualTo(7);

    world.adminRestart();
    world.run(Duration.ofSeconds(5));
    assertThat(world.running()).contains(Texts.good("a"));
  }

  @Test
  @DisplayName("bug 27: AGENT-4 the same bytes elsewhere are the same config: no restart")
  void sameBytes() {
    world.makeGood("a", Texts.good("a"));
    world.edit("copy", Texts.good("a"));
    world.assign("copy");
    world.settle();
    world.recreate("copy", Texts.good("a"));
    world.settle();
    assertThat(world.restarts).isEqualTo(1);
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.active()).contains(world.cluster.source("copy", "kubelet"));
  }

  @Test
  @DisplayName("AGENT-16 a reset of a node on its local config restarts nothing")
  void resetOfLocal() {
    world.reset();
    world.settle();
    assertThat(world.restarts).isZero();
    assertThat(world.phase()).isEqualTo(Phase.Local);
  }

  @Test
  @DisplayName("AGENT-16 a reset of what was refused restarts nothing")
  void resetOfRefused() {
    world.edit("a", Texts.invalid("a"));
    world.assign("a");
    world.run(Duration.ofSeconds(2));
    world.reset();
    world.settle();
    assertThat(world.restarts).isZero();
    assertThat(world.phase()).isEqualTo(Phase.Local);
    assertThat(world.error()).isEmpty();
  }

  @Test
  @DisplayName(
      "bug 9: AGENT-10 a change during an activation supersedes it: one more restart, no failure")
  void superseded() {
    world.edit("a", Texts.good("a"));
    world.edit("b", Texts.good("b"));
    world.assign("a");
    world.run(Duration.ofMillis(350));
    assertThat(world.phase()).isEqualTo(Phase.Restarting);
    world.assign("b");
    world.run(Duration.ofSeconds(3));
    assertThat(world.running()).contains(Texts.good("b"));
    assertThat(world.restarts).isEqualTo(2);
    assertThat(world.state().bad()).isEmpty();

    world.assign("a");
    world.run(Duration.ofMillis(350));
    world.reset();
    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.Local);
    assertThat(world.state().bad()).isEmpty();
  }

  @Test
  @DisplayName("AGENT-7 one Event per refusal, and none again after the agent was restarted")
  void refusalIsToldOnce() {
    world.edit("a", Texts.invalid("a"));
    world.assign("a");
    world.settle();
    world.cluster.label("a");
    world.news();
    world.settle();
    int before = world.phases.size();
    world.killAgent();
    world.startAgent();
    world.settle();
    assertThat(world.announced)
        .extracting(Announce::reason)
        .containsExactly("KubeletConfigRejected");
    assertThat(world.phases).as("the restarted agent reports nothing else").hasSize(before);
    assertThat(world.error()).isEqualTo(ConfigErrors.VALIDATE);
  }

  @Test
  @DisplayName("AGENT-1 what was said of an earlier source is not said of the next one")
  void newSourceNewStory() {
    world.edit("bad", Texts.invalid("bad"));
    world.assign("bad");
    world.run(Duration.ofSeconds(2));
    assertThat(world.phase()).isEqualTo(Phase.Rejected);

    world.assign("not-there");
    world.run(Duration.ofSeconds(2));
    assertThat(world.phase()).isEqualTo(Phase.Syncing);
    assertThat(world.error()).isEqualTo(ConfigErrors.DOWNLOAD);
    assertThat(world.message(Condition.CONFIG_VALID)).contains("not judged yet");
  }

  @Test
  @DisplayName("API-1 a configSource that names nothing is an error and changes nothing")
  void namesNothing() {
    world.makeGood("a", Texts.good("a"));
    world.cluster.assignNothing();
    world.news();
    world.settle();
    assertThat(world.error()).isEqualTo(ConfigErrors.ALL_NIL_SUBFIELDS);
    assertThat(world.phase()).isEqualTo(Phase.Rejected);
    assertThat(world.running()).contains(Texts.good("a"));
    assertThat(world.message(Condition.SYNCED)).contains("set spec.configSource.configMap");
  }

  @Test
  @DisplayName("AGENT-9 an overlay is merged over the local config, and again when that changes")
  void overlay() {
    world.edit("a", Texts.good("a"));
    world.cluster.overlay("a");
    world.news();
    world.settle();
    assertThat(world.running()).contains(Texts.good("a") + " over " + Texts.LOCAL);
    assertThat(world.phase()).isEqualTo(Phase.Good);

    world.localText = "local of kubeadm 1.36";
    world.news();
    world.run(Duration.ofSeconds(5));
    assertThat(world.running()).contains(Texts.good("a") + " over local of kubeadm 1.36");
    assertThat(world.phase()).as("a new candidate").isEqualTo(Phase.Trial);
    assertThat(world.lastKnownGood().orElseThrow().name()).isEqualTo("a");
  }

  @Test
  @DisplayName("AGENT-9 a local change that an overlay does not go with is taken back to before it")
  void overlayOverABrokenLocalConfig() {
    world.edit("a", Texts.good("a"));
    world.cluster.overlay("a");
    world.news();
    world.settle();

    world.localText = "broken crashAfter=PT0.1S";
    world.news();
    world.settle();
    assertThat(world.running()).contains(Texts.good("a") + " over " + Texts.LOCAL);
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);
  }

  @Test
  @DisplayName("AGENT-5 a damaged checkpoint is downloaded again, that of the last known good too")
  void damagedCheckpoint() {
    world.makeGood("a", Texts.good("a"));
    var good = world.checkpoint(Texts.good("a"));
    world.disk.damage(good);
    world.run(Duration.ofSeconds(11));
    assertThat(world.disk.intact(good)).isTrue();
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.restarts).isEqualTo(1);
  }

  @Test
  @DisplayName("AGENT-5 a damaged last known good config is never used: local is")
  void damagedLastKnownGood() {
    world.makeGood("a", Texts.good("a"));
    var good = world.checkpoint(Texts.good("a"));
    world.edit("b", Texts.crashes("b", Duration.ofSeconds(5)));
    world.assign("b");
    world.run(Duration.ofSeconds(2));
    world.disk.damage(good);
    world.settle();
    assertThat(world.running()).contains(Texts.LOCAL);
    assertThat(world.phase()).isEqualTo(Phase.RolledBack);
    assertThat(world.kubelet.starts())
        .noneMatch(start -> start.document().startsWith("missing") || start.document().isEmpty());
  }

  @Test
  @DisplayName("AGENT-17 a kubelet that runs something else shows as drifted and accuses nobody")
  void drift() {
    world.edit("a", Texts.good("a"));
    world.assign("a");
    world.run(Duration.ofSeconds(5));
    world.disk.removeActivation();
    world.adminRestart();
    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.Drifted);
    assertThat(world.message(Condition.SYNCED)).contains("started with no --config");
    assertThat(world.lastKnownGood()).as("nothing passes a trial unseen").isEmpty();
    assertThat(world.state().bad()).isEmpty();
  }

  @Test
  @DisplayName("AGENT-11 a restart that does not happen accuses no config and is tried again")
  void restartRefused() {
    world.restartRefused = true;
    world.edit("a", Texts.good("a"));
    world.assign("a");
    world.run(Duration.ofSeconds(150));
    assertThat(world.phase()).isEqualTo(Phase.Restarting);
    assertThat(world.state().bad()).isEmpty();
    assertThat(world.restarts).isEqualTo(3);

    world.restartRefused = false;
    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.Good);
  }

  @Test
  @DisplayName("AGENT-5 a full disk is reported, and the agent goes on when there is room again")
  void fullDisk() {
    world.edit("a", Texts.good("a"));
    world.disk.full(true);
    world.assign("a");
    world.run(Duration.ofSeconds(20));
    assertThat(world.phase()).isEqualTo(Phase.Blocked);
    assertThat(world.error()).isEqualTo(ConfigErrors.SYNC_INTERNAL);
    assertThat(world.message(Condition.SYNCED)).contains("No space left on device");
    assertThat(world.restarts).isZero();

    world.disk.full(false);
    world.settle();
    assertThat(world.phase()).isEqualTo(Phase.Good);
  }
}
