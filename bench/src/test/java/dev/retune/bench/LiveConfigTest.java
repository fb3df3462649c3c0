package dev.retune.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LiveConfigTest {
  @ParameterizedTest
  @EnumSource
  @DisplayName("what the benchmark measures is a config that is judged to the end, and accepted")
  void accepted(LiveConfig config) {
    var judgement = KubeletConfig.judge(config.bytes(), LiveConfig.VERSION);
    assertThat(judgement.verdict()).isEqualTo(Verdict.VALID);
    assertThat(judgement.clean()).isTrue();
    assertThat(judgement.version()).isEqualTo(LiveConfig.VERSION);
  }

  @Test
  @DisplayName("JSON and YAML of the benchmark are the same config")
  void same() {
    var json = KubeletConfig.judge(LiveConfig.JSON.bytes(), LiveConfig.VERSION);
    var yaml = KubeletConfig.judge(LiveConfig.YAML.bytes(), LiveConfig.VERSION);
    assertThat(json.effective()).isNotEmpty();
    assertThat(yaml.effective()).isEqualTo(json.effective());
    assertThat(new String(LiveConfig.YAML.bytes(), java.nio.charset.StandardCharsets.UTF_8))
        .doesNotStartWith("{");
  }
}
