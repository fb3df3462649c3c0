package dev.retune.agent;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for work that takes long and is seldom; each ends when it has had nothing to do, because
 * one that waits takes 0.1 MiB of the node.
 */
final class Workers {
  private static final int IDLE_SECONDS = 5;

  private Workers() {}

  /** A worker that does one thing after the other; what comes after its end is not done. */
  static ThreadPoolExecutor one(String name) {
    var worker =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name(name).daemon().factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    worker.allowCoreThreadTimeOut(true);
    return worker;
  }
}
