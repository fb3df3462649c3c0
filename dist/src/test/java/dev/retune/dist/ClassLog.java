package dev.retune.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where a JVM took its classes from, by its own log. */
record ClassLog(Path file) {
  /**
   * The variable that a JVM reads after its command line, so that a launcher that turns all logs
   * off still writes this one.
   */
  Map<String, String> environment() {
    return Map.of("_JAVA_OPTIONS", "-Xlog:class+load=info:file=" + file);
  }

  /** Of Retune's own classes, the part that came out of a cache: 0 to 1. */
  double cached() throws IOException {
    int cached = 0;
    int all = 0;
    for (String line : Files.readAllLines(file)) {
      if (line.contains(" dev.retune.") && line.contains("source: ") && !line.contains("Lambda")) {
        all++;
        if (line.contains("source: shared objects file")) {
          cached++;
        }
      }
    }
    if (all == 0) {
      throw new IOException("no class of Retune's in " + file);
    }
    return (double) cached / all;
  }
}
