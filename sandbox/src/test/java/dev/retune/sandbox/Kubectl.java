package dev.retune.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The real kubectl of this machine, with a home of its own so that no cache is shared. */
final class Kubectl {
  private static final int OLDEST_MINOR = 27;
  private static final long LIMIT_SECONDS = 60;
  private static final Pattern VERSION = Pattern.compile("\"gitVersion\": \"v1\\.(\\d+)");
  private static @Nullable String found;

  private final Path home;
  private final Path kubeconfig;

  Kubectl(Path home, Path kubeconfig) throws IOException {
    this.home = Files.createDirectories(home);
    this.kubeconfig = kubeconfig;
  }

  /** What a command left behind. */
  record Result(int exit, String out, String err) {
    String all() {
      return out + err;
    }
  }

  /** Skips the test, with the reason, on a machine that has none or an older one. */
  static void assume() {
    String problem = found;
    if (problem == null) {
      problem = problem();
      found = problem;
    }
    assumeTrue(problem.isEmpty(), problem);
  }

  Result run(String... arguments) {
    return run(Map.of(), arguments);
  }

  Result run(Map<String, String> environment, String... arguments) {
    try {
      Process process = start(environment, arguments);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("kubectl did not end: " + String.join(" ", arguments));
      }
      return new Result(
          process.exitValue(),
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
          new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Runs a command that must succeed, and answers what it printed. */
  String ok(String... arguments) {
    Result result = run(arguments);
    if (result.exit() != 0) {
      throw new AssertionError(
          "kubectl %s: exit %d%n%s"
              .formatted(String.join(" ", arguments), result.exit(), result.all()));
    }
    return result.out();
  }

  /** Starts a command that goes on, such as a watch. The caller ends it. */
  Process start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", home.toString());
    builder.environment().putAll(environment);
    builder.directory(home.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private static String problem() {
    try {
      Process process = new ProcessBuilder("kubectl", "version", "--client", "-o", "json").start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = VERSION.matcher(out);
      if (!version.find()) {
        return "kubectl does not say its version";
      }
      int minor = Integer.parseInt(version.group(1));
      return minor < OLDEST_MINOR ? "kubectl 1." + minor + " is older than 1.27" : "";
    } catch (IOException e) {
      return "no kubectl on the PATH: " + e.getMessage();
    }
  }
}
