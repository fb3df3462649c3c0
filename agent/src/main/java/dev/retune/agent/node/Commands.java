package dev.retune.agent.node;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a command for its output. */
final class Commands {
  /** How much of the output's end is kept, in bytes: what follows an error is never that long. */
  private static final int MOST_OUTPUT = 512 * 1024;

  /** Where what systemd says is put: an agent on a full or read-only disk must still hear it. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private Commands() {}

  /**
   * What a command did.
   *
   * @param output the end of stdout and stderr, mixed as they came
   */
  record Outcome(int exitCode, String output) {}

  /**
   * Runs a command that says little to its end. Its output goes through a file, so that a command
   * that leaves children behind, or prints without an end, cannot keep its caller.
   *
   * @throws IOException when it cannot be started or does not end within {@code limit}; it is
   *     killed then
   */
  static Outcome run(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    return run(
        command,
        Map.of(),
        limit,
        Files.isWritable(MEMORY)
            ? Files.createTempFile(MEMORY, "retune-", ".out")
            : Files.createTempFile("retune-", ".out"));
  }

  /** Runs a command that may say much, with variables added to the environment. */
  static Outcome run(List<String> command, Map<String, String> environment, Duration limit)
      throws IOException, InterruptedException {
    return run(command, environment, limit, Files.createTempFile("retune-", ".out"));
  }

  private static Outcome run(
      List<String> command, Map<String, String> environment, Duration limit, Path output)
      throws IOException, InterruptedException {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException(
              command.getFirst() + " did not end within " + limit.toSeconds() + " s");
        }
        return new Outcome(process.exitValue(), end(output));
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } finally {
      Files.delete(output);
    }
  }

  private static String end(Path output) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(output)) {
      channel.position(Math.max(0, channel.size() - MOST_OUTPUT));
      byte[] bytes = Channels.newInputStream(channel).readNBytes(MOST_OUTPUT);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
