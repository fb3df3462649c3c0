package dev.retune.bench.footprint;

import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.KubeConfigException;
import dev.retune.sandbox.Sandbox;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Clients of a sandbox. */
final class KubeClients {
  private KubeClients() {}

  static KubeClient admin(Sandbox cluster, Duration answer) throws IOException {
    try {
      return new KubeClient(
          KubeConfig.load(cluster.adminKubeconfig(), Optional.empty()), answer, answer);
    } catch (KubeConfigException ownFile) {
      throw new IOException(ownFile);
    }
  }
}
