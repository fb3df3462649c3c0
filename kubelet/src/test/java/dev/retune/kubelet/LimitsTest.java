package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.document.Document;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents that are made to hurt. */
class LimitsTest {

  private static final String YAML =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
  private static final String JSON =
      "{\"apiVersion\": \"kubelet.config.k8s.io/v1beta1\", \"kind\": \"KubeletConfiguration\", ";

  @BeforeAll
  static void loadFacts() {
    KubeletConfig.judge(new byte[0], KubeletVersion.newest());
    Defaults.of(KubeletVersion.newest());
  }

  static Stream<String> hurtful() {
    int most = Document.MAX_BYTES - 200;
    StringBuilder laughs = new StringBuilder(YAML).append("a0: &a0 [x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 40; i++) {
      String alias = "*a" + (i - 1);
      laughs.append("a" + i + ": &a" + i + " [" + (alias + ", ").repeat(8) + alias + "]\n");
    }
    StringBuilder merges = new StringBuilder(YAML).append("m0: &m0 {a: 1, b: 2}\n");
    for (int i = 1; i < 2000; i++) {
      merges.append("m" + i + ": &m" + i + "\n  <<: [*m0, *m" + (i - 1) + "]\n  k" + i + ": 1\n");
    }
    StringBuilder headers = new StringBuilder(YAML).append("l: &l [");
    headers.append("x, ".repeat(20_000)).append("x]\nstaticPodURLHeader:\n");
    for (int i = 0; i < 20_000; i++) {
      headers.append("  h" + i + ": *l\n");
    }
    return Stream.of(
        " ".repeat(Document.MAX_BYTES + 1),
        YAML + "a: " + "[".repeat(most),
        YAML + "a: " + "[".repeat(most / 2) + "]".repeat(most / 2),
        YAML + "a: " + "{a: ".repeat(10_000),
        YAML + "a: " + "- ".repeat(10_000),
        JSON + "\"a\": " + "[".repeat(10_000) + "]".repeat(10_000) + "}",
        JSON + "\"a\": " + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_001),
        laughs.toString(),
        merges.toString(),
        headers.toString(),
        YAML + "a: &a [*a]\n",
        YAML + "a: *nowhere\n");
  }

  @ParameterizedTest
  @MethodSource("hurtful")
  @DisplayName("Section 5: what is too large, too deep or an alias bomb is refused at once")
  void refused(String document) {
    assertThat(quickly(document).verdict()).isEqualTo(Verdict.DECODE);
  }

  static Stream<String> longWinded() {
    int most = Document.MAX_BYTES - 200;
    StringBuilder gates = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      gates.append(",\"Gate").append(i).append("\":true");
    }
    return Stream.of(
        YAML + "maxPods: " + "9".repeat(10_000) + "\n",
        YAML + "memoryThrottlingFactor: 0." + "9".repeat(most) + "\n",
        JSON + "\"maxPods\": " + "9".repeat(10_000) + "}",
        JSON + "\"memoryThrottlingFactor\": 0." + "9".repeat(most) + "}",
        JSON + "\"memoryThrottlingFactor\": 1e" + "9".repeat(most) + "}",
        JSON + "\"syncFrequency\": \"" + "9".repeat(most) + "h\"}",
        JSON + "\"reservedMemory\": [{\"limits\": {\"memory\": \"" + "9".repeat(most) + "\"}}]}",
        JSON + "\"reservedMemory\": [{\"limits\": {\"memory\": \"1e9999999\"}}]}",
        JSON + "\"" + "k".repeat(most) + "\": 1}",
        JSON + "\"a\":1,".repeat(most / 6) + "\"b\": 2}",
        JSON + "\"featureGates\":{" + gates.substring(1) + "}}",
        JSON + "\"reservedSystemCPUs\": \"" + "0,".repeat(most / 2) + "0\"}",
        JSON + "\"podLogsDir\": \"" + "/..".repeat(most / 3) + "\"}",
        JSON + "\"tracing\": {\"endpoint\": \"" + "%".repeat(most) + "\"}}",
        JSON
            + "\"preloadedImagesVerificationAllowlist\": [\""
            + "a".repeat(most)
            + "\"],"
            + "\"imagePullCredentialsVerificationPolicy\": \"NeverVerifyAllowlistedImages\"}",
        YAML + "clusterDNS:\n" + "- a\n".repeat(most / 4),
        YAML + "a: '" + "''".repeat(most / 2) + "'\n",
        YAML + "a: \"" + "\\n".repeat(most / 2) + "\"\n",
        YAML + "# " + "-".repeat(most) + "\n",
        YAML + "? ".repeat(10_000));
  }

  @ParameterizedTest
  @MethodSource("longWinded")
  @DisplayName("Section 5: what is merely long is judged, and quickly")
  void judged(String document) {
    assertThat(quickly(document).version()).isEqualTo(KubeletVersion.newest());
  }

  /** Counts the processor's time, so that a busy machine does not matter. */
  private static Judgement quickly(String document) {
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    Judgement judgement = KubeletConfig.judge(bytes, KubeletVersion.newest());
    assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start))
        .isLessThan(Duration.ofSeconds(1));
    return judgement;
  }
}
