package dev.retune.kubelet.kubeadm;

import dev.retune.kubelet.flags.TextFile;
import java.util.List;
import java.util.Optional;

/**
 * What a node has of its own, to be added to the cluster's kubelet configuration.
 *
 * @param resolved whether systemd-resolved runs there
 * @param patches the files of kubeadm's {@code --patches} directory, in the order in which it walks
 *     that: by name in each directory
 * @param instanceConfig {@code /var/lib/kubelet/instance-config.yaml} (KEP-4656), which kubeadm
 *     writes since 1.34, or since 1.32 when the gate {@code NodeLocalCRISocket} is on; empty when
 *     the node has none
 */
public record NodeParts(
    boolean resolved, List<TextFile> patches, Optional<TextFile> instanceConfig) {

  /** A node that has nothing of its own. */
  public static final NodeParts NONE = new NodeParts(false, List.of(), Optional.empty());

  public NodeParts {
    patches = List.copyOf(patches);
  }
}
