package dev.retune.agent.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the dead man's switch needs to undo an activation (AGENT-15).
 *
 * @param undoes hash of the content that is undone; {@link NodeState.BadContent#LOCAL} for the
 *     local config
 * @param document the checkpoint to go back to; empty: the local config
 * @param localConfigArguments what the unit's own {@code KUBELET_CONFIG_ARGS} is without Retune,
 *     for example {@code --config=/var/lib/kubelet/config.yaml}; empty when the unit has none
 * @param kubeletDirectory the kubelet's {@code --root-dir}, where its state files are (AGENT-18)
 */
public record WayBack(
    String undoes,
    Optional<Path> document,
    List<String> localConfigArguments,
    Path kubeletDirectory) {
  public WayBack {
    localConfigArguments = List.copyOf(localConfigArguments);
  }
}
