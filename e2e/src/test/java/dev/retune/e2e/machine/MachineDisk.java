package dev.retune.e2e.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The disk of one machine: an overlay over the {@link MachineTree}, so that it is fresh, costs
 * nothing, and outlives a power cut. Where the kernel cannot make the overlay (the cache is itself
 * on one), it is a copy.
 */
final class MachineDisk implements AutoCloseable {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Path home;
  private final Path root;

  private MachineDisk(Path home) {
    this.home = home;
    this.root = home.resolve("root");
  }

  static MachineDisk create(Path tree, String hostname) {
    try {
      sweep();
      MachineDisk disk = new MachineDisk(runs().resolve(owner() + "-" + COUNT.incrementAndGet()));
      Files.createDirectories(disk.root);
      Path upper = Files.createDirectory(disk.home.resolve("upper"));
      Path work = Files.createDirectory(disk.home.resolve("work"));
      Files.createDirectory(disk.containerd());
      String options = "lowerdir=%s,upperdir=%s,workdir=%s".formatted(tree, upper, work);
      Command.Outcome mounted =
          Command.run(
              LIMIT,
              List.of("mount", "-t", "overlay", "overlay", "-o", options, disk.root.toString()));
      if (mounted.exitCode() != 0) {
        Command.run(LIMIT, List.of("cp", "-a", "--reflink=auto", tree + "/.", disk.root.toString()))
            .orThrow();
      }
      byte[] id = new byte[16];
      ThreadLocalRandom.current().nextBytes(id);
      Files.writeString(disk.root.resolve("etc/machine-id"), HexFormat.of().formatHex(id) + "\n");
      Files.writeString(disk.root.resolve("etc/hostname"), hostname + "\n");
      return disk;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The machine's root directory as the host sees it. */
  Path root() {
    return root;
  }

  /**
   * Where a container runtime keeps its images and snapshots: not on the overlay, on which it could
   * not stack its own.
   */
  Path containerd() {
    return home.resolve("containerd");
  }

  Path console() {
    return home.resolve("console.log");
  }

  /**
   * Remembers the machine's first process, so that a later run can end what an aborted one left.
   */
  void remember(ProcessHandle leader) throws IOException {
    Files.writeString(home.resolve("leader"), leader.pid() + "-" + started(leader));
  }

  @Override
  public void close() {
    remove(home);
  }

  private static void remove(Path home) {
    Command.run(LIMIT, List.of("umount", "--lazy", "--quiet", home.resolve("root").toString()));
    try {
      DiskFiles.deleteTree(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends and removes the machines of test runs that are gone. */
  private static void sweep() throws IOException {
    Files.createDirectories(runs());
    try (Stream<Path> homes = Files.list(runs())) {
      for (Path home : homes.toList()) {
        String[] name = home.getFileName().toString().split("-", -1);
        if (alive(name[0], name[1]).isEmpty()) {
          Path leader = home.resolve("leader");
          if (Files.exists(leader)) {
            String[] parts = Files.readString(leader).split("-", -1);
            alive(parts[0], parts[1]).ifPresent(ProcessHandle::destroyForcibly);
          }
          remove(home);
        }
      }
    }
  }

  private static Optional<ProcessHandle> alive(String pid, String started) {
    return ProcessHandle.of(Long.parseLong(pid))
        .filter(process -> process.isAlive() && started(process) == Long.parseLong(started));
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String owner() {
    ProcessHandle self = ProcessHandle.current();
    return self.pid() + "-" + started(self);
  }

  private static Path runs() {
    return MachineHost.cache().resolve("run");
  }
}
