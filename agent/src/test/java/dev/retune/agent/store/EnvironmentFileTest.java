package dev.retune.agent.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.kubelet.flags.ServiceUnit;
import dev.retune.kubelet.flags.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written here is read by our own reader of units; one with a real systemd is in e2e. */
class EnvironmentFileTest {
  private static final Path CONFIG = Path.of("/var/lib/retune/store/checkpoints/u/1/kubelet");
  private static final String ARGUMENT = "--config=" + CONFIG;

  @Test
  @DisplayName("AGENT-8 the other words of the unit's KUBELET_CONFIG_ARGS stay")
  void otherWordsStay() throws Exception {
    var local = List.of("--config=/var/lib/kubelet/config.yaml", "--config-dir=/etc/kubelet.d");

    assertThat(words(EnvironmentFile.text(CONFIG, local)))
        .containsExactly(ARGUMENT, "--config-dir=/etc/kubelet.d");
    assertThat(
            words(EnvironmentFile.text(CONFIG, List.of("--v=2", "--config", "/x", "--config=/y"))))
        .containsExactly(ARGUMENT, "--v=2");
    assertThat(words(EnvironmentFile.text(CONFIG, List.of()))).containsExactly(ARGUMENT);
  }

  @Test
  @DisplayName(
      "AGENT-15 the local config is said in the unit's own words, as no file can unset them")
  void local() throws Exception {
    var local = List.of("--config=/var/lib/kubelet/config.yaml", "--config-dir=/etc/kubelet.d");

    assertThat(words(EnvironmentFile.local(local))).isEqualTo(local);
    assertThat(EnvironmentFile.local(local)).contains("\nRETUNE_KUBELET_ARGS=\n");
    assertThat(words(EnvironmentFile.local(List.of()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--node-labels=a=b,c=d",
        "--x=with blank",
        "--x=\"quoted\"",
        "--x='single'",
        "--x=back\\slash",
        "--x=$HOME",
        "--x=`date`",
        "--x=100%",
        "--x=#no comment",
        "--x=ü",
        "",
      })
  @DisplayName("AGENT-8 words with characters that systemd gives a meaning arrive as they are")
  void quoting(String word) throws Exception {
    assertThat(words(EnvironmentFile.text(CONFIG, List.of(word, "--last"))))
        .containsExactly(ARGUMENT, word, "--last");
    assertThat(words(EnvironmentFile.local(List.of(word)))).containsExactly(word);
  }

  @Test
  @DisplayName("AGENT-8 a line break, which such a file cannot carry, is refused")
  void lineBreak() {
    assertThatThrownBy(() -> EnvironmentFile.text(CONFIG, List.of("--x=a\nb")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--x=a?b")
        .hasMessageContaining("KUBELET_CONFIG_ARGS");
  }

  @Test
  @DisplayName("AGENT-20 the config is read from what was written, whatever else stands beside it")
  void config() throws Exception {
    assertThat(EnvironmentFile.config(EnvironmentFile.text(CONFIG, List.of("--x=a \"b\""))))
        .contains(CONFIG);
    assertThat(EnvironmentFile.config(EnvironmentFile.local(List.of("--config=/x")))).isEmpty();
    assertThat(EnvironmentFile.config("nothing")).isEmpty();
  }

  /** The kubelet's arguments when its unit reads {@code text}. */
  private static List<String> words(String text) {
    var unit =
        ServiceUnit.read(
            List.of(
                new TextFile(
                    "kubelet.service",
                    """
                    [Service]
                    Environment=KUBELET_CONFIG_ARGS=--config=/overridden
                    EnvironmentFile=-/kubelet.env
                    ExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS
                    """)),
            file -> Optional.of(text));
    var words = new ArrayList<String>();
    unit.arguments().forEach(argument -> words.add(argument.text()));
    return words;
  }
}
