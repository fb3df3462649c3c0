package dev.retune.e2e.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the host that runs the tests has to offer to machines. */
public final class MachineHost {

  private static final List<String> TOOLS =
      List.of("systemd-nspawn", "debootstrap", "nsenter", "mount");

  private MachineHost() {}

  /** Says why no machine can boot here, with the next step; empty when one can. */
  static Optional<String> missing() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.of("machines with systemd need Linux");
    }
    try {
      if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
        return Optional.of(
            "machines with systemd need root: run the tests as root (sudo -E ./mvnw verify)");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> absent = TOOLS.stream().filter(tool -> !onPath(tool)).toList();
    if (!absent.isEmpty()) {
      return Optional.of(
          "not installed: %s; on Debian or Ubuntu: apt-get install systemd-container debootstrap util-linux mount"
              .formatted(String.join(", ", absent)));
    }
    if (unifiedHierarchy().isEmpty()) {
      return Optional.of(
          "no cgroup2 file system is mounted; systemd in a container needs one: mount -t cgroup2 none /sys/fs/cgroup/unified");
    }
    return Optional.empty();
  }

  private static boolean onPath(String tool) {
    return Stream.of(
            (Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/sbin").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
  }

  /**
   * Where the cgroup2 tree is: the whole of {@code /sys/fs/cgroup}, or a part of it on a host that
   * still has version 1.
   */
  static Optional<Path> unifiedHierarchy() {
    return mounts("cgroup2").findFirst();
  }

  /**
   * The hierarchies a machine must have a place of its own in: cgroup2 and, on an older layout,
   * systemd's named one.
   */
  static List<Path> hierarchies() {
    return Stream.concat(
            mounts("cgroup2").limit(1),
            mounts("cgroup").filter(path -> path.endsWith("systemd")).limit(1))
        .toList();
  }

  private static Stream<Path> mounts(String type) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
      return lines
          .map(line -> line.split(" "))
          .filter(fields -> fields[2].equals(type))
          .map(fields -> Path.of(fields[1]))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The directory for what is built once and kept, outside the checkout: {@code RETUNE_E2E_CACHE}
   * or the user's cache.
   */
  public static Path cache() {
    String given = System.getenv("RETUNE_E2E_CACHE");
    if (given != null && !given.isBlank()) {
      return Path.of(given).toAbsolutePath();
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg != null && !xdg.isBlank()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("retune").resolve("e2e");
  }
}
