package dev.retune.bench.footprint;

import dev.retune.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The agent out of the archive, started by the very line that {@code retune node install} wrote
 * into its unit.
 */
public final class ShippedAgent implements AutoCloseable {
  private final Process process;
  private final Duration toWatch;
  private final Duration cpuToWatch;

  private ShippedAgent(Process process, Duration toWatch, Duration cpuToWatch) {
    this.process = process;
    this.toWatch = toWatch;
    this.cpuToWatch = cpuToWatch;
  }

  /**
   * Starts it and waits until the control plane has its first watch.
   *
   * @param line the command and its arguments
   * @param environment variables to add
   * @param commands a directory to look for commands in first
   * @param log takes what it prints
   * @throws IOException when it ends before, or does not get there within a minute
   */
  static ShippedAgent start(
      List<String> line, Map<String, String> environment, Path commands, Path log, Sandbox cluster)
      throws IOException, InterruptedException {
    int before = cluster.watches();
    var builder = new ProcessBuilder(line);
    builder.environment().putAll(environment);
    builder.environment().merge("PATH", commands.toString(), (path, ours) -> ours + ":" + path);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    while (cluster.watches() == before) {
      if (process.waitFor(1, TimeUnit.MILLISECONDS)
          || System.nanoTime() - start > TimeUnit.MINUTES.toNanos(1)) {
        process.destroyForcibly();
        throw new IOException("the agent does not get to watch: " + Files.readString(log));
      }
    }
    var toWatch = Duration.ofNanos(System.nanoTime() - start);
    return new ShippedAgent(process, toWatch, ProcessUsage.of(process.pid()).cpu());
  }

  /** Process id. */
  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** From the start of the process to its first watch. */
  public Duration toWatch() {
    return toWatch;
  }

  /**
   * Processor time from the start of the process to its first watch: the same on a busy machine.
   */
  public Duration cpuToWatch() {
    return cpuToWatch;
  }

  /** The JVM and its flags, without what it runs. */
  List<String> jvm() throws IOException {
    var flags = new ArrayList<String>();
    var all =
        List.of(
            Files.readString(Path.of("/proc", Long.toString(pid()), "cmdline")).split("\0", -1));
    flags.add(all.getFirst());
    for (String argument : all.subList(1, all.size())) {
      if (argument.equals("-cp")) {
        return flags;
      }
      if (!argument.startsWith("-XX:AOTCache=")) {
        flags.add(argument);
      }
    }
    throw new IOException("no -cp in the agent's command line: " + all);
  }

  /** Ends it as systemd does, with SIGTERM, and waits for up to a minute. */
  public void end() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end();
  }
}
