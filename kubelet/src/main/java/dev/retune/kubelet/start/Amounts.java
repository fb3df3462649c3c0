package dev.retune.kubelet.start;

import dev.retune.kubelet.value.Quantity;
import dev.retune.kubelet.value.Words;

/** Wording for amounts of bytes that Kubernetes does not take for whole numbers. */
final class Amounts {

  private Amounts() {}

  static String unlikeBytes(String text) {
    return Words.quoted(text)
        + " is no whole number of bytes to the kubelet, which goes by how it is written";
  }

  /** How to write the same so that it is one; nothing when it cannot be one. */
  static String likeBytes(Quantity quantity) {
    return Quantity.asInt64(quantity.text()).isPresent()
        ? "; did you mean " + Words.quoted(quantity.text()) + "?"
        : "";
  }
}
