package dev.retune.sandbox.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the machine has.
 *
 * @param cpus logical processors
 * @param memoryBytes from MemTotal of /proc/meminfo
 * @param swapOn whether any swap device or file is in use
 */
record Capacity(int cpus, long memoryBytes, boolean swapOn) {

  /** What this machine has; where there is no /proc, 8 GiB and no swap. */
  static Capacity ofThisMachine() {
    int cpus = Runtime.getRuntime().availableProcessors();
    long memory = 8L << 30;
    boolean swap = false;
    try {
      Path memoryInfo = Path.of("/proc/meminfo");
      if (Files.exists(memoryInfo)) {
        for (String line : Files.readAllLines(memoryInfo)) {
          if (line.startsWith("MemTotal:")) {
            memory = Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
          }
        }
      }
      Path swaps = Path.of("/proc/swaps");
      if (Files.exists(swaps)) {
        List<String> lines = Files.readAllLines(swaps);
        swap = lines.size() > 1;
      }
    } catch (IOException e) {
      System.getLogger(Capacity.class.getName())
          .log(System.Logger.Level.WARNING, "capacity unknown", e);
    }
    return new Capacity(cpus, memory, swap);
  }
}
