package dev.retune.agent.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.NodeState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory that a kubelet 1.11 to 1.23 left. */
class EarlierKubeletTest {
  private static final String META =
      """
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: SerializedNodeConfigSource
      source:
        configMap:
          kubeletConfigKey: kubelet
          name: my-node-config-9mbkccg2cc
          namespace: kube-system
          resourceVersion: "1042"
          uid: 4e6ed6d2-6a2b-11e8-8a5c-42010a800002
      """;
  private static final String DOCUMENT = "kind: KubeletConfiguration\n";

  @TempDir private Path parent;
  private Path directory;
  private DirectoryStore store;

  @BeforeEach
  void left() throws IOException {
    directory = parent.resolve("kubelet-dynamic");
    store = new DirectoryStore(new Layout(directory));
    put("store/meta/assigned", META);
    put("store/meta/last-known-good", "");
    put("store/checkpoints/4e6ed6d2-6a2b-11e8-8a5c-42010a800002/1042/kubelet", DOCUMENT);
  }

  private void put(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
  }

  @Test
  @DisplayName("AGENT-5 what was assigned is taken over; what to fall back to is what runs now")
  void takenOver() throws IOException {
    NodeState state = store.load();
    var assigned = state.assigned().orElseThrow();
    assertThat(assigned.source().name()).isEqualTo("my-node-config-9mbkccg2cc");
    assertThat(assigned.hash()).isEqualTo(Document.of(DOCUMENT).hash());
    assertThat(store.read(assigned)).contains(Document.of(DOCUMENT));
    assertThat(state.active()).isEqualTo(new Config.Local());
    assertThat(state.lastKnownGood()).isEqualTo(new Config.Local());
    assertThat(state.lost()).isEmpty();
  }

  @Test
  @DisplayName("AGENT-5 the same files go on to say the same, for people and their tools")
  void goesOn() throws IOException {
    store.save(store.load());
    assertThat(directory.resolve("store/meta/assigned"))
        .content(StandardCharsets.UTF_8)
        .contains("my-node-config-9mbkccg2cc", "SerializedNodeConfigSource", "1042");
    assertThat(store.load().assigned()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{{{", "kind: Pod\n", "kind: SerializedNodeConfigSource\n"})
  @DisplayName("bug 3: AGENT-20 a damaged directory is taken over as the local config, and starts")
  void damaged(String meta) throws IOException {
    put("store/meta/assigned", meta);
    assertThat(store.load()).isEqualTo(NodeState.UNTOUCHED);
  }

  @Test
  @DisplayName("AGENT-20 a checkpoint that is gone is downloaded again when it is asked for")
  void checkpointGone() throws IOException {
    Files.delete(
        directory.resolve("store/checkpoints/4e6ed6d2-6a2b-11e8-8a5c-42010a800002/1042/kubelet"));
    assertThat(store.load()).isEqualTo(NodeState.UNTOUCHED);
  }
}
