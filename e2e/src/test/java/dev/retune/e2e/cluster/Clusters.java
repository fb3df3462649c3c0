package dev.retune.e2e.cluster;

import dev.retune.e2e.machine.RealBinaries;
import java.io.IOException;
import java.nio.file.Path;

/** Chooses the control plane for a test that asks for no faults only a sandbox has. */
public final class Clusters {
  private Clusters() {}

  /** The real binaries when they are given, else the sandbox. */
  public static TestCluster start(Path directory) throws IOException, InterruptedException {
    RealBinaries binaries = RealBinaries.fromEnvironment();
    if (binaries.apiServer().isPresent() && binaries.etcd().isPresent()) {
      return RealCluster.start(directory, binaries.apiServer().get(), binaries.etcd().get());
    }
    return SandboxCluster.start(directory);
  }
}
