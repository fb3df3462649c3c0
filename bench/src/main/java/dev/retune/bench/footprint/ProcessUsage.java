package dev.retune.bench.footprint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a process takes, as the kernel counts it ({@code /proc/PID/smaps_rollup}, {@code stat},
 * {@code task}).
 *
 * @param pss kibibytes of its own and its share of what others use too
 * @param rss kibibytes, shared ones counted whole
 * @param anonymous kibibytes of {@code pss} that only this process has
 * @param file kibibytes of {@code pss} that the kernel can drop and read again from a file
 * @param cpu processor time since its start
 * @param threads kernel threads
 */
public record ProcessUsage(
    long pss, long rss, long anonymous, long file, Duration cpu, int threads) {
  private static final long MILLIS_PER_TICK = 10;

  /** Fields of {@code stat} from the state on: utime and stime, see proc_pid_stat(5). */
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;

  /**
   * Looks at a process now.
   *
   * @throws IOException when it has ended or may not be looked at
   */
  public static ProcessUsage of(long pid) throws IOException {
    Path directory = Path.of("/proc", Long.toString(pid));
    var sizes = new TreeMap<String, Long>();
    for (String line : Files.readAllLines(directory.resolve("smaps_rollup"))) {
      String[] words = line.split(":? +", -1);
      if (words.length == 3 && words[2].equals("kB")) {
        sizes.put(words[0], Long.parseLong(words[1]));
      }
    }
    String stat = Files.readString(directory.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
    return new ProcessUsage(
        sizes.getOrDefault("Pss", 0L),
        sizes.getOrDefault("Rss", 0L),
        sizes.getOrDefault("Pss_Anon", 0L),
        sizes.getOrDefault("Pss_File", 0L),
        Duration.ofMillis(ticks * MILLIS_PER_TICK),
        wakeUps(pid).size());
  }

  /**
   * How often each thread went to sleep by itself since its start, which is how often it was woken,
   * by thread id and name.
   */
  public static Map<String, Long> wakeUps(long pid) throws IOException {
    var counts = new TreeMap<String, Long>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path task : tasks) {
        String name = Files.readString(task.resolve("comm")).strip();
        for (String line : Files.readAllLines(task.resolve("status"))) {
          if (line.startsWith("voluntary_ctxt_switches:")) {
            counts.put(
                task.getFileName() + " " + name,
                Long.parseLong(line.substring(line.indexOf(':') + 1).strip()));
          }
        }
      }
    }
    return counts;
  }
}
