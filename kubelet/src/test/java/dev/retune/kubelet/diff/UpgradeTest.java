package dev.retune.kubelet.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.diff.Upgrade.Effect;
import dev.retune.kubelet.diff.Upgrade.Finding;
import dev.retune.kubelet.flags.Argument;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UpgradeTest {

  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static Upgrade check(String document, int from, int to, String... flags) {
    return Upgrade.check(
        (HEADER + document).getBytes(StandardCharsets.UTF_8),
        Argument.ofCommandLine(List.of(flags)),
        new KubeletVersion(from),
        new KubeletVersion(to));
  }

  private static List<String> fields(Upgrade upgrade, Effect effect) {
    return upgrade.findings().stream()
        .filter(finding -> finding.effect() == effect)
        .map(Finding::field)
        .toList();
  }

  @Test
  @DisplayName("Bug 14 A gate that goes, a value that goes and a flag that goes break the kubelet")
  void breaks() {
    Upgrade upgrade =
        check(
"""
featureGates: {NodeSwap: true, CSIMigration: true}
memorySwap: {swapBehavior: UnlimitedSwap}
""",
            26,
            30,
            "--container-runtime=remote");

    assertThat(upgrade.breaks()).isTrue();
    assertThat(fields(upgrade, Effect.BREAKS))
        .contains("featureGates[CSIMigration]", "--container-runtime");
    assertThat(
            fields(
                check(
"""
memorySwap: {swapBehavior: UnlimitedSwap}
featureGates: {NodeSwap: true}
""",
                    29,
                    30),
                Effect.BREAKS))
        .containsExactly("memorySwap.swapBehavior");
  }

  @Test
  @DisplayName("Bug 26 Defaults that move are told, and only for fields the document leaves open")
  void defaultsMove() {
    assertThat(fields(check("", 26, 27), Effect.CHANGES)).contains("eventRecordQPS", "kubeAPIQPS");
    assertThat(fields(check("eventRecordQPS: 5\n", 26, 27), Effect.CHANGES))
        .contains("kubeAPIQPS")
        .doesNotContain("eventRecordQPS");
    assertThat(check("", 26, 27).breaks()).isFalse();
  }

  @Test
  @DisplayName("A field the new version does not know is passed over, and told")
  void ignores() {
    assertThat(fields(check("imageMaximumGCAge: 24h\n", 30, 28), Effect.IGNORES))
        .containsExactly("imageMaximumGCAge");
  }

  @Test
  @DisplayName("A field the old version did not know takes effect, and is not called a new default")
  void takesEffect() {
    assertThat(check("imageMaximumGCAge: 24h\nfeatureGates: {}\n", 28, 30).findings())
        .filteredOn(finding -> finding.field().equals("imageMaximumGCAge"))
        .extracting(Finding::message)
        .containsExactly("takes effect with 1.30: \"24h0m0s\"");
  }

  @Test
  @DisplayName("The spelling of the flush frequency, a number up to 1.27, is no change")
  void spelling() {
    assertThat(fields(check("", 27, 28), Effect.CHANGES)).doesNotContain("logging.flushFrequency");
  }

  @Test
  @DisplayName("A gate that has its value by default now can be taken out")
  void tidy() {
    assertThat(fields(check("featureGates: {NodeSwap: true}\n", 33, 34), Effect.TIDY))
        .containsExactly("featureGates[NodeSwap]");
  }

  @Test
  @DisplayName("What was refused before is not news")
  void notNews() {
    assertThat(check("maxPods: -1\n", 35, 36).breaks()).isFalse();
    assertThat(check("kubeReserved: {bogus: 1}\n", 35, 36).breaks()).isFalse();
  }

  @Test
  @DisplayName("The same version changes nothing")
  void same() {
    for (KubeletVersion version : KubeletVersion.known()) {
      assertThat(fields(check("maxPods: 5\n", version.minor(), version.minor()), Effect.CHANGES))
          .isEmpty();
    }
  }
}
