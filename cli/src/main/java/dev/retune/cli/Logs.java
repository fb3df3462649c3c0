package dev.retune.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Where what agents log goes: {@code System.Logger} is the JDK's own logging here. */
public final class Logs {
  private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

  private Logs() {}

  /** One line each on stderr, without a time: the journal has its own. */
  static void forJournal() {
    System.setProperty(FORMAT, "%4$s %5$s%6$s%n");
    use(new ConsoleHandler());
  }

  /** Into a file, out of the way of what a person reads. */
  public static void toFile(Path file) throws IOException {
    System.setProperty(FORMAT, "%1$tFT%1$tT.%1$tL %4$s %5$s%6$s%n");
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
