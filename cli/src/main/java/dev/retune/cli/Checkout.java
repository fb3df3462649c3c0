package dev.retune.cli;

/** What only a checkout has: the archive for nodes comes without the sandbox. */
final class Checkout {
  private static final String SANDBOX = "/dev/retune/sandbox/Sandbox.class";

  private Checkout() {}

  /** Refuses a command that the sandbox is missing for. */
  static void require(String command) {
    if (Checkout.class.getResource(SANDBOX) == null) {
      throw Failure.of(
          "retune " + command + " is not in the archive for nodes",
          "it is in a checkout of Retune: ./retune " + command);
    }
  }
}
