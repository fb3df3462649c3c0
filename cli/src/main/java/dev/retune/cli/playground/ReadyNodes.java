package dev.retune.cli.playground;

import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.KubeConfigException;
import dev.retune.kube.Tree;
import dev.retune.kube.WatchListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Waits for Nodes to be there and Ready. */
final class ReadyNodes implements WatchListener {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Set<String> ready = new HashSet<>();

  private ReadyNodes() {}

  /** Waits until so many nodes are ready; false when {@code limit} is over before. */
  static boolean await(Path kubeconfig, int count, Duration limit)
      throws IOException, InterruptedException {
    var nodes = new ReadyNodes();
    try (var client =
            new KubeClient(KubeConfig.load(kubeconfig, Optional.empty()), ANSWER, ANSWER);
        var _ = client.watch("/api/v1/nodes", "", nodes)) {
      return nodes.await(count, limit);
    } catch (KubeConfigException ownFile) {
      throw new IOException(ownFile);
    }
  }

  private synchronized boolean await(int count, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (ready.size() < count) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(left / 1_000_000 + 1);
    }
    return true;
  }

  @Override
  public void synced(List<Map<String, @Nullable Object>> items) {
    items.forEach(this::changed);
  }

  @Override
  public synchronized void changed(Map<String, @Nullable Object> node) {
    boolean isReady =
        Tree.maps(node, "status", "conditions").stream()
            .anyMatch(condition ->
                Tree.string(condition, "type").orElse("").equals("Ready")
                    && Tree.string(condition, "status").orElse("").equals("True"));
    if (isReady) {
      ready.add(Tree.string(node, "metadata", "name").orElse(""));
      notifyAll();
    }
  }

  @Override
  public void gone(Map<String, @Nullable Object> lastState) {
    // A node that was ready once has started; that is all that is waited for.
  }
}
