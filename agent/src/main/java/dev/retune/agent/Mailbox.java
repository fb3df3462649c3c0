package dev.retune.agent;

import dev.retune.agent.cluster.ClusterListener;
import dev.retune.agent.core.Assignment;
import dev.retune.agent.core.InEffect;
import dev.retune.agent.core.Observation.Judged;
import dev.retune.agent.core.Payload;
import dev.retune.agent.core.Vitals.InCluster;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeKubelet;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The latest news from all threads; each piece wakes the loop. Later news replaces earlier. */
final class Mailbox implements ClusterListener {
  private final Semaphore bell = new Semaphore(0);
  private Optional<Assignment> assignment = Optional.empty();
  private Optional<NodeKubelet> nodeKubelet = Optional.empty();
  private Optional<ConfigMapNodeConfigSource> payloadOf = Optional.empty();
  private Payload payload = new Payload.Pending();
  private Optional<Judged> ruling = Optional.empty();
  private Optional<InEffect> inEffect = Optional.empty();
  private InCluster inCluster = InCluster.UNREACHABLE;
  private boolean apiReachable;

  @Override
  public void nodeKubelet(Optional<NodeKubelet> object) {
    synchronized (this) {
      // Without an object nobody says what to run: what was asked for last holds.
      object.ifPresent(seen -> assignment = Optional.of(assignment(seen)));
      nodeKubelet = object;
    }
    wake();
  }

  private static Assignment assignment(NodeKubelet object) {
    var spec = object.spec();
    return new Assignment(
        spec.configSource().flatMap(source -> source.configMap()),
        spec.configSource().isPresent(),
        spec.composition(),
        spec.trialDuration(),
        spec.onInvalid(),
        object.generation(),
        object.retry());
  }

  @Override
  public void configMap(ConfigMapNodeConfigSource reference, Payload news) {
    synchronized (this) {
      if (!payloadOf.equals(Optional.of(reference))) {
        return;
      }
      boolean silence = news instanceof Payload.Unavailable(_, boolean answered) && !answered;
      if (silence && payload instanceof Payload.Found) {
        // What was heard last holds while the API server does not answer.
        return;
      }
      payload = news;
    }
    wake();
  }

  /** Takes news of this ConfigMap from now on; what was known of another one, or before, is not. */
  synchronized void following(Optional<ConfigMapNodeConfigSource> reference) {
    if (!reference.equals(payloadOf)) {
      payloadOf = reference;
      payload = new Payload.Pending();
    }
  }

  @Override
  public void reachable(boolean reachable) {
    synchronized (this) {
      apiReachable = reachable;
    }
    wake();
  }

  void ruled(Judged judged) {
    synchronized (this) {
      ruling = Optional.of(judged);
    }
    wake();
  }

  void inCluster(InCluster news) {
    boolean changed;
    synchronized (this) {
      changed = !news.equals(inCluster);
      inCluster = news;
    }
    if (changed) {
      wake();
    }
  }

  synchronized Optional<Assignment> assignment() {
    return assignment;
  }

  /** The NodeKubelet as it was last seen; empty when there is none. */
  synchronized Optional<NodeKubelet> nodeKubelet() {
    return nodeKubelet;
  }

  /** What is known of this ConfigMap. */
  synchronized Payload payload(Optional<ConfigMapNodeConfigSource> reference) {
    return reference.isPresent() && reference.equals(payloadOf) ? payload : new Payload.Pending();
  }

  void inEffect(InEffect news) {
    synchronized (this) {
      inEffect = Optional.of(news);
    }
    wake();
  }

  /** What the kubelet was found to run in the end. */
  synchronized Optional<InEffect> inEffect() {
    return inEffect;
  }

  synchronized Optional<Judged> ruling() {
    return ruling;
  }

  synchronized InCluster inCluster() {
    return inCluster;
  }

  synchronized boolean apiReachable() {
    return apiReachable;
  }

  void wake() {
    bell.release();
  }

  /** Waits for news, but not for longer than {@code limit}. */
  void await(Duration limit) throws InterruptedException {
    if (bell.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      bell.drainPermits();
    }
  }
}
