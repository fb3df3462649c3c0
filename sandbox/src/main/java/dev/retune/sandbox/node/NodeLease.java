package dev.retune.sandbox.node;

import dev.retune.kube.ApiException;
import dev.retune.kube.KubeClient;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The node's Lease in {@code kube-node-lease}: renewed at the start and then each quarter of
 * nodeLeaseDurationSeconds, as kubelets have done since 1.14 (KEP-589). While the API server is
 * away it is tried again ever more seldom, at least each 7 seconds.
 */
final class NodeLease implements Runnable {

  private static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(7);

  private final KubeClient client;
  private final String node;
  private final long seconds;
  private final Clock clock;
  private final FaultOrders faults;
  private final Klog log;
  private @Nullable Map<String, @Nullable Object> held;

  NodeLease(
      KubeClient client, String node, long seconds, Clock clock, FaultOrders faults, Klog log) {
    this.client = client;
    this.node = node;
    this.seconds = seconds;
    this.clock = clock;
    this.faults = faults;
    this.log = log;
  }

  @Override
  public void run() {
    Duration period = Duration.ofMillis(seconds * 250);
    Duration retry = FIRST_RETRY;
    while (!Thread.currentThread().isInterrupted()) {
      Duration wait = period;
      if (!faults.leaseStops()) {
        try {
          renew();
          retry = FIRST_RETRY;
        } catch (IOException e) {
          held = null;
          wait = retry;
          retry =
              retry.multipliedBy(2).compareTo(LAST_RETRY) > 0 ? LAST_RETRY : retry.multipliedBy(2);
          log.error(
              "controller.go:145",
              "Failed to ensure lease exists, will retry",
              "err",
              String.valueOf(e.getMessage()),
              "interval",
              wait.toMillis() + "ms");
        }
      }
      if (!Pause.of(wait)) {
        return;
      }
    }
  }

  private void renew() throws IOException {
    Map<String, @Nullable Object> lease = held;
    if (lease == null) {
      Optional<Map<String, @Nullable Object>> found = client.find(LEASES + "/" + node);
      if (found.isEmpty()) {
        held = client.create(LEASES, stamped(fresh()));
        return;
      }
      lease = found.get();
    }
    try {
      held = client.update(LEASES + "/" + node, stamped(lease));
    } catch (ApiException e) {
      if (!e.isConflict() && !e.isNotFound()) {
        throw e;
      }
      held = null;
      throw new IOException("lease was changed by someone else", e);
    }
  }

  private Map<String, @Nullable Object> fresh() throws IOException {
    Map<String, @Nullable Object> lease =
        Tree.object("apiVersion", "coordination.k8s.io/v1", "kind", "Lease");
    Tree.put(lease, node, "metadata", "name");
    Tree.put(lease, "kube-node-lease", "metadata", "namespace");
    Optional<String> uid =
        client
            .find("/api/v1/nodes/" + node)
            .flatMap(owner -> Tree.string(owner, "metadata", "uid"));
    if (uid.isPresent()) {
      Tree.put(
          lease,
          List.of(Tree.object("apiVersion", "v1", "kind", "Node", "name", node, "uid", uid.get())),
          "metadata",
          "ownerReferences");
    }
    return lease;
  }

  private Map<String, @Nullable Object> stamped(Map<String, @Nullable Object> lease) {
    Map<String, @Nullable Object> stamped = Tree.copy(lease);
    Tree.put(stamped, node, "spec", "holderIdentity");
    Tree.put(stamped, seconds, "spec", "leaseDurationSeconds");
    Tree.put(stamped, MICROS.format(Instant.now(clock)), "spec", "renewTime");
    return stamped;
  }
}
