package dev.retune.agent;

import dev.retune.agent.cluster.ControlPlane;
import dev.retune.agent.core.Vitals.InCluster;
import dev.retune.kube.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the node's Lease and Ready condition, away from the loop and as often as the moment
 * needs: not at all while nothing is in trial.
 */
final class ClusterEyes implements AutoCloseable {
  private static final Duration STARTING = Duration.ofMillis(100);
  private static final Duration IN_TRIAL = Duration.ofSeconds(5);

  private final ControlPlane controlPlane;
  private final Mailbox mailbox;
  private final Semaphore bell = new Semaphore(0);
  private final ThreadPoolExecutor worker = Workers.one("cluster-eyes");
  private volatile Optional<Duration> pace = Optional.empty();
  private volatile boolean reachable = true;
  private volatile boolean closed;

  ClusterEyes(ControlPlane controlPlane, Mailbox mailbox) {
    this.controlPlane = controlPlane;
    this.mailbox = mailbox;
  }

  /** Sets how closely to look from now on. */
  void pace(boolean starting, boolean inTrial) {
    Optional<Duration> next =
        starting ? Optional.of(STARTING) : inTrial ? Optional.of(IN_TRIAL) : Optional.empty();
    if (!next.equals(pace)) {
      pace = next;
      lookOnce();
    }
  }

  /** Looks once, soon. */
  void lookOnce() {
    bell.release();
    if (worker.getQueue().isEmpty()) {
      worker.execute(this::run);
    }
  }

  /** Whether the API server answered the last look. */
  boolean reachable() {
    return reachable;
  }

  /** Ends when there is nothing to look at any more. */
  private void run() {
    try {
      Optional<Duration> again;
      do {
        bell.drainPermits();
        look();
        again = pace;
        if (again.isPresent()) {
          bell.tryAcquire(again.get().toMillis(), TimeUnit.MILLISECONDS);
        }
      } while (!closed && again.isPresent());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    InCluster seen;
    try {
      seen = new InCluster(true, controlPlane.nodeReady(), controlPlane.lease());
    } catch (ApiException refused) {
      // A server that says no is there; what it does not tell is not known.
      boolean there = refused.code() < 500 && refused.code() != 429;
      seen = new InCluster(there, Optional.empty(), Optional.empty());
    } catch (IOException away) {
      seen = InCluster.UNREACHABLE;
    }
    reachable = seen.reachable();
    mailbox.inCluster(seen);
  }

  @Override
  public void close() {
    closed = true;
    worker.shutdownNow();
  }
}
