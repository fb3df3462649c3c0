package dev.retune.cli.text;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * Says on stderr what a command waits for, once that takes longer than two seconds. On a terminal
 * it is one line that counts the seconds and goes away at the end; elsewhere a line at first and
 * one every half minute.
 */
public final class Progress implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration REPEAT = Duration.ofSeconds(30);

  private final PrintWriter err;
  private final boolean terminal;
  private final long startedNanos = System.nanoTime();
  private final Thread thread;

  private String what;
  private int shownWidth;
  private boolean closed;

  private Progress(PrintWriter err, boolean terminal, String what) {
    this.err = err;
    this.terminal = terminal;
    this.what = what;
    this.thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::show);
  }

  /**
   * Begins to wait.
   *
   * @param terminal whether a line can be rewritten
   * @param wanted whether to say anything at all
   */
  public static Progress start(PrintWriter err, boolean terminal, boolean wanted, String what) {
    var progress = new Progress(err, terminal, what);
    if (wanted) {
      progress.thread.start();
    }
    return progress;
  }

  /** What is waited for from now on. */
  public synchronized void now(String what) {
    this.what = what;
    if (terminal && shownWidth > 0) {
      rewrite();
    }
  }

  /** Takes the line away so that something else can be printed; it comes back by itself. */
  public synchronized void clear() {
    if (terminal && shownWidth > 0) {
      err.print("\r" + " ".repeat(shownWidth) + "\r");
      err.flush();
      shownWidth = 0;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    clear();
    notifyAll();
  }

  private synchronized void show() {
    try {
      pause(PATIENCE);
      while (!closed) {
        if (terminal) {
          rewrite();
          pause(TICK);
        } else {
          err.println("waiting: " + what + " (" + seconds() + " s)");
          pause(REPEAT);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void pause(Duration duration) throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
      wait(left / 1_000_000 + 1);
    }
  }

  private synchronized void rewrite() {
    var line = what + " … " + seconds() + " s";
    err.print("\r" + line + " ".repeat(Math.max(0, shownWidth - line.length())));
    err.flush();
    shownWidth = line.length();
  }

  private long seconds() {
    return Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds();
  }
}
