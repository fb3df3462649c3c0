package dev.retune.agent.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How often the kernel has killed for want of memory near the kubelet.
 *
 * <p>systemd tells ({@code Result=oom-kill}) only with cgroup v2 and not with {@code
 * OOMPolicy=continue}; else the kubelet was killed by signal 9, as by anybody. The counter of its
 * own control group is no help: systemd removes the group as soon as its last process has ended
 * (tried with 252). That of the slice above, {@code memory.events}, counts all below it, and stays.
 * With cgroup v1 groups count for themselves only, so there the whole machine's counter has to do
 * ({@code oom_kill} in {@code /proc/vmstat}, since Linux 4.13).
 */
final class MemoryKills {
  private static final String COUNTER = "oom_kill ";

  private final Path controlGroups;
  private final Path machine;
  private String slice = "";

  MemoryKills() {
    this(Path.of("/sys/fs/cgroup"), Path.of("/proc/vmstat"));
  }

  MemoryKills(Path controlGroups, Path machine) {
    this.controlGroups = controlGroups;
    this.machine = machine;
  }

  /**
   * Where to look from now on; then another count holds.
   *
   * @param controlGroup of the kubelet's unit, for example {@code /system.slice/kubelet.service};
   *     empty while nothing runs: then the last one holds
   * @return whether that is another place
   */
  boolean near(String controlGroup) {
    int end = controlGroup.lastIndexOf('/');
    if (end <= 0 || controlGroup.substring(1, end).equals(slice)) {
      return false;
    }
    slice = controlGroup.substring(1, end);
    return true;
  }

  /** The count now; zero when nobody counts. */
  long count() {
    return read(controlGroups.resolve(slice).resolve("memory.events"))
        .or(() -> read(machine))
        .orElse(0L);
  }

  private static Optional<Long> read(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(COUNTER))
          .map(line -> Long.parseLong(line.substring(COUNTER.length()).strip()))
          .findFirst();
    } catch (IOException | NumberFormatException notThere) {
      return Optional.empty();
    }
  }
}
