package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

class UsageTest {
  @TestFactory
  @DisplayName("every command has a description and examples, and no line is broken in an example")
  Stream<DynamicTest> help() {
    return commands(commandLine(new StringWriter()), new ArrayList<>()).stream()
        .filter(path -> !path.isEmpty())
        .map(path -> DynamicTest.dynamicTest(String.join(" ", path), () -> checkHelp(path)));
  }

  private static void checkHelp(List<String> path) {
    var args = new ArrayList<>(path);
    args.add("--help");
    var result = Cli.run(args.toArray(String[]::new));
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("Usage: retune", "Examples:", "  retune " + path.getFirst());
    assertThat(result.out().lines().filter(line -> line.startsWith("  retune")).toList())
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(100));
  }

  private static List<List<String>> commands(CommandLine command, List<String> path) {
    var all = new ArrayList<List<String>>();
    all.add(List.copyOf(path));
    command
        .getSubcommands()
        .forEach((name, subcommand) -> {
          var deeper = new ArrayList<>(path);
          deeper.add(name);
          all.addAll(commands(subcommand, deeper));
        });
    return all;
  }

  private static CommandLine commandLine(StringWriter out) {
    var writer = new PrintWriter(out);
    return Main.commandLine(
        new Console(
            writer,
            writer,
            java.io.InputStream.nullInputStream(),
            Map.of(),
            Path.of(""),
            false,
            false));
  }

  @TestFactory
  @DisplayName("the table of commands has the names that the commands have, and finds each by it")
  Stream<DynamicTest> names() {
    return RetuneCommand.COMMANDS.stream()
        .map(command -> DynamicTest.dynamicTest(command.name(), () -> checkName(command)));
  }

  private static void checkName(RetuneCommand.Entry command) {
    assertThat(command.type().getAnnotation(CommandLine.Command.class).name())
        .isEqualTo(command.name());
    var whole = new StringWriter();
    commandLine(whole).execute(command.name(), "--help");
    assertThat(Cli.run(command.name(), "--help").out()).isEqualTo(whole.toString());
  }

  @Test
  @DisplayName("no command: the help on stderr, exit code 2")
  void nothing() {
    var result = Cli.run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("Commands:");
  }

  @Test
  @DisplayName("a mistyped command: exit code 2 and the one that was meant")
  void didYouMean() {
    var result = Cli.run("assing", "node-1");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("error: there is no command \"assing\"", "did you mean assign?");
  }

  @Test
  @DisplayName("an unknown option: exit code 2 and its name")
  void unknownOption() {
    var result = Cli.run("status", "--whach");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("unknown option --whach for retune status", "--watch");
  }

  @Test
  @DisplayName("a bad duration names the option, the value and what to write")
  void duration() {
    var result =
        Cli.run("assign", "node-1", "--config-map", "a", "--trial-duration", "ten minutes");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("--trial-duration", "ten minutes", "10m");
  }

  @Test
  @DisplayName("completion is a script that bash can read")
  void completion() throws Exception {
    var script = Cli.run("completion", "bash");
    assertThat(script.exitCode()).isZero();
    var bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (var in = bash.outputWriter()) {
      in.write(script.out());
    }
    assertThat(bash.waitFor()).isZero();
    assertThat(script.out()).contains("assign", "--config-map");
    assertThat(Cli.run("completion", "zsh").out()).startsWith("autoload");
  }

  @Test
  @DisplayName("an unreachable API server is named, with what to check")
  void unreachable() throws Exception {
    int port;
    try (var socket = new java.net.ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var kubeconfig = java.nio.file.Files.createTempFile("kubeconfig", "");
    try {
      java.nio.file.Files.writeString(
          kubeconfig,
          """
          current-context: c
          clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
          contexts: [{name: c, context: {cluster: c}}]
          """
              .formatted(port));
      var result = Cli.run("status", "--kubeconfig", kubeconfig.toString());
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err())
          .startsWith("error: ")
          .contains("http://127.0.0.1:" + port, "check that it runs");
    } finally {
      java.nio.file.Files.delete(kubeconfig);
    }
  }

  @Test
  @DisplayName("no kubeconfig at all: says so and how to go on")
  void noKubeconfig() {
    var result = Cli.run(Map.of("HOME", "/nonexistent"), "", "status");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("KUBECONFIG is not set", "retune demo");
  }
}
