package dev.retune.sandbox.node;

import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Lines as klog writes them: {@code E1121 02:14:00.000000 1234 run.go:74] "command failed"
 * err="…"}.
 */
final class Klog {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMdd HH:mm:ss.SSSSSS");

  private final PrintStream out;
  private final Clock clock;
  private final long pid;

  Klog(PrintStream out, Clock clock, long pid) {
    this.out = out;
    this.clock = clock;
    this.pid = pid;
  }

  /**
   * Something a person may want to know.
   *
   * @param place file and line in the kubelet's source, as its own line has them
   * @param keysAndValues in turn
   */
  void info(String place, String message, String... keysAndValues) {
    line('I', place, message, keysAndValues);
  }

  /** Something that failed. */
  void error(String place, String message, String... keysAndValues) {
    line('E', place, message, keysAndValues);
  }

  private synchronized void line(
      char severity, String place, String message, String... keysAndValues) {
    StringBuilder line = new StringBuilder(160);
    line.append(severity).append(TIME.format(LocalDateTime.now(clock)));
    String id = Long.toString(pid);
    line.repeat(' ', Math.max(1, 8 - id.length()))
        .append(id)
        .append(' ')
        .append(place)
        .append("] ");
    quote(line, message);
    for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
      line.append(' ').append(keysAndValues[i]).append('=');
      quote(line, keysAndValues[i + 1]);
    }
    out.println(line);
    out.flush();
  }

  private static void quote(StringBuilder line, String text) {
    line.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> line.append(c);
      }
    }
    line.append('"');
  }
}
