package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Config.Local;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is left after the agent is killed or the power is cut. Each write is there as a whole. */
final class SimulatedDisk {
  private static final int KEPT = 5;

  private final Layout layout;
  private final Map<String, Written> documents = new HashMap<>();
  private long writes;
  private Optional<NodeState> state = Optional.empty();
  private String configFlag = "";

  /** Whether nothing can be written any more. */
  boolean full;

  private record Written(String text, long order) {}

  SimulatedDisk(Layout layout) {
    this.layout = layout;
  }

  NodeState load() {
    return state.orElse(NodeState.UNTOUCHED);
  }

  /** Forgets the agent's memory, as if its file were corrupt; what a store makes of it then. */
  void loseState() {
    var active = checkpointNamed(configFlag);
    state =
        Optional.of(
            NodeState.UNTOUCHED
                .withActive(active.<Config>map(found -> found).orElse(new Local()))
                .withLost("the state cannot be read"));
  }

  private Optional<Checkpoint> checkpointNamed(String path) {
    return state.stream()
        .flatMap(known -> known.checkpoints().stream())
        .filter(checkpoint -> path(checkpoint).equals(path))
        .findFirst();
  }

  void save(NodeState next) throws IOException {
    write();
    state = Optional.of(next);
  }

  void saveCheckpoint(Checkpoint checkpoint, Document document) throws IOException {
    write();
    documents.put(path(checkpoint), new Written(document.text(), ++writes));
  }

  void activate(Config target) throws IOException {
    switch (target) {
      case Local _ -> {
        write();
        configFlag = "";
      }
      case Checkpoint checkpoint -> {
        write();
        configFlag = path(checkpoint);
      }
    }
  }

  void collectGarbage(NodeState kept) {
    var used = new ArrayList<String>();
    kept.checkpoints().forEach(checkpoint -> used.add(path(checkpoint)));
    List<String> unused =
        documents.entrySet().stream()
            .filter(entry -> !used.contains(entry.getKey()))
            .sorted(Comparator.comparingLong(entry -> -entry.getValue().order()))
            .map(Map.Entry::getKey)
            .toList();
    unused.stream().skip(KEPT).forEach(documents::remove);
  }

  void write() throws IOException {
    if (full) {
      throw new IOException("No space left on device");
    }
  }

  boolean intact(Checkpoint checkpoint) {
    return Optional.ofNullable(documents.get(path(checkpoint)))
        .filter(written -> Document.of(written.text()).hash().equals(checkpoint.hash()))
        .isPresent();
  }

  void damage(Checkpoint checkpoint) {
    documents.put(path(checkpoint), new Written("", ++writes));
  }

  /** The text of a file; a kubelet that is started with one that is not there ends at once. */
  String text(String path) {
    return Optional.ofNullable(documents.get(path))
        .map(Written::text)
        .orElse("missing crashAfter=PT0S");
  }

  boolean exists(String path) {
    return documents.containsKey(path);
  }

  /** Value of {@code --config} for the next start of the kubelet; empty for the local config. */
  String configFlag() {
    return configFlag;
  }

  /** Value of {@code --config} that names a config. */
  String configFlag(Config config) {
    return config instanceof Checkpoint checkpoint ? path(checkpoint) : "";
  }

  /** What somebody does who edits the activation file by hand. */
  void tamper(String flag) {
    configFlag = flag;
  }

  int checkpoints() {
    return documents.size();
  }

  private String path(Checkpoint checkpoint) {
    return layout.document(checkpoint).toString();
  }
}
