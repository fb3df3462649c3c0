package dev.retune.agent;

import dev.retune.agent.cluster.ControlPlane;
import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletStatus;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Brings the latest status to the cluster from a thread of its own, and does not give up: a report
 * that failed is tried again until it, or a later one, was taken.
 */
final class Reporter implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Reporter.class.getName());
  private static final long FIRST_RETRY_MILLIS = 200;
  private static final long LAST_RETRY_MILLIS = 30_000;

  private final ControlPlane controlPlane;
  private final Mailbox mailbox;
  private final Consumer<NodeKubeletStatus> published;
  private final Semaphore bell = new Semaphore(0);
  private final ThreadPoolExecutor worker = Workers.one("reporter");
  private volatile Optional<NodeKubeletStatus> wanted = Optional.empty();
  private volatile Optional<Report> offered = Optional.empty();
  private volatile Optional<Report> taken = Optional.empty();
  private volatile boolean closed;

  /**
   * A status for one object.
   *
   * @param uid of the NodeKubelet: a new object of the same name has to be told again
   */
  private record Report(String uid, Map<String, @Nullable Object> status) {}

  Reporter(ControlPlane controlPlane, Mailbox mailbox, Consumer<NodeKubeletStatus> published) {
    this.controlPlane = controlPlane;
    this.mailbox = mailbox;
    this.published = published;
  }

  /**
   * Reports this status instead of whatever was not reported yet. Called by the loop only.
   *
   * @param next makes the status from what was reported last: by this agent, else, when it was just
   *     started, by the one before it
   */
  void report(UnaryOperator<NodeKubeletStatus> next) {
    var object = mailbox.nodeKubelet();
    var last = wanted.or(() -> object.map(NodeKubelet::status)).orElse(NodeKubeletStatus.UNKNOWN);
    var status = next.apply(last);
    published.accept(status);
    if (object.isEmpty()) {
      return;
    }
    wanted = Optional.of(status);
    var report = Optional.of(new Report(object.get().uid(), status.toTree()));
    if (!report.equals(offered)) {
      offered = report;
      retryNow();
    }
  }

  /** Tries now what failed before. */
  void retryNow() {
    bell.release();
    if (worker.getQueue().isEmpty()) {
      worker.execute(this::deliver);
    }
  }

  /** Ends when there is nothing to report any more. */
  private void deliver() {
    long retry = FIRST_RETRY_MILLIS;
    try {
      while (!closed && !offered.equals(taken)) {
        bell.drainPermits();
        var report = offered;
        try {
          controlPlane.report(wanted.orElse(NodeKubeletStatus.UNKNOWN));
          taken = report;
          retry = FIRST_RETRY_MILLIS;
        } catch (IOException failed) {
          LOG.log(Level.WARNING, "the status was not reported: " + failed.getMessage());
          long pause = retry + ThreadLocalRandom.current().nextLong(retry);
          retry = Math.min(2 * retry, LAST_RETRY_MILLIS);
          bell.tryAcquire(pause, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    worker.shutdownNow();
  }
}
