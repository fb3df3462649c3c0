package dev.retune.e2e.cluster;

import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.KubeConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a real API server tells of itself: when {@code /readyz} is ok and the namespaces are there
 * that it makes by itself, and how many watches it serves.
 */
final class ApiServerHealth {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration STEP = Duration.ofMillis(50);

  private final Path kubeconfig;

  ApiServerHealth(Path kubeconfig) {
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

  /** Sum of apiserver_longrunning_requests over the watches of the kinds that an agent watches. */
  int watches() throws IOException {
    try (var client = client()) {
      return (int)
          client
              .getText("/metrics")
              .lines()
              .filter(line -> line.startsWith("apiserver_longrunning_requests{"))
              .filter(line -> line.contains("verb=\"WATCH\""))
              .filter(line ->
                  line.contains("resource=\"nodekubelets\"")
                      || line.contains("resource=\"configmaps\""))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
              .sum();
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
