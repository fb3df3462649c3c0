package dev.retune.agent;

import java.time.Duration;

/**
 * Gives back to the node what changes have left behind in the heap. The serial collector takes new
 * memory as long as it may, and collects the old generation only when there is no more: a heap that
 * may be large enough for a hostile document would end up as large with garbage.
 *
 * <p>For a process that is an agent and nothing else. Used by the loop's thread only.
 */
final class Housekeeping {
  /** The least time from one collection to the next. */
  private static final Duration PACE = Duration.ofSeconds(5);

  /** How much more than after the last time is worth a collection, in bytes. */
  private static final long WORTH_IT = 192 * 1024;

  private final Runtime runtime = Runtime.getRuntime();
  private long cleanedTo;
  private long cleanedAt = System.nanoTime();

  /** Collects if it is worth it; costs nothing else. */
  void look() {
    if (System.nanoTime() - cleanedAt > PACE.toNanos() && used() > cleanedTo + WORTH_IT) {
      System.gc();
      cleanedTo = used();
      cleanedAt = System.nanoTime();
    }
  }

  private long used() {
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
