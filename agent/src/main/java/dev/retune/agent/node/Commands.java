package dev.retune.agent.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command for its output. */
final class Commands {
  private Commands() {}

  /**
   * What a command did.
   *
   * @param output stdout and stderr, mixed as they came
   */
  record Outcome(int exitCode, String output) {}

  /**
   * Runs a command to its end. Its output goes through a file, so that a command that leaves
   * children behind, or prints without an end, cannot keep its caller.
   *
   * @throws IOException when it cannot be started or does not end within {@code limit}; it is
   *     killed then
   */
  static Outcome run(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("retune-", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException(
              command.getFirst() + " did not end within " + limit.toSeconds() + " s");
        }
        return new Outcome(
            process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
      } finally {
        process.destroyForcibly();
      }
    } finally {
      Files.delete(output);
    }
  }
}
