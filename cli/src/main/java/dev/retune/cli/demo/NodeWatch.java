package dev.retune.cli.demo;

import dev.retune.api.NodeKubelet;
import dev.retune.api.RetuneApi;
import dev.retune.kube.KubeClient;
import dev.retune.kube.Tree;
import dev.retune.kube.WatchListener;
import dev.retune.kube.Watching;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the cluster says of all nodes, as it says it. */
final class NodeWatch implements AutoCloseable {
  private final Map<String, NodeKubelet> latest = new HashMap<>();
  private final Watching watching;

  NodeWatch(KubeClient client) {
    this.watching = client.watch(RetuneApi.NODE_KUBELETS_PATH, "", new Listener());
  }

  /** Waits until {@code node} is like that, and returns it as it is then; empty after the limit. */
  synchronized Optional<NodeKubelet> await(
      String node, Duration limit, Predicate<NodeKubelet> wanted) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      var seen = Optional.ofNullable(latest.get(node));
      if (seen.filter(wanted).isPresent()) {
        return seen;
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        return Optional.empty();
      }
      wait(left / 1_000_000 + 1);
    }
  }

  synchronized Optional<NodeKubelet> latest(String node) {
    return Optional.ofNullable(latest.get(node));
  }

  private synchronized void seen(Map<String, @Nullable Object> object) {
    latest.put(Tree.string(object, "metadata", "name").orElse(""), NodeKubelet.fromTree(object));
    notifyAll();
  }

  @Override
  public void close() {
    watching.close();
  }

  private final class Listener implements WatchListener {
    @Override
    public void synced(List<Map<String, @Nullable Object>> items) {
      items.forEach(this::changed);
    }

    @Override
    public void changed(Map<String, @Nullable Object> object) {
      seen(object);
    }

    @Override
    public void gone(Map<String, @Nullable Object> lastState) {
      synchronized (NodeWatch.this) {
        latest.remove(Tree.string(lastState, "metadata", "name").orElse(""));
      }
    }
  }
}
