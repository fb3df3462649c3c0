package dev.retune.agent.node;

import dev.retune.agent.core.Moment;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Eyes on a Linux node: {@code /proc}, the kubelet's health endpoint and its binary. Used by one
 * thread at a time, but for {@link #kubeletVersion}.
 */
public final class LinuxNodeProbe implements NodeProbe {
  private static final Duration HEALTH_LIMIT = Duration.ofSeconds(1);
  private static final Duration VERSION_LIMIT = Duration.ofSeconds(10);

  /** A binary that fails to tell its version is not run at every look. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

  private static final int LONGEST_VERSION = 100;

  /** How coarsely a process's start is told: one tick, and one of {@code /proc/uptime}. */
  private static final Duration CLOCK_GRAIN = Duration.ofMillis(20);

  /** USER_HZ: the unit of times in {@code /proc/PID/stat} is fixed by the kernel's ABI. */
  private static final long TICKS_PER_SECOND = 100;

  /**
   * Fields of {@code /proc/PID/stat} that stand before the start time, after the command's name.
   */
  private static final int BEFORE_START_TIME = 19;

  /** What a kubelet puts before its version. */
  private static final String NAME = "Kubernetes ";

  private final Path binary;
  private final URI healthz;
  private final String bootId;
  private Version known = new Version(FileTime.fromMillis(0), 0, false, "");
  private long askAgain = System.nanoTime();

  /** What the binary of this time and size said, or why it said nothing. */
  private record Version(FileTime modified, long size, boolean answered, String text) {}

  /**
   * A probe of this machine.
   *
   * @param binary the kubelet
   * @param healthz for example {@code http://127.0.0.1:10248/healthz}
   * @throws IOException when {@code /proc} cannot be read
   */
  public LinuxNodeProbe(Path binary, URI healthz) throws IOException {
    this.binary = binary;
    this.healthz = healthz;
    this.bootId = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  @Override
  public Moment now() {
    return new Moment(Instant.now(), sinceBoot(), bootId);
  }

  /** {@code /proc/uptime} is the boot-time clock, in hundredths of a second. */
  private static Duration sinceBoot() {
    try {
      String uptime = Files.readString(Path.of("/proc/uptime"));
      String seconds = uptime.substring(0, uptime.indexOf(' '));
      return Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
    } catch (IOException noProc) {
      throw new IllegalStateException("cannot read /proc/uptime", noProc);
    }
  }

  @Override
  public Optional<KubeletProcess> process(long pid) {
    Path directory = Path.of("/proc", Long.toString(pid));
    try {
      String stat = Files.readString(directory.resolve("stat"));
      // The name stands in parentheses and may hold anything, parentheses too.
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = Long.parseLong(fields[BEFORE_START_TIME]);
      var commandLine =
          List.of(
              new String(Files.readAllBytes(directory.resolve("cmdline")), StandardCharsets.UTF_8)
                  .split("\0"));
      var startedAt = Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
      return Optional.of(
          new KubeletProcess(pid, startedAt, commandLine, unchangedSince(startedAt)));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /**
   * Whether the binary is as it was at that time of this boot. Its ctime tells: packages set the
   * time of modification back to that of their making.
   */
  private boolean unchangedSince(Duration sinceBoot) {
    try {
      var changed = ((FileTime) Files.getAttribute(binary, "unix:ctime")).toInstant();
      return !changed.isAfter(now().wallAt(sinceBoot).plus(CLOCK_GRAIN));
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  @Override
  public boolean healthy() {
    try {
      var connection = (HttpURLConnection) healthz.toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout((int) HEALTH_LIMIT.toMillis());
      connection.setReadTimeout((int) HEALTH_LIMIT.toMillis());
      connection.setUseCaches(false);
      // A connection that is kept has a thread that waits to close it.
      connection.setRequestProperty("Connection", "close");
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        connection.disconnect();
        return false;
      }
      try (var body = connection.getInputStream()) {
        return new String(body.readNBytes(64), StandardCharsets.UTF_8).strip().equals("ok");
      }
    } catch (IOException noAnswer) {
      return false;
    }
  }

  @Override
  public synchronized String kubeletVersion() throws IOException, InterruptedException {
    var modified = Files.getLastModifiedTime(binary);
    long size = Files.size(binary);
    boolean changed = !known.modified().equals(modified) || known.size() != size;
    if (changed || (!known.answered() && System.nanoTime() > askAgain)) {
      known = ask(modified, size);
      askAgain = System.nanoTime() + ASK_AGAIN.toNanos();
    }
    if (!known.answered()) {
      throw new IOException(known.text());
    }
    return known.text();
  }

  private Version ask(FileTime modified, long size) throws InterruptedException {
    String command = binary + " --version";
    try {
      var outcome = Commands.run(List.of(binary.toString(), "--version"), VERSION_LIMIT);
      String output = outcome.output().strip();
      return outcome.exitCode() == 0
          ? new Version(modified, size, true, version(output))
          : new Version(
              modified,
              size,
              false,
              command + " failed with exit code " + outcome.exitCode() + ": " + output);
    } catch (IOException failed) {
      return new Version(modified, size, false, command + ": " + failed.getMessage());
    }
  }

  /**
   * {@code v1.36.2} of {@code Kubernetes v1.36.2}: warnings may stand around the line, and a status
   * takes no essay.
   */
  private static String version(String output) {
    String line =
        output
            .lines()
            .filter(text -> text.startsWith(NAME))
            .findFirst()
            .map(text -> text.substring(NAME.length()))
            .or(() -> output.lines().findFirst())
            .orElse("");
    return line.length() <= LONGEST_VERSION ? line : line.substring(0, LONGEST_VERSION);
  }
}
