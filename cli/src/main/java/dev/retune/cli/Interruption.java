package dev.retune.cli;

/** Ctrl-C, or a SIGTERM, interrupts a command and gives it time to stop what it started. */
final class Interruption {
  private static final long CLEAN_UP_MILLIS = 10_000;

  private final Thread command;
  private volatile boolean over;

  private Interruption(Thread command) {
    this.command = command;
  }

  /** For the thread that calls this. */
  static Interruption ofThisThread() {
    var interruption = new Interruption(Thread.currentThread());
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("clean-up").unstarted(interruption::interruptAndWait));
    return interruption;
  }

  /** The command has ended by itself. */
  void over() {
    over = true;
  }

  private void interruptAndWait() {
    if (over) {
      return;
    }
    command.interrupt();
    long deadline = System.nanoTime() + CLEAN_UP_MILLIS * 1_000_000;
    try {
      while (!over && command.isAlive() && System.nanoTime() < deadline) {
        command.join(20);
      }
    } catch (InterruptedException nothingElseToStop) {
      Thread.currentThread().interrupt();
    }
  }
}
