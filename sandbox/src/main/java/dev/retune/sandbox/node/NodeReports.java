package dev.retune.sandbox.node;

import dev.retune.kube.ApiException;
import dev.retune.kube.KubeClient;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Registers the node and keeps its status up to date: at once, then each nodeStatusUpdateFrequency.
 * An API server that is away is tried again ever more seldom, at least each 7 seconds (as
 * kubelet_node_status.go does when registering).
 */
final class NodeReports implements Runnable {

  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(7);
  private static final Duration READY_CHECK = Duration.ofMillis(200);

  private final KubeClient client;
  private final NodeObject node;
  private final boolean register;
  private final Duration period;
  private final Clock clock;
  private final FaultOrders faults;
  private final Klog log;

  NodeReports(
      KubeClient client,
      NodeObject node,
      boolean register,
      Duration period,
      Clock clock,
      FaultOrders faults,
      Klog log) {
    this.client = client;
    this.node = node;
    this.register = register;
    this.period = period;
    this.clock = clock;
    this.faults = faults;
    this.log = log;
  }

  @Override
  public void run() {
    Duration retry = FIRST_RETRY;
    while (!Thread.currentThread().isInterrupted()) {
      boolean ready = !faults.notReady();
      Duration wait = period;
      try {
        report(ready);
        retry = FIRST_RETRY;
      } catch (IOException e) {
        log.error(
            "kubelet_node_status.go:107",
            "Unable to register node with API server",
            "err",
            String.valueOf(e.getMessage()),
            "node",
            node.name());
        wait = retry;
        retry =
            retry.multipliedBy(2).compareTo(LAST_RETRY) > 0 ? LAST_RETRY : retry.multipliedBy(2);
      }
      if (!pause(wait, ready)) {
        return;
      }
    }
  }

  /** Waits, but not longer than it takes to see that the node's readiness has changed. */
  private boolean pause(Duration wait, boolean ready) {
    long end = System.nanoTime() + wait.toNanos();
    while (System.nanoTime() < end && faults.notReady() != ready) {
      long left = Math.max(1, end - System.nanoTime());
      if (!Pause.of(Duration.ofNanos(Math.min(left, READY_CHECK.toNanos())))) {
        return false;
      }
    }
    return true;
  }

  private void report(boolean ready) throws IOException {
    String path = "/api/v1/nodes/" + node.name();
    if (client.find(path).isEmpty()) {
      if (!register) {
        throw new IOException("nodes \"" + node.name() + "\" not found");
      }
      log.info("kubelet_node_status.go:75", "Attempting to register node", "node", node.name());
      try {
        client.create("/api/v1/nodes", node.registration(clock.instant()));
        log.info("kubelet_node_status.go:78", "Successfully registered node", "node", node.name());
      } catch (ApiException e) {
        if (!e.isAlreadyExists()) {
          throw e;
        }
      }
    }
    client.modifyStatus(
        path,
        current -> {
          Map<String, @Nullable Object> edited = Tree.copy(current);
          node.report(edited, clock.instant(), ready);
          return edited;
        });
  }
}
