package dev.retune.bench.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Lets the agent of an archive live through each kind of change once, and write down the classes
 * that it loaded and linked on the way (JEP 514): its next start finds them ready.
 */
public final class AgentTraining {
  private static final int CHANGES = 10;

  private AgentTraining() {}

  /**
   * Trains.
   *
   * @param args the executable of the archive, the cache to write
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("retune-training-");
    try (var node = Node.start(directory);
        var agent =
            node.installAgent(
                Path.of(args[0]).toAbsolutePath(),
                Map.of("RETUNE_CACHE_OUTPUT", Path.of(args[1]).toAbsolutePath().toString()));
        var changes = Changes.on(node.cluster(), Duration.ofMillis(500))) {
      for (int i = 0; i < CHANGES; i++) {
        changes.next();
      }
      changes.await("Good", "Drifted");
      agent.end();
      if (!Files.exists(Path.of(args[1]))) {
        throw new IOException("no cache was written: " + node.agentLog());
      }
    } finally {
      TemporaryFiles.delete(directory);
    }
  }
}
