package dev.retune.cli.demo;

import dev.retune.cli.Console;
import dev.retune.cli.playground.Playground;
import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.KubeConfigException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Sets the stage, tells the story, and clears away. */
public final class Demo {
  private static final int NODES = 3;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Console console;
  private final boolean keep;

  /**
   * A demo that has not started.
   *
   * @param keep stay at the end until the thread is interrupted
   */
  public Demo(Console console, boolean keep) {
    this.console = console;
    this.keep = keep;
  }

  /** Runs all of it; whether every step came as it should. */
  public boolean run() throws IOException, InterruptedException {
    var narrator = new Narrator(console);
    narrator.chapter(
        "A cluster on this machine",
        "An API server in memory, and three nodes: each a simulated kubelet with the config of a"
            + " real one (Kubernetes 1.36), and Retune's agent. All of it is in a temporary"
            + " directory and goes away at the end.");
    try (var playground = Playground.start(Optional.empty(), 0, NODES)) {
      narrator.check("three nodes are Ready", playground.awaitReady(START_LIMIT));
      narrator.measured(narrator.sinceChapter(), "from nothing to three ready nodes");
      try (var client =
              new KubeClient(
                  KubeConfig.load(playground.sandbox().adminKubeconfig(), Optional.empty()),
                  ANSWER,
                  ANSWER);
          var story = new Story(console, narrator, playground, new DemoCluster(client))) {
        story.tell();
      } catch (KubeConfigException ownFile) {
        throw new IOException(ownFile);
      }
      narrator.end();
      if (keep) {
        stay(playground);
      }
    }
    return narrator.failures().isEmpty();
  }

  private void stay(Playground playground) throws InterruptedException {
    console.out().println();
    console.out().println("It stays until Ctrl-C. To look around with kubectl:");
    console.out().println("  export KUBECONFIG=" + playground.sandbox().adminKubeconfig());
    console.out().println("  kubectl get nodekubelets");
    console.out().flush();
    new CountDownLatch(1).await();
  }
}
