package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.Condition;
import dev.retune.api.DriftedField;
import dev.retune.api.FieldsStatus;
import dev.retune.api.Phase;
import dev.retune.api.ShadowedField;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the status says of fields that are not simply as the config says. */
class InEffectTest {
  private static final ShadowedField SHADOWED =
      new ShadowedField("maxPods", "--max-pods", "/var/lib/kubelet/kubeadm-flags.env:1");
  private static final DriftedField DRIFTED =
      new DriftedField("maxPods", "110", "50", "/etc/kubernetes/kubelet.conf.d/99-foo.conf:3");

  private final World world = new World();

  private void inEffect(String of, List<ShadowedField> shadowed, List<DriftedField> drifted) {
    world.inEffect =
        Optional.of(
            new InEffect(
                of,
                "abc",
                new FieldsStatus(shadowed, List.of(), List.of(), drifted),
                List.of(),
                ""));
    world.news();
    world.run(Duration.ofSeconds(1));
  }

  @Test
  @DisplayName("AGENT-19 a config that a flag overrides is never reported as fully applied")
  void shadowed() {
    world.makeGood("a", Texts.good("a"));
    assertThat(world.phase()).isEqualTo(Phase.Good);
    inEffect(Document.of(Texts.good("a")).hash(), List.of(SHADOWED), List.of());
    assertThat(world.phase()).isEqualTo(Phase.Drifted);
    assertThat(world.status().fields().shadowed()).containsExactly(SHADOWED);
    var synced = world.status().condition(Condition.SYNCED).orElseThrow();
    assertThat(synced.status()).isEqualTo(Condition.Status.False);
    assertThat(synced.message())
        .contains("maxPods: --max-pods in /var/lib/kubelet/kubeadm-flags.env:1");
    assertThat(world.status().effectiveConfigHash()).isEqualTo("sha256:abc");
  }

  @Test
  @DisplayName("AGENT-19 what is known of another config says nothing of the one that runs")
  void ofAnotherConfig() {
    world.makeGood("a", Texts.good("a"));
    inEffect(Document.of("other").hash(), List.of(SHADOWED), List.of(DRIFTED));
    assertThat(world.phase()).isEqualTo(Phase.Good);
    assertThat(world.status().fields()).isEqualTo(FieldsStatus.NONE);
  }

  @Test
  @DisplayName(
      "bug 29: AGENT-17 a change of the node's own files is drift: desired, actual, source")
  void drift() {
    inEffect("local", List.of(), List.of(DRIFTED));
    assertThat(world.phase()).isEqualTo(Phase.Drifted);
    assertThat(world.message(Condition.SYNCED))
        .contains("maxPods: 50 instead of 110 (/etc/kubernetes/kubelet.conf.d/99-foo.conf:3)");
    assertThat(world.restarts).isZero();
    inEffect("local", List.of(), List.of());
    assertThat(world.phase()).isEqualTo(Phase.Local);
  }

  @Test
  @DisplayName("AGENT-19 a flag that overrides the local config is told of, and is no drift")
  void shadowedLocal() {
    inEffect("local", List.of(SHADOWED), List.of());
    assertThat(world.phase()).isEqualTo(Phase.Local);
    assertThat(world.status().fields().shadowed()).containsExactly(SHADOWED);
  }
}
