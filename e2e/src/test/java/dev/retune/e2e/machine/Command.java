package dev.retune.e2e.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the host, run to its end. */
public final class Command {

  private Command() {}

  /** What a program left behind: its exit code and what it wrote, both as UTF-8. */
  public record Outcome(List<String> command, int exitCode, String output, String errors) {

    /** Returns what was written to standard output, without the last line's end. */
    public String text() {
      return output.strip();
    }

    /** Returns this outcome when the exit code is 0; else throws with all that the program said. */
    public Outcome orThrow() {
      if (exitCode != 0) {
        throw new IllegalStateException(
            "%s: exit code %d%n%s%s"
                .formatted(String.join(" ", command), exitCode, output, errors));
      }
      return this;
    }
  }

  /**
   * Runs {@code command} with {@code input} on its standard input.
   *
   * @throws IllegalStateException when it has not ended within {@code limit}; it is killed then
   */
  static Outcome run(Duration limit, byte[] input, List<String> command) {
    try {
      Process process = new ProcessBuilder(command).start();
      Drain output = new Drain(process.getInputStream());
      Drain errors = new Drain(process.getErrorStream());
      try (var stdin = process.getOutputStream()) {
        stdin.write(input);
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "%s: not done after %s".formatted(String.join(" ", command), limit));
      }
      return new Outcome(command, process.exitValue(), output.text(), errors.text());
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + String.join(" ", command), e);
    }
  }

  static Outcome run(Duration limit, List<String> command) {
    return run(limit, new byte[0], command);
  }

  /** Reads a stream to its end on a thread of its own, so that a full pipe stops nobody. */
  private static final class Drain {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    Drain(InputStream stream) {
      thread =
          Thread.ofVirtual()
              .start(() -> {
                try (stream) {
                  stream.transferTo(bytes);
                } catch (IOException e) {
                  bytes.writeBytes(("[unreadable: " + e + "]").getBytes(StandardCharsets.UTF_8));
                }
              });
    }

    String text() throws InterruptedException {
      thread.join();
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
