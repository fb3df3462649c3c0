package dev.retune.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Document;
import dev.retune.api.ConfigMapNodeConfigSource;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfiguredLeaseTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'kind: KubeletConfiguration\nnodeLeaseDurationSeconds: 200' | 200",
        "'{\"nodeLeaseDurationSeconds\": 60}' | 60",
        "'kind: KubeletConfiguration' | 0",
        "'nodeLeaseDurationSeconds: soon' | 0",
        "'nodeLeaseDurationSeconds: -5' | 0",
        "'[' | 0"
      })
  @DisplayName("AGENT-13 how long a lease holds is what the config says, if it does")
  void configured(String text, int seconds) {
    var document = Document.of(text);
    var checkpoint =
        new Checkpoint(
            new ConfigMapNodeConfigSource("ns", "name", "uid", "1", "kubelet"), document.hash());
    var lease = new ConfiguredLease(_ -> Optional.of(document));
    assertThat(lease.of(checkpoint)).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(lease.of(new Config.Local())).isZero();
  }
}
