package dev.retune.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The module java.logging, set up; a class of its own because a runtime may lack it. */
final class JavaLogging {
  private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

  private JavaLogging() {}

  static void toStderr(String format) {
    System.setProperty(FORMAT, format);
    use(new ConsoleHandler());
  }

  static void toFile(Path file, String format) throws IOException {
    System.setProperty(FORMAT, format);
    use(new FileHandler(file.toString(), true));
  }

  private static void use(Handler handler) {
    handler.setFormatter(new SimpleFormatter());
    handler.setLevel(Level.INFO);
    var root = Logger.getLogger("");
    for (Handler other : root.getHandlers()) {
      root.removeHandler(other);
      other.close();
    }
    root.addHandler(handler);
  }
}
