package dev.retune.agent;

import dev.retune.agent.cluster.ClusterListener;
import dev.retune.agent.cluster.ControlPlane;
import dev.retune.agent.core.Effect.Announce;
import dev.retune.agent.core.Vitals.Lease;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeKubeletStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Keeps what it is told, refuses as often as it is asked to, and hangs while it is asked to. */
final class InMemoryControlPlane implements ControlPlane {
  private final List<NodeKubeletStatus> reports = new ArrayList<>();
  private final List<Announce> events = new ArrayList<>();
  private int refusals;
  private Optional<CountDownLatch> hanging = Optional.empty();

  /** The next reports fail. */
  synchronized void refuse(int times) {
    refusals = times;
  }

  /** Events are not answered until the latch is open. */
  synchronized void hang(CountDownLatch until) {
    hanging = Optional.of(until);
  }

  synchronized List<NodeKubeletStatus> reports() {
    return List.copyOf(reports);
  }

  synchronized int refusalsLeft() {
    return refusals;
  }

  synchronized List<Announce> events() {
    return List.copyOf(events);
  }

  @Override
  public void start(ClusterListener listener) {
    listener.reachable(true);
  }

  @Override
  public void follow(Optional<ConfigMapNodeConfigSource> configMap) {
    // What there is to follow is handed to the mailbox by the test.
  }

  @Override
  public synchronized void report(NodeKubeletStatus status) throws IOException {
    if (refusals > 0) {
      refusals--;
      throw new IOException("the API server is away");
    }
    reports.add(status);
  }

  @Override
  public void announce(Announce event, Duration limit) throws IOException {
    Optional<CountDownLatch> until;
    synchronized (this) {
      until = hanging;
    }
    try {
      if (until.isPresent()) {
        until.get().await();
      }
    } catch (InterruptedException closing) {
      throw new IOException(closing);
    }
    synchronized (this) {
      events.add(event);
    }
  }

  @Override
  public Optional<Lease> lease() {
    return Optional.of(new Lease(Instant.EPOCH, Duration.ofSeconds(40)));
  }

  @Override
  public Optional<Boolean> nodeReady() {
    return Optional.of(true);
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
