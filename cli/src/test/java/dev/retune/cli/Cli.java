package dev.retune.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs the executable in this process, the way the real one is run. */
final class Cli {
  private Cli() {}

  /** What a shell would have of a command. */
  record Result(int exitCode, String out, String err) {}

  static Result run(String... args) {
    return run(Map.of(), "", args);
  }

  static Result run(Map<String, String> env, String in, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var console =
        new Console(
            new PrintWriter(out),
            new PrintWriter(err),
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            env,
            Path.of(""),
            false,
            false);
    int exitCode = Main.run(List.of(args), console);
    console.out().flush();
    console.err().flush();
    return new Result(exitCode, out.toString(), err.toString());
  }
}
