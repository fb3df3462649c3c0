package dev.retune.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.node.KubeletProcess;
import dev.retune.agent.node.LocalKubelet;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.Origin;
import dev.retune.kubelet.kubeadm.NodeParts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LocalEyesTest {
  private static final String FILE = "/var/lib/kubelet/kubeadm-flags.env";

  private final Files files = new Files();
  private LocalEyes eyes;

  /** A node whose unit gives its kubelet these flags. */
  private static final class Files implements LocalKubelet.Reader {
    private List<String> flags = List.of("--config=/var/lib/kubelet/config.yaml", "--v=2");

    @Override
    public LocalKubelet read() {
      return new LocalKubelet(
          "/usr/bin/kubelet",
          flags.stream().map(flag -> new Argument(flag, new Origin(FILE, 1))).toList(),
          List.of(),
          Optional.empty(),
          List.of(),
          NodeParts.NONE,
          List.of());
    }

    @Override
    public List<Path> watched() {
      return List.of();
    }
  }

  @BeforeEach
  void open() throws IOException {
    eyes = new LocalEyes(files, () -> {});
  }

  @AfterEach
  void close() {
    eyes.close();
  }

  private static KubeletProcess process(String... arguments) {
    var commandLine = new ArrayList<>(List.of("/usr/bin/kubelet"));
    commandLine.addAll(List.of(arguments));
    return new KubeletProcess(7, Duration.ZERO, commandLine, true);
  }

  private static List<String> texts(List<Argument> arguments) {
    return arguments.stream().map(Argument::text).toList();
  }

  @Test
  @DisplayName("AGENT-17 a kubelet that runs as its unit says will be started as its unit says")
  void asTheUnitSays() {
    eyes.started(process("--config=/var/lib/retune/store/checkpoints/u/1/kubelet", "--v=2"));
    assertThat(texts(eyes.surroundings().arguments()))
        .containsExactly("--config=/var/lib/kubelet/config.yaml", "--v=2");
    assertThat(eyes.startedWith().arguments()).contains(new Argument("--v=2", new Origin(FILE, 1)));
  }

  @Test
  @DisplayName("AGENT-17 a script that adds flags of its own: those of the process count")
  void wrapped() {
    eyes.started(process("--v=2", "--max-pods=60"));
    assertThat(texts(eyes.surroundings().arguments())).containsExactly("--v=2", "--max-pods=60");
    assertThat(eyes.startedWith().arguments())
        .contains(new Argument("--max-pods=60", Origin.COMMAND_LINE));
  }

  @Test
  @DisplayName("AGENT-6 before any kubelet was seen the unit's files are all there is")
  void notSeenYet() {
    assertThat(texts(eyes.surroundings().arguments())).contains("--v=2");
  }

  @Test
  @DisplayName("AGENT-14 another version, another retry, another time: another question")
  void circumstances() {
    String first = eyes.circumstances("v1.36.2", "", false);
    assertThat(eyes.circumstances("v1.36.2", "", false)).isEqualTo(first);
    assertThat(eyes.circumstances("v1.37.0", "", false)).isNotEqualTo(first);
    assertThat(eyes.circumstances("v1.36.2", "now", false)).isNotEqualTo(first);
  }
}
