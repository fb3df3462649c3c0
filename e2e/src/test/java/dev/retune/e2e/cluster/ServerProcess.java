package dev.retune.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server of the control plane as a process whose output goes to a file. */
final class ServerProcess {
  private static final int TAIL = 20;

  private final String name;
  private final Path log;
  private final List<String> command;
  private @Nullable Process process;

  ServerProcess(String name, Path directory, List<String> command) {
    this.name = name;
    this.log = directory.resolve(name + ".log");
    this.command = command;
  }

  void start() throws IOException {
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  /** Ends it at once, and waits for that. */
  void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
      process = null;
    }
  }

  boolean alive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** Its name and the last lines it logged. */
  String lastWords() throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return name
        + ":\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }
}
