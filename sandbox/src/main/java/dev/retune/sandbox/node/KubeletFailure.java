package dev.retune.sandbox.node;

/** Why a kubelet ends, in the words it logs before it exits with 1. */
final class KubeletFailure extends Exception {
  private static final long serialVersionUID = 1;

  KubeletFailure(String message) {
    super(message);
  }

  /** The message, which is always there. */
  String words() {
    return String.valueOf(getMessage());
  }
}
