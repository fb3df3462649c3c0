package dev.retune.bench.footprint;

/** The least a JVM can do: what remains is the JVM's own, whatever runs in it. */
final class MinimalJvm {
  private MinimalJvm() {}

  /** Sleeps until it is killed; with an argument it ends at once, to train a cache of classes. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length == 0) {
      Thread.currentThread().join();
    }
  }
}
