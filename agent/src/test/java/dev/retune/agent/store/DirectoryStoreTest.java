package dev.retune.agent.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.NodeState;
import dev.retune.api.ConfigMapNodeConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryStoreTest {

  @TempDir Path parent;
  private Path directory;
  private Layout layout;
  private DirectoryStore store;

  private final Checkpoint one = States.checkpoint("uid-1", "11", States.ONE);
  private final Checkpoint two = States.checkpoint("uid-2", "22", States.TWO);

  @BeforeEach
  void open() {
    directory = parent.resolve("retune");
    layout = new Layout(directory);
    store = new DirectoryStore(layout);
  }

  @Test
  @DisplayName(
      "AGENT-5 what is saved is what is loaded, and nothing saved is a node nobody touched")
  void roundTrip() throws Exception {
    assertThat(store.load()).isEqualTo(NodeState.UNTOUCHED);

    store.save(States.full());

    assertThat(new DirectoryStore(layout).load()).isEqualTo(States.full());
    store.save(NodeState.UNTOUCHED);
    assertThat(new DirectoryStore(layout).load()).isEqualTo(NodeState.UNTOUCHED);
  }

  @Test
  @DisplayName(
      "AGENT-5 the layout and the SerializedNodeConfigSource are those of kubelets 1.11–1.23")
  void layoutOnDisk() throws Exception {
    store.saveCheckpoint(one, States.ONE);
    store.save(States.running(one, new Config.Local(), Optional.of(one)));

    assertThat(directory.resolve("store/checkpoints/uid-1/11/kubelet"))
        .hasContent(States.ONE.text());
    assertThat(directory.resolve("store/checkpoints/uid-1/11/kubelet:sha256"))
        .hasContent(States.ONE.hash() + "  kubelet\n");
    assertThat(directory.resolve("store/meta/assigned"))
        .hasContent(
            """
            apiVersion: kubelet.config.k8s.io/v1beta1
            kind: SerializedNodeConfigSource
            source:
              configMap:
                kubeletConfigKey: kubelet
                name: c-uid-1
                namespace: kube-system
                resourceVersion: "11"
                uid: uid-1
            """);
    assertThat(directory.resolve("store/meta/last-known-good")).isEmptyFile();
  }

  @Test
  @DisplayName("SEC files are 0600 and directories 0700, also one that was there with another mode")
  void modes() throws Exception {
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    store.saveCheckpoint(one, States.ONE);
    store.save(States.full());
    store.activate(one, List.of());

    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  @DisplayName(
      "SEC a symbolic link in the agent's directory is refused, and what it points to is not touched")
  void links() throws Exception {
    Path victim = Files.writeString(parent.resolve("victim"), "precious");
    Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
    store.save(NodeState.UNTOUCHED);

    Files.createSymbolicLink(directory.resolve("kubelet.env"), victim);
    assertThatThrownBy(() -> store.activate(one, List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("kubelet.env is a symbolic link");
    assertThatThrownBy(() -> store.activate(new Config.Local(), List.of()))
        .isInstanceOf(IOException.class);

    Files.createDirectories(directory.resolve("store/checkpoints"));
    Files.createSymbolicLink(directory.resolve("store/checkpoints/uid-1"), elsewhere);
    assertThatThrownBy(() -> store.saveCheckpoint(one, States.ONE))
        .hasMessageContaining("uid-1 is a symbolic link");
    assertThat(store.intact(one)).isFalse();
    store.collectGarbage(NodeState.UNTOUCHED);

    assertThat(victim).hasContent("precious");
    assertThat(elsewhere).isEmptyDirectory();
    // A link where the temporary file goes is replaced, not followed.
    Files.createSymbolicLink(directory.resolve("store/meta/state~"), victim);
    store.save(States.full());
    assertThat(victim).hasContent("precious");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../x", "a/b", "..", ".", "", "a b", "kubelet~", "kubelet:sha256"})
  @DisplayName("SEC a name that would lead elsewhere is refused")
  void names(String key) {
    Checkpoint bad =
        new Checkpoint(
            new ConfigMapNodeConfigSource("ns", "n", "uid", "1", key), States.ONE.hash());
    assertThatThrownBy(() -> store.saveCheckpoint(bad, States.ONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("\"" + key + "\"");
    assertThat(parent.resolve("retune")).doesNotExist();
  }

  @Test
  @DisplayName(
      "bug 35: AGENT-5 a checkpoint that is damaged, cut short or missing is not intact, and is written again")
  void damage() throws Exception {
    Path file = layout.document(one);
    assertThat(store.intact(one)).isFalse();
    store.saveCheckpoint(one, States.ONE);
    assertThat(store.intact(one)).isTrue();

    Files.writeString(file, "maxPods: 9\n");
    assertThat(store.intact(one)).isFalse();
    store.saveCheckpoint(one, States.ONE);
    assertThat(store.intact(one)).isTrue();

    Files.writeString(file, "");
    assertThat(store.intact(one)).isFalse();
  }

  @Test
  @DisplayName("AGENT-8 activation is one file that systemd reads, and removing it is the reset")
  void activation() throws Exception {
    store.activate(one, List.of());
    assertThat(Files.readAllLines(directory.resolve("kubelet.env")))
        .contains(
            "KUBELET_CONFIG_ARGS=--config=" + layout.document(one),
            "RETUNE_KUBELET_ARGS=--config=" + layout.document(one));

    store.activate(two, List.of());
    assertThat(Files.readString(directory.resolve("kubelet.env")))
        .contains("uid-2")
        .doesNotContain("uid-1");

    store.activate(new Config.Local(), List.of());
    store.activate(new Config.Local(), List.of());
    assertThat(directory.resolve("kubelet.env")).doesNotExist();
  }

  @Test
  @DisplayName("AGENT-8 a directory that cannot be handed through systemd's environment is refused")
  void plainPaths() {
    assertThatThrownBy(() -> new DirectoryStore(new Layout(Path.of("/var/lib/my retune"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/var/lib/my retune");
    assertThatThrownBy(() -> new DirectoryStore(new Layout(Path.of("relative"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"format\": 2}",
        "\u0000\u0000\u0000",
        "{\"format\": 1, \"bad\": []}"
      })
  @DisplayName(
      "AGENT-20 unreadable memory means local config and says so; what is running is found again")
  void lost(String text) throws Exception {
    store.saveCheckpoint(one, States.ONE);
    store.save(States.full());
    Files.writeString(directory.resolve("store/meta/state"), text);

    NodeState withoutActivation = new DirectoryStore(layout).load();
    assertThat(withoutActivation.active()).isEqualTo(new Config.Local());
    assertThat(withoutActivation.lost()).contains("store/meta/state cannot be read");

    store.activate(one, List.of());
    NodeState withActivation = new DirectoryStore(layout).load();
    assertThat(withActivation.active().sameContent(one)).isTrue();
    assertThat(layout.document((Checkpoint) withActivation.active()))
        .isEqualTo(layout.document(one));
    assertThat(withActivation.lastKnownGood()).isEqualTo(new Config.Local());

    Files.writeString(layout.document(one), "damaged");
    assertThat(new DirectoryStore(layout).load().active()).isEqualTo(new Config.Local());
  }

  @Test
  @DisplayName(
      "AGENT-20 missing memory next to an activation is noticed; so is a foreign activation file")
  void missing() throws Exception {
    store.saveCheckpoint(one, States.ONE);
    store.activate(one, List.of());
    assertThat(store.load().active().sameContent(one)).isTrue();
    assertThat(store.load().lost()).contains("is not there, though");

    Files.writeString(
        directory.resolve("kubelet.env"), "KUBELET_CONFIG_ARGS=--config=/etc/passwd\n");
    assertThat(store.load().active()).isEqualTo(new Config.Local());
    Files.writeString(directory.resolve("kubelet.env"), "nothing");
    assertThat(store.load().active()).isEqualTo(new Config.Local());
  }

  @Test
  @DisplayName("bug 31: AGENT-5 of the checkpoints that nothing refers to the newest five stay")
  void garbage() throws Exception {
    Document[] documents = new Document[12];
    Checkpoint[] checkpoints = new Checkpoint[12];
    for (int i = 0; i < 12; i++) {
      documents[i] = Document.of("maxPods: " + i);
      checkpoints[i] = States.checkpoint("uid-" + i / 2, String.valueOf(i), documents[i]);
      store.saveCheckpoint(checkpoints[i], documents[i]);
      Files.setLastModifiedTime(
          layout.document(checkpoints[i]), FileTime.from(Instant.ofEpochSecond(1_000_000 + i)));
    }
    Path leftOver = layout.document(checkpoints[11]).resolveSibling("kubelet~");
    Files.writeString(leftOver, "half");
    Files.writeString(
        layout.checkpoints().resolve("stray"), "a file where a directory is expected");

    store.collectGarbage(
        States.running(checkpoints[0], checkpoints[1], Optional.of(checkpoints[3])));

    List<Integer> kept = List.of(0, 1, 3, 7, 8, 9, 10, 11);
    for (int i = 0; i < 12; i++) {
      assertThat(store.intact(checkpoints[i])).as("checkpoint " + i).isEqualTo(kept.contains(i));
    }
    assertThat(layout.checkpoints().resolve("uid-2")).doesNotExist();
    assertThat(layout.document(checkpoints[6]).getParent()).doesNotExist();
    assertThat(leftOver).doesNotExist();

    store.saveCheckpoint(checkpoints[2], documents[2]);
    assertThat(store.intact(checkpoints[2])).isTrue();
  }
}
