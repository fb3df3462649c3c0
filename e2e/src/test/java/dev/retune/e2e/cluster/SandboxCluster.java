package dev.retune.e2e.cluster;

import dev.retune.sandbox.Sandbox;
import dev.retune.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The product's own control plane in memory. */
public final class SandboxCluster implements TestCluster {
  private final Sandbox sandbox;

  private SandboxCluster(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  public static SandboxCluster start(Path directory) throws IOException {
    return new SandboxCluster(
        Sandbox.start(SandboxOptions.in(directory).bookmarkInterval(Duration.ofSeconds(2))));
  }

  @Override
  public Path adminKubeconfig() {
    return sandbox.adminKubeconfig();
  }

  @Override
  public Path kubeconfig(String user, List<String> groups) {
    return sandbox.kubeconfig(user, groups);
  }

  @Override
  public Path caCertificate() {
    return sandbox.caCertificate();
  }

  @Override
  public void away() {
    sandbox.faults().gone();
  }

  @Override
  public void back() {
    sandbox.faults().back();
  }

  @Override
  public int watches() {
    return sandbox.watches();
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
