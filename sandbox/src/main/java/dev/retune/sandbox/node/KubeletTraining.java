package dev.retune.sandbox.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the simulated kubelet once, from its start to SIGTERM, so that the Java runtime learns which
 * classes a start needs. The API server it talks to is the kubelet's own port: what it answers does
 * not matter, the TLS handshake does.
 */
final class KubeletTraining {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String LAST_LINE = "Unable to register node";

  private KubeletTraining() {}

  /**
   * Makes the archive. When that fails there is none, and starts are only slower.
   *
   * @param directory for files of the run; what is in it is removed by the caller
   * @param archive the archive to write
   */
  static void run(Path javaHome, List<String> jars, Path directory, Path archive)
      throws IOException {
    int port = freePort();
    int healthzPort = freePort();
    Path config = directory.resolve("config.yaml");
    Files.writeString(
        config,
        """
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        address: 127.0.0.1
        failSwapOn: false
        port: %d
        healthzPort: %d
        """
            .formatted(port, healthzPort));
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: it
        clusters: [{name: it, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
        users: [{name: it, user: {token: none}}]
        contexts: [{name: it, context: {cluster: it, user: it}}]
        """
            .formatted(port));
    List<String> command = new ArrayList<>(List.of(javaHome.resolve("bin/java").toString()));
    command.addAll(KubeletLauncher.JAVA_OPTIONS);
    command.addAll(
        List.of(
            "-XX:AOTCacheOutput=" + archive,
            "-cp",
            String.join(":", jars),
            SimulatedKubelet.class.getName(),
            "--config=" + config,
            "--kubeconfig=" + kubeconfig,
            "--root-dir=" + directory,
            "--cert-dir=" + directory,
            "--hostname-override=training",
            "--max-pods=110"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader lines = process.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.contains(LAST_LINE)) {
        line = lines.readLine();
      }
      if (line != null) {
        try (var answer =
            URI.create("http://127.0.0.1:" + healthzPort + "/healthz").toURL().openStream()) {
          answer.readAllBytes();
        }
      }
      process.toHandle().destroy(); // Process.destroy would also close the stream that is read here
      while (line != null) {
        line = lines.readLine();
      }
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || !Files.exists(archive)) {
        System.getLogger(KubeletTraining.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "no class archive was made; the simulated kubelet starts slower");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.toHandle().destroyForcibly();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
