package dev.retune.bench.footprint;

import dev.retune.sandbox.Sandbox;
import dev.retune.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lets the command line of an archive walk through what people wait for, beside a control plane
 * that the archive does not have, and write down the classes that it loaded and linked (JEP 514).
 */
public final class CommandTraining {
  private CommandTraining() {}

  /**
   * Trains.
   *
   * @param args the executable of the archive, the cache to write
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("retune-training-");
    try (var cluster = Sandbox.start(SandboxOptions.in(directory))) {
      cluster.apply(Node.resource("/deploy/crds/retune.dev_nodekubelets.yaml"));
      var training = new ProcessBuilder(args[0], cluster.adminKubeconfig().toString()).inheritIO();
      training.environment().put("RETUNE_CACHE_OUTPUT", args[1]);
      int exitCode = training.start().waitFor();
      if (exitCode != 0) {
        throw new IOException("the training ended with " + exitCode);
      }
    } finally {
      TemporaryFiles.delete(directory);
    }
  }
}
