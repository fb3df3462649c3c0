package dev.retune.e2e.machine;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A machine with a real systemd as PID 1, in a container of systemd-nspawn. It boots in about half
 * a second, keeps its disk over a power cut, and uses the host's network: loopback is shared, so
 * servers in it need ports that are free.
 *
 * <p>What it takes on a host whose own PID 1 is not systemd (tried with systemd-nspawn 252, Linux
 * 6.18):
 *
 * <ul>
 *   <li>{@code --register=no --keep-unit}: there is no systemd-machined to ask;
 *   <li>{@code SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1}: systemd inside gets cgroup2 also when the host
 *       still mounts version 1. Its controllers may be missing then, so limits of memory and CPU do
 *       nothing;
 *   <li>a control group of its own per machine, see {@link ControlGroup};
 *   <li>a power cut is a SIGKILL to the machine's PID 1, with which the kernel ends all in its PID
 *       namespace. A SIGKILL to systemd-nspawn alone leaves the machine running;
 *   <li>commands run inside by nsenter, and files are reached through {@code /proc/PID/root}.
 * </ul>
 */
public final class Machine implements AutoCloseable {

  private static final Duration BOOT_LIMIT = Duration.ofSeconds(60);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(90);
  private static final AtomicInteger BOOTS = new AtomicInteger();
  private static final Set<Machine> LIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVE.forEach(Machine::close)));
  }

  private final MachineSpec spec;
  private final MachineDisk disk;
  private @Nullable Running running;

  private record Running(Process nspawn, ProcessHandle leader, ControlGroup group) {}

  private Machine(MachineSpec spec, MachineDisk disk) {
    this.spec = spec;
    this.disk = disk;
  }

  /**
   * Makes a machine with a fresh disk, switched off: files can be written before the first boot.
   */
  public static Machine create(MachineSpec spec) {
    Machine machine =
        new Machine(
            spec, MachineDisk.create(MachineTree.ready(spec.realKubelet()), spec.hostname()));
    LIVE.add(machine);
    return machine;
  }

  public String hostname() {
    return spec.hostname();
  }

  public boolean isRunning() {
    Running now = running;
    return now != null && now.leader().isAlive();
  }

  /**
   * Switches the machine on and waits until systemd has reached its default target.
   *
   * @return how long that took
   */
  public Duration boot() {
    long start = System.nanoTime();
    powerOn();
    awaitBooted();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /**
   * Switches the machine on and returns as soon as commands can be run in it, which is long before
   * it has booted.
   */
  public void powerOn() {
    if (isRunning()) {
      throw new IllegalStateException(spec.hostname() + " is running already");
    }
    String name = "retune-%d-%d".formatted(ProcessHandle.current().pid(), BOOTS.incrementAndGet());
    ControlGroup group = ControlGroup.create(name);
    try {
      ProcessBuilder builder =
          new ProcessBuilder("sh", "-c", group.enter() + "exec \"$@\"", "machine");
      builder.command().addAll(nspawn(name));
      builder.environment().put("SYSTEMD_NSPAWN_UNIFIED_HIERARCHY", "1");
      if (spec.realKubelet()) {
        builder.environment().put("SYSTEMD_NSPAWN_API_VFS_WRITABLE", "1");
      }
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(disk.console().toFile()));
      Process process = builder.start();
      ProcessHandle leader =
          await("PID 1 of " + spec.hostname())
              .pollDelay(Duration.ZERO)
              .pollInterval(5, TimeUnit.MILLISECONDS)
              .atMost(BOOT_LIMIT)
              .until(() -> leader(process), Optional::isPresent)
              .orElseThrow();
      disk.remember(leader);
      running = new Running(process, leader, group);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until systemd has reached its default target. */
  public void awaitBooted() {
    long deadline = System.nanoTime() + BOOT_LIMIT.toNanos();
    await("system bus of " + spec.hostname())
        .pollDelay(Duration.ZERO)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .atMost(BOOT_LIMIT)
        .until(() -> Files.exists(inside("/run/systemd/private")));
    Command.Outcome state = exec("systemctl", "is-system-running", "--wait");
    while (!state.text().equals("running")
        && !state.text().equals("degraded")
        && System.nanoTime() < deadline) {
      state = exec("systemctl", "is-system-running", "--wait");
    }
    if (!state.text().equals("running") && !state.text().equals("degraded")) {
      throw new IllegalStateException(
          "%s did not boot: %s%n%s".formatted(hostname(), state, console()));
    }
  }

  private List<String> nspawn(String name) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "systemd-nspawn",
                "--quiet",
                "--register=no",
                "--keep-unit",
                "--boot",
                "--link-journal=no",
                "--timezone=off",
                "--machine=" + name,
                "--hostname=" + spec.hostname(),
                "--directory=" + disk.root()));
    for (MachineSpec.Mount mount : spec.mounts()) {
      command.add(
          "%s=%s:%s"
              .formatted(mount.writable() ? "--bind" : "--bind-ro", mount.host(), mount.inside()));
    }
    if (spec.realKubelet()) {
      command.add("--capability=all");
      command.add("--system-call-filter=@keyring bpf @mount @module");
      command.add("--bind=/dev/kmsg");
      command.add("--bind=" + disk.containerd() + ":/var/lib/containerd");
    }
    return command;
  }

  /**
   * The machine's PID 1, once systemd itself runs there: before, the same child is still
   * systemd-nspawn.
   */
  private Optional<ProcessHandle> leader(Process nspawn) {
    if (!nspawn.isAlive()) {
      throw new IllegalStateException(
          "%s: systemd-nspawn ended with %d: %s"
              .formatted(hostname(), nspawn.exitValue(), console()));
    }
    return nspawn
        .children()
        .filter(
            child -> child.info().command().filter(path -> path.endsWith("/systemd")).isPresent())
        .findFirst();
  }

  /** Runs a command inside, as root, with a plain environment. */
  public Command.Outcome exec(String... command) {
    return exec(new byte[0], Arrays.asList(command));
  }

  /** Runs a command inside, as root, with {@code input} on its standard input. */
  public Command.Outcome exec(byte[] input, List<String> command) {
    List<String> all = new ArrayList<>(enter());
    all.addAll(List.of("timeout", "--kill-after=1", Long.toString(COMMAND_LIMIT.toSeconds())));
    all.addAll(command);
    return Command.run(COMMAND_LIMIT.plusSeconds(5), input, all);
  }

  /** Runs a command inside that must succeed, and returns what it wrote. */
  public String must(String... command) {
    return exec(command).orThrow().text();
  }

  /** What to put before a command so that it runs inside, as root, with a plain environment. */
  public List<String> enter() {
    return List.of(
        "nsenter",
        "--target=" + now().leader().pid(),
        "--mount",
        "--uts",
        "--ipc",
        "--pid",
        "--cgroup",
        "--root",
        "--wd",
        "--",
        "env",
        "-i",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME=/root",
        "LANG=C.UTF-8");
  }

  /** The properties of a unit as {@code systemctl show} tells them: the value alone. */
  public String property(String unit, String name) {
    return must("systemctl", "show", "--property=" + name, "--value", unit);
  }

  /** What a unit has logged since the machine's last boot, without times and names. */
  public String journal(String unit) {
    return must("journalctl", "--boot", "--output=cat", "--no-pager", "--unit=" + unit);
  }

  /**
   * Where a file of the machine is for the host. An absolute link on the way would lead to the
   * host's own files.
   */
  public Path inside(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(path + ": not an absolute path");
    }
    Running now = running;
    Path root =
        now != null && now.leader().isAlive()
            ? Path.of("/proc", Long.toString(now.leader().pid()), "root")
            : disk.root();
    return root.resolve(path.substring(1));
  }

  public void write(String path, String content) {
    write(path, content, "rw-r--r--");
  }

  /**
   * Writes a file, directories above it made as needed; works while the machine is off, except for
   * what is in /run.
   */
  public void write(String path, String content, String permissions) {
    Path file = inside(path);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String read(String path) {
    try {
      return Files.readString(inside(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean exists(String path) {
    return Files.exists(inside(path));
  }

  /** What systemd-nspawn and systemd wrote to the console, all boots. */
  public String console() {
    try {
      return Files.exists(disk.console()) ? Files.readString(disk.console()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shuts the machine down in order: all units are stopped, files are written. */
  public void shutDown() {
    Running now = now();
    now.nspawn().destroy();
    awaitOff(now);
  }

  /** Cuts the power: every process in the machine is gone at once, nothing is told. */
  public void cutPower() {
    Running now = now();
    now.leader().destroyForcibly();
    awaitOff(now);
  }

  private void awaitOff(Running now) {
    await(hostname() + " is off")
        .pollDelay(Duration.ZERO)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .atMost(COMMAND_LIMIT)
        .until(() -> !now.leader().isAlive() && !now.nspawn().isAlive());
    await("control group of " + hostname() + " is empty")
        .pollDelay(Duration.ZERO)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .until(now.group()::remove);
    running = null;
  }

  private Running now() {
    Running now = running;
    if (now == null || !now.leader().isAlive()) {
      throw new IllegalStateException(spec.hostname() + " is switched off: " + console());
    }
    return now;
  }

  /** Cuts the power if need be and throws the disk away. */
  @Override
  public void close() {
    if (!LIVE.remove(this)) {
      return;
    }
    if (isRunning()) {
      cutPower();
    }
    disk.close();
  }
}
