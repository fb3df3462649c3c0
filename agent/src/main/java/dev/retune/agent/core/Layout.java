package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import java.nio.file.Path;

/**
 * Where things are below the agent's directory (AGENT-5, AGENT-8). The directory {@code store} is
 * laid out as kubelets 1.11–1.23 laid out theirs.
 *
 * @param directory absolute
 */
public record Layout(Path directory) {
  /** Between the name of a document and the beginning of the hash of what was made of it. */
  private static final String MERGED = "+local-";

  private static final int MERGED_HASH = 16;

  /** The file that a systemd drop-in reads at each start of the kubelet. */
  public Path environmentFile() {
    return directory.resolve("kubelet.env");
  }

  public Path metadata() {
    return directory.resolve("store/meta");
  }

  public Path checkpoints() {
    return directory.resolve("store/checkpoints");
  }

  /**
   * What the kubelet is given of a checkpoint: the value of its {@code --config} flag. What was
   * merged lies beside its document, under a name that no ConfigMap key can have.
   */
  public Path document(Checkpoint checkpoint) {
    Path original = original(checkpoint);
    return checkpoint.merged()
        ? original.resolveSibling(
            original.getFileName() + MERGED + checkpoint.hash().substring(0, MERGED_HASH))
        : original;
  }

  /** The ConfigMap's document of a checkpoint. */
  public Path original(Checkpoint checkpoint) {
    var source = checkpoint.source();
    return checkpoints()
        .resolve(source.uid())
        .resolve(source.resourceVersion())
        .resolve(source.kubeletConfigKey());
  }

  /** Whether a kubelet that was started with this {@code --config} runs {@code config}. */
  boolean names(Config config, String configFlag) {
    return switch (config) {
      case Config.Local _ -> !configFlag.startsWith(checkpoints() + "/");
      case Checkpoint checkpoint -> configFlag.equals(document(checkpoint).toString());
    };
  }
}
