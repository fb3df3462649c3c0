package dev.retune.agent.store;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.NodeState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The agent's durable memory and the file that tells the kubelet what to run; {@link
 * dev.retune.agent.core.Layout} says where.
 */
public interface ConfigStore {

  /**
   * Reads the state. What cannot be read never stops anything (AGENT-20): the answer then is a
   * state on the local config whose {@link NodeState#lost} says what was wrong, with {@code active}
   * taken from the activation file when that names an intact checkpoint.
   */
  NodeState load() throws IOException;

  /** Writes the state, durably; the old one or the new one is there after a power cut. */
  void save(NodeState state) throws IOException;

  /** Writes a checkpoint and its SHA-256, durably; one that is there intact is left alone. */
  void saveCheckpoint(Checkpoint checkpoint, Document document) throws IOException;

  /** The checkpoint's document, if it is there and is what its hash says (AGENT-5). */
  Optional<Document> read(Checkpoint checkpoint);

  default boolean intact(Checkpoint checkpoint) {
    return read(checkpoint).isPresent();
  }

  /**
   * Makes {@code config} what the kubelet starts with next time (AGENT-8), durably.
   *
   * @param localConfigArguments as in {@link dev.retune.agent.core.WayBack}; what is in them
   *     besides {@code --config} is kept
   */
  void activate(Config config, List<String> localConfigArguments) throws IOException;

  /** Removes checkpoints that {@code state} does not refer to, but for the newest five. */
  void collectGarbage(NodeState state) throws IOException;
}
