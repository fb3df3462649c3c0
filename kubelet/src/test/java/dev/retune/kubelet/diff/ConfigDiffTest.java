package dev.retune.kubelet.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.retune.kubelet.Hazards;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigDiffTest {

  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static Map<String, @Nullable Object> effective(String document) {
    return KubeletConfig.judge(
            (HEADER + document).getBytes(StandardCharsets.UTF_8), KubeletVersion.newest())
        .effective();
  }

  @Test
  @DisplayName("ROLL-8 A change names the field, both values, the hazard and the cost")
  void change() {
    ConfigDiff diff = ConfigDiff.between(effective("maxPods: 110\n"), effective("maxPods: 150\n"));

    assertThat(diff.changes())
        .singleElement()
        .satisfies(change -> {
          assertThat(change.field()).isEqualTo("maxPods");
          assertThat(change.kind()).isEqualTo(Change.Kind.CHANGED);
          assertThat(change.before()).isEqualTo(110L);
          assertThat(change.after()).isEqualTo(150L);
          assertThat(change.hazard().orElseThrow().classes()).contains(Hazards.HazardClass.A);
          assertThat(change.cost()).isEqualTo(Cost.RESTART);
        });
  }

  @Test
  @DisplayName("ROLL-8 Objects and maps are compared key by key, a list is one value")
  void nested() {
    ConfigDiff diff =
        ConfigDiff.between(
            effective("evictionHard: {memory.available: 100Mi, pid.available: 5%}\n"),
            effective(
"""
evictionHard: {memory.available: 500Mi}
authentication: {webhook: {cacheTTL: 5m}}
clusterDNS: [10.0.0.1]
"""));

    assertThat(diff.changes())
        .extracting(Change::field, Change::kind)
        .containsExactlyInAnyOrder(
            tuple("evictionHard[memory.available]", Change.Kind.CHANGED),
            tuple("evictionHard[pid.available]", Change.Kind.REMOVED),
            tuple("authentication.webhook.cacheTTL", Change.Kind.CHANGED),
            tuple("clusterDNS", Change.Kind.ADDED));
  }

  @ParameterizedTest
  @CsvSource({
    "streamingConnectionIdleTimeout: 1h, NOTHING",
    "syncFrequency: 2m, RESTART",
    "cpuManagerPolicy: static, STATE_FILE",
    "topologyManagerPolicy: restricted, DRAIN",
    "cgroupDriver: systemd, REBOOT",
  })
  @DisplayName("ROLL-8 What a change costs follows from the hazards of its field")
  void cost(String field, Cost cost) {
    assertThat(ConfigDiff.between(effective(""), effective(field + "\n")).cost()).hasValue(cost);
  }

  @Test
  @DisplayName("ROLL-8 Every field with a hazard has a cost, and no difference costs nothing")
  void costs() {
    Hazards.all().values().forEach(hazard -> assertThat(Cost.of(hazard)).isNotNull());
    assertThat(ConfigDiff.between(effective(""), effective("")).cost()).isEmpty();
  }
}
