package dev.retune.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/** Files that people name, and {@code -} for standard input. */
final class Input {
  /** What a ConfigMap can hold, and one byte more, so that too long is seen as such. */
  static final int LIMIT = (1 << 20) + 1;

  private Input() {}

  /** At most {@link #LIMIT} bytes. */
  static byte[] read(Console console, String source) {
    try {
      if (source.equals("-")) {
        return console.in().readNBytes(LIMIT);
      }
      try (var in = Files.newInputStream(console.directory().resolve(source))) {
        return in.readNBytes(LIMIT);
      }
    } catch (NoSuchFileException missing) {
      throw Failure.usage("no such file: " + source, "");
    } catch (IOException unreadable) {
      throw Failure.usage(
          "cannot read " + source + ": " + unreadable.getMessage(),
          "check that it is a file and that you may read it");
    }
  }
}
