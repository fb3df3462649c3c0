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

  /** The document of a checkpoint: the value of the kubelet's {@code --config} flag. */
  public Path document(Checkpoint checkpoint) {
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
