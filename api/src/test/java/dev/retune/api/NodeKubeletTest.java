package dev.retune.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeKubeletTest {
  private static final Instant T = Instant.parse("2026-11-20T10:00:00Z");

  private static NodeConfigSource source(String name, String resourceVersion) {
    return NodeConfigSource.of(
        ConfigMapNodeConfigSource.reference("kube-system", name, "kubelet")
            .resolved("uid-of-" + name, resourceVersion));
  }

  @Test
  @DisplayName("bug 8: API a status with every field set reads back as it was written")
  void statusRoundTrip() {
    var status =
        new NodeKubeletStatus(
            new NodeConfigStatus(
                Optional.of(source("b", "3")),
                Optional.of(source("a", "2")),
                Optional.of(source("a", "1")),
                ConfigErrors.VALIDATE),
            Optional.of(Phase.Trial),
            Optional.of(new TrialStatus(T, T.plusSeconds(600))),
            "sha256:00ff",
            "v1.36.2",
            Optional.of(T),
            7,
            4,
            new FieldsStatus(
                List.of(new ShadowedField("maxPods", "--max-pods", "kubeadm-flags.env:1")),
                List.of("crashLoopBackOff"),
                List.of(new FieldSource("v", "3", "--v=3 (kubeadm-flags.env:1)")),
                List.of(new DriftedField("maxPods", "110", "200", "config.yaml:7"))),
            List.of(
                new Condition(
                    Condition.CONFIG_VALID, Condition.Status.False, 4, T, "Invalid", "maxPods")));

    assertThat(NodeKubeletStatus.fromTree(status.toTree())).isEqualTo(status);
  }

  @Test
  @DisplayName("API a spec reads back as it was written, and an empty one has the CRD's defaults")
  void specRoundTrip() {
    var spec =
        new NodeKubeletSpec(
            Optional.of(
                NodeConfigSource.of(
                    ConfigMapNodeConfigSource.reference("kube-system", "a", "kubelet"))),
            Composition.Overlay,
            Duration.ofSeconds(90),
            OnInvalid.LastKnownGood);

    assertThat(NodeKubeletSpec.fromTree(spec.toTree())).isEqualTo(spec);
    assertThat(NodeKubeletSpec.fromTree(Map.of())).isEqualTo(NodeKubeletSpec.LOCAL);
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S, 0s",
    "0s, PT0S, 0s",
    "10m, PT10M, 10m0s",
    "1h30m, PT1H30M, 1h30m0s",
    "1.5s, PT1.5S, 1.5s",
    "250ms, PT0.25S, 250ms",
    "1us, PT0.000001S, 1µs",
    "3ns, PT0.000000003S, 3ns",
    "1h0m0.5s, PT1H0.5S, 1h0m0.5s"
  })
  void goDurations(String text, Duration duration, String canonical) {
    assertThat(GoDuration.parse(text)).isEqualTo(duration);
    assertThat(GoDuration.format(duration)).isEqualTo(canonical);
    assertThat(GoDuration.parse(canonical)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "m", "-1s", "1d", "9999999999h", " 1s"})
  void notGoDurations(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
