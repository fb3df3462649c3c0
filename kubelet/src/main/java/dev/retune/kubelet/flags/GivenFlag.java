package dev.retune.kubelet.flags;

import dev.retune.kubelet.document.Node;
import java.util.List;
import java.util.Optional;

/**
 * A flag as it was given.
 *
 * @param value the value as it was written; {@code true} for a switch alone
 * @param origin where it was written
 */
public record GivenFlag(Flag flag, String value, Origin origin) {

  /**
   * The value a document would have for the field that these flags of one name set; empty when it
   * cannot be read.
   */
  public static Optional<Node> node(List<GivenFlag> given) {
    Flag flag = given.getLast().flag();
    return FlagValues.node(flag, given.stream().map(GivenFlag::value).toList());
  }

  /** {@code --max-pods=110 (/var/lib/kubelet/kubeadm-flags.env:1)}. */
  @Override
  public String toString() {
    return "--" + flag.name() + "=" + value + " (" + origin + ")";
  }
}
