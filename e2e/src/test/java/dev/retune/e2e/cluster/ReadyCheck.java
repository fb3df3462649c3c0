package dev.retune.e2e.cluster;

import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.KubeConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits until an API server answers {@code /readyz} with ok and has the namespaces it makes by
 * itself.
 */
final class ReadyCheck {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration STEP = Duration.ofMillis(50);

  private final Path kubeconfig;

  ReadyCheck(Path kubeconfig) {
    this.kubeconfig = kubeconfig;
  }

  void await(ServerProcess server) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (var client = client()) {
      IOException last = new IOException("not asked yet");
      while (server.alive() && System.nanoTime() < deadline) {
        try {
          if (client.getText("/readyz").equals("ok")) {
            client.get("/api/v1/namespaces/kube-system");
            client.get("/api/v1/namespaces/kube-node-lease");
            return;
          }
        } catch (IOException notYet) {
          last = notYet;
        }
        Thread.sleep(STEP);
      }
      throw new IOException("the API server does not get ready; " + server.lastWords(), last);
    }
  }

  private KubeClient client() throws IOException {
    try {
      return new KubeClient(
          KubeConfig.load(kubeconfig, Optional.empty()),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5));
    } catch (KubeConfigException e) {
      throw new IOException(e);
    }
  }
}
