package dev.retune.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * What {@link System.Logger} is in this program: from INFO on a line each, to stderr or a file. The
 * JDK's own loggers, java.logging or the one without it, know a hundred classes more, and an agent
 * would keep them.
 */
public final class Logs extends System.LoggerFinder {
  private static volatile Target target = new Target(System.err, false);

  /** Where lines go, and whether they need a time. */
  private record Target(PrintStream out, boolean timed) {}

  /** For {@link java.util.ServiceLoader}. */
  public Logs() {
    super();
  }

  /** Lines without a time: the journal has its own. */
  static void forJournal() {
    target = new Target(System.err, false);
  }

  /** Into a file, at its end, out of the way of what a person reads. */
  public static void toFile(Path file) throws IOException {
    target =
        new Target(
            new PrintStream(
                new FileOutputStream(file.toFile(), true), true, StandardCharsets.UTF_8),
            true);
  }

  @Override
  public Logger getLogger(String name, Module module) {
    return new Lines(name);
  }

  private record Lines(String name) implements Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return level.getSeverity() >= Level.INFO.getSeverity() && level != Level.OFF;
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (!isLoggable(level)) {
        return;
      }
      Target now = target;
      String line = level + " " + message;
      synchronized (now.out()) {
        now.out()
            .println(
                now.timed() ? Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + line : line);
        if (thrown != null) {
          thrown.printStackTrace(now.out());
        }
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object @Nullable ... values) {
      if (isLoggable(level)) {
        boolean plain = format == null || values == null || values.length == 0;
        log(level, bundle, plain ? format : MessageFormat.format(format, values), (Throwable) null);
      }
    }
  }
}
