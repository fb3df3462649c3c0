package dev.retune.cli.demo;

import dev.retune.cli.Console;
import dev.retune.cli.Main;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/** Types commands of Retune, the way a person would, and shows what they print. */
final class Shell {
  private final Narrator narrator;
  private final Console inner;

  /**
   * A shell whose KUBECONFIG is set.
   *
   * @param console where it all appears
   * @param directory where the files are that are named in commands
   */
  Shell(Console console, Narrator narrator, Path kubeconfig, Path directory) {
    this.narrator = narrator;
    var env = new HashMap<>(console.env());
    env.put("KUBECONFIG", kubeconfig.toString());
    this.inner =
        new Console(
            new PrintWriter(new Indented(console.out())),
            new PrintWriter(new Indented(console.out())),
            InputStream.nullInputStream(),
            env,
            directory,
            console.terminal(),
            false);
  }

  /** Runs a command and shows what it prints; its exit code. */
  int run(String... args) throws InterruptedException {
    narrator.typed(line(args));
    int exitCode = run(inner, args);
    inner.out().flush();
    inner.err().flush();
    return exitCode;
  }

  /** Runs a command whose output goes to a file; what it printed. */
  String read(String redirection, String... args) throws InterruptedException {
    narrator.typed(line(args) + redirection);
    return capture(args);
  }

  /** Runs a command, shows what it prints, and returns it too. */
  String tee(String... args) throws InterruptedException {
    narrator.typed(line(args));
    var printed = capture(args);
    narrator.shown(printed);
    return printed;
  }

  /** A command that was interrupted ends the story. */
  private static int run(Console console, String... args) throws InterruptedException {
    int exitCode = Main.run(List.of(args), console);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return exitCode;
  }

  private String capture(String... args) throws InterruptedException {
    var out = new StringWriter();
    var reading =
        new Console(
            new PrintWriter(out),
            inner.err(),
            InputStream.nullInputStream(),
            inner.env(),
            inner.directory(),
            false,
            false);
    int exitCode = run(reading, args);
    reading.out().flush();
    inner.err().flush();
    narrator.expect("it exits with 0, not " + exitCode, exitCode == 0);
    return out.toString();
  }

  private static String line(String... args) {
    var words = new ArrayList<String>(List.of("retune"));
    words.addAll(Arrays.asList(args));
    return String.join(" ", words);
  }
}
