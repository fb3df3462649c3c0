package dev.retune.agent;

import dev.retune.agent.cluster.ControlPlane;
import dev.retune.agent.core.Effect.Announce;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends Events in order, and keeps the loop waiting for no longer than it is told. */
final class Announcer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Announcer.class.getName());

  private final ControlPlane controlPlane;
  private final ThreadPoolExecutor worker;

  Announcer(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
    this.worker = Workers.one("events");
  }

  void announce(Announce event, Duration limit) throws InterruptedException {
    Future<?> sent = worker.submit(() -> send(event, limit));
    try {
      sent.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      LOG.log(Level.WARNING, "the API server is slow to take an Event; going on without it");
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    }
  }

  private void send(Announce event, Duration limit) {
    try {
      controlPlane.announce(event, limit);
    } catch (IOException away) {
      LOG.log(Level.WARNING, "no Event could be written: " + away.getMessage());
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
