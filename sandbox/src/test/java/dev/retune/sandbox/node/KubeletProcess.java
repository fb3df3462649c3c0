package dev.retune.sandbox.node;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The simulated kubelet as the process it is, with a directory of its own. */
final class KubeletProcess implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  final Path directory;
  final int healthzPort = freePort();
  final int port = freePort();
  private final Path executable;
  private final Path log;
  private Process process;

  private KubeletProcess(Path directory) throws IOException {
    this.directory = directory;
    this.executable = directory.resolve("kubelet");
    this.log = directory.resolve("log");
    Files.createDirectories(root());
    KubeletProgram.in(programs()).writeLauncher(executable);
    this.process = new ProcessBuilder("true").start();
  }

  /** Below the build's own directory, so that it is made once for all tests. */
  private static Path programs() {
    return Path.of("target", "programs");
  }

  static KubeletProcess in(Path directory) throws IOException {
    return new KubeletProcess(directory);
  }

  Path root() {
    return directory.resolve("root");
  }

  Path config() {
    return directory.resolve("config.yaml");
  }

  /** Writes a configuration with free ports and these lines. */
  KubeletProcess configured(String... lines) throws IOException {
    Files.writeString(
        config(),
        """
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        failSwapOn: false
        healthzPort: %d
        port: %d
        address: 127.0.0.1
        """
                .formatted(healthzPort, port)
            + String.join("\n", lines)
            + "\n");
    return this;
  }

  /** Starts it with its configuration, its directories and these arguments. */
  KubeletProcess start(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--config=" + config(),
                "--root-dir=" + root(),
                "--cert-dir=" + directory.resolve("pki"),
                "--hostname-override=n1"));
    arguments.addAll(Arrays.asList(more));
    return startPlain(arguments.toArray(new String[0]));
  }

  KubeletProcess startPlain(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(Arrays.asList(arguments));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    return this;
  }

  Process process() {
    return process;
  }

  /** Waits for its end. Returns the exit code. */
  int end() {
    await("end of the kubelet")
        .pollInterval(Duration.ofMillis(10))
        .atMost(LIMIT)
        .until(() -> !process.isAlive());
    return process.exitValue();
  }

  /** Waits until healthz answers ok. */
  KubeletProcess healthy() {
    await("healthz")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .atMost(LIMIT)
        .until(() -> healthz().equals("200 ok"));
    return this;
  }

  /** Status code and body of healthz; empty when there is no answer. */
  String healthz() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + healthzPort + "/healthz").toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(1000);
      int code = connection.getResponseCode();
      try (InputStream body =
          code == 200 ? connection.getInputStream() : connection.getErrorStream()) {
        return code + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      return "";
    }
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String lastLine() {
    return log().strip().lines().reduce("", (first, last) -> last);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    end();
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
