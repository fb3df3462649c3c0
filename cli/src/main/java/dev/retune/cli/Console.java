package dev.retune.cli;

import dev.retune.cli.text.Progress;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command has of the world around it.
 *
 * @param directory what relative names of files are relative to
 * @param terminal whether a person watches, who may like colours
 * @param progress whether to say what is waited for
 */
public record Console(
    PrintWriter out,
    PrintWriter err,
    InputStream in,
    Map<String, String> env,
    Path directory,
    boolean terminal,
    boolean progress) {

  /** The process's own streams; since JDK 25 there is no console again where no terminal is. */
  @SuppressWarnings("SystemConsoleNull")
  static Console system() {
    var console = System.console();
    return new Console(
        writer(System.out, System.getProperty("stdout.encoding")),
        writer(System.err, System.getProperty("stderr.encoding")),
        System.in,
        System.getenv(),
        Path.of(""),
        console != null && console.isTerminal(),
        true);
  }

  /** Says on stderr what is waited for, should that take long. */
  Progress waitingFor(String what) {
    return Progress.start(err, terminal, progress, what);
  }

  /** Colours are for terminals, and not for who set NO_COLOR (no-color.org) or a dumb terminal. */
  public boolean colors() {
    return terminal
        && env.getOrDefault("NO_COLOR", "").isEmpty()
        && !env.getOrDefault("TERM", "").equals("dumb");
  }

  private static PrintWriter writer(PrintStream stream, @Nullable String encoding) {
    return new PrintWriter(
        stream, true, encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding));
  }
}
