package dev.retune.agent;

import java.time.Duration;

/**
 * Gives back to the node what changes have left behind in the heap. The serial collector takes new
 * memory as long as it may, and collects the old generation only when there is no more: a heap that
 * may be large enough for a hostile document would end up as large with garbage.
 *
 * <p>For a process that is an agent and nothing else.
 */
public final class Housekeeping {
  /** How often it looks; a look costs nothing. */
  private static final Duration PACE = Duration.ofSeconds(20);

  /** How much more than after the last time is worth a collection, in bytes. */
  private static final long WORTH_IT = 512 * 1024;

  private final Runtime runtime = Runtime.getRuntime();
  private long cleanedTo;

  private Housekeeping() {}

  /** Starts it, for as long as the process lives. */
  public static void start() {
    Thread.ofPlatform().name("housekeeping").daemon().start(new Housekeeping()::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PACE);
        look();
      }
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    if (used() > cleanedTo + WORTH_IT) {
      System.gc();
      cleanedTo = used();
    }
  }

  private long used() {
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
