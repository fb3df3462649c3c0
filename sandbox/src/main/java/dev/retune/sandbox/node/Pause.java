package dev.retune.sandbox.node;

import java.time.Duration;

/** Waiting between two rounds of a loop that ends when its thread is interrupted. */
final class Pause {

  private Pause() {}

  /** Waits. Returns false when the thread was interrupted, and keeps it so. */
  static boolean of(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
