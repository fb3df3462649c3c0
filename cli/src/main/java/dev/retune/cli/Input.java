package dev.retune.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/** Files that people name, and {@code -} for standard input. */
final class Input {
  /** What a ConfigMap can hold, and one byte more, so that too long is seen as such. */
  static final int LIMIT = (1 << 20) + 1;

  private Input() {}

  /** At most {@link #LIMIT} bytes. */
  static byte[] read(Console console, String source) {
    try (var in = open(console, source)) {
      return in.readNBytes(LIMIT);
    } catch (IOException unreadable) {
      throw unreadable(source, unreadable);
    }
  }

  /** A stream to read bit by bit. */
  static InputStream open(Console console, String source) {
    try {
      return source.equals("-")
          ? console.in()
          : Files.newInputStream(console.directory().resolve(source));
    } catch (NoSuchFileException missing) {
      throw Failure.usage("no such file: " + source, "");
    } catch (IOException unreadable) {
      throw unreadable(source, unreadable);
    }
  }

  /** What is said of a file that cannot be read: exit code 2. */
  static Failure unreadable(String source, IOException why) {
    return Failure.usage(
        "cannot read " + source + ": " + why.getMessage(),
        "check that it is a file and that you may read it");
  }
}
