package dev.retune.e2e.machine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The Kubernetes binaries the tests run against, when they are given by environment variables.
 * Without them the product's own sandbox and simulated kubelet stand in.
 *
 * @param kubelet {@code RETUNE_E2E_KUBELET}
 * @param apiServer {@code RETUNE_E2E_KUBE_APISERVER}; needs {@code RETUNE_E2E_ETCD} too
 * @param etcd {@code RETUNE_E2E_ETCD}
 */
public record RealBinaries(Optional<Path> kubelet, Optional<Path> apiServer, Optional<Path> etcd) {

  /**
   * Reads the environment. A variable that names no executable file is an error, not "not given".
   */
  public static RealBinaries fromEnvironment() {
    RealBinaries given =
        new RealBinaries(
            binary("RETUNE_E2E_KUBELET"),
            binary("RETUNE_E2E_KUBE_APISERVER"),
            binary("RETUNE_E2E_ETCD"));
    if (given.apiServer.isPresent() != given.etcd.isPresent()) {
      throw new IllegalStateException(
          "RETUNE_E2E_KUBE_APISERVER and RETUNE_E2E_ETCD are needed together: set both or none");
    }
    return given;
  }

  private static Optional<Path> binary(String variable) {
    String value = System.getenv(variable);
    if (value == null || value.isBlank()) {
      return Optional.empty();
    }
    Path path = Path.of(value).toAbsolutePath();
    if (!Files.isExecutable(path)) {
      throw new IllegalStateException(variable + "=" + value + ": no executable file");
    }
    return Optional.of(path);
  }
}
