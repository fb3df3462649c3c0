package dev.retune.sandbox.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command as a systemd unit of {@code Type=simple} and {@code Restart=always} would run it,
 * where there is no systemd. It counts and words what happens as {@code systemctl show} does, and
 * keeps the last lines of the output with the start they belong to. Safe for use by several
 * threads.
 */
public final class Supervisor implements AutoCloseable {

  private static final int KEPT_LINES = 1000;

  /** What systemd calls EXIT_EXEC: the command could not be started. */
  private static final int CANNOT_EXECUTE = 203;

  /** How long lines are waited for that a process left in the pipe. */
  private static final Duration LAST_LINES = Duration.ofSeconds(1);

  private static final int SIGNALLED = 128;
  private static final int SIGTERM = 15;

  private record Line(String invocation, String text) {}

  private final UnitSpec spec;
  private final Deque<Line> log = new ArrayDeque<>();

  /** What was started and has not been seen to end. */
  private @Nullable Process process;

  private String activeState = "inactive";
  private String subState = "dead";
  private String result = "success";
  private int execMainStatus;
  private long restarts;
  private String invocation = "";

  private @Nullable Thread output;

  /** Grows with each start and stop by somebody: a thread that watches for an earlier one ends. */
  private long generation;

  /** A supervisor whose unit is not started yet. */
  public Supervisor(UnitSpec spec) {
    this.spec = spec;
  }

  /** Starts the unit, as {@code systemctl start}; nothing when it runs already. */
  public synchronized void start() {
    if (process == null) {
      long mine = ++generation;
      restarts = 0;
      launch();
      Thread.ofPlatform().daemon().name(spec.name()).start(() -> watch(mine));
    }
  }

  /**
   * Stops the unit and waits for its end: SIGTERM, and SIGKILL after TimeoutStopSec. It stays
   * stopped.
   *
   * @throws InterruptedException when the thread is interrupted while it waits
   */
  public void stop() throws InterruptedException {
    Process running;
    synchronized (this) {
      forget();
      running = process;
      if (running == null) {
        activeState = "inactive";
        subState = "dead";
        return;
      }
      activeState = "deactivating";
      subState = "stop-sigterm";
    }
    List<ProcessHandle> all = running.descendants().toList();
    running.toHandle().destroy(); // Process.destroy would lose the last lines
    if (!running.waitFor(spec.timeoutStopSec().toMillis(), TimeUnit.MILLISECONDS)) {
      running.toHandle().destroyForcibly();
      running.waitFor();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    synchronized (this) {
      ended(running, true);
      activeState = "inactive";
      subState = "dead";
    }
  }

  /**
   * The process that runs, if any, is no longer watched: its end is not followed by another start.
   */
  private void forget() {
    generation++;
    notifyAll();
  }

  /**
   * Stops the unit if it runs and starts it, as {@code systemctl restart}; returns when the new
   * process exists.
   *
   * @throws InterruptedException when the thread is interrupted while it waits
   */
  public void restart() throws InterruptedException {
    stop();
    start();
  }

  /** The unit now. */
  public synchronized UnitState state() {
    Process running = process;
    return new UnitState(
        activeState,
        subState,
        result,
        execMainStatus,
        restarts,
        running == null ? OptionalLong.empty() : OptionalLong.of(running.pid()),
        invocation);
  }

  /** The last lines of the present or last start, oldest first. */
  public synchronized List<String> lastLines(int most) {
    List<String> lines =
        log.stream().filter(line -> line.invocation().equals(invocation)).map(Line::text).toList();
    return lines.subList(Math.max(0, lines.size() - most), lines.size());
  }

  /** All lines that are kept, of all starts, oldest first. */
  public synchronized List<String> log() {
    return log.stream().map(Line::text).toList();
  }

  /** Kills what runs, at once. */
  @Override
  public void close() {
    Process running;
    synchronized (this) {
      forget();
      running = process;
      process = null;
      activeState = "inactive";
      subState = "dead";
    }
    if (running != null) {
      List<ProcessHandle> all = new ArrayList<>(running.descendants().toList());
      running.toHandle().destroyForcibly();
      all.forEach(ProcessHandle::destroyForcibly);
      try {
        running.onExit().get(spec.timeoutStopSec().toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        System.getLogger(Supervisor.class.getName())
            .log(
                System.Logger.Level.WARNING,
                spec.name() + ": process " + running.pid() + " does not end",
                e);
      }
    }
  }

  private void launch() {
    byte[] id = new byte[16];
    ThreadLocalRandom.current().nextBytes(id);
    invocation = HexFormat.of().formatHex(id);
    result = "success";
    try {
      UnitCommand command = UnitCommand.of(spec);
      ProcessBuilder builder = new ProcessBuilder(command.arguments()).redirectErrorStream(true);
      builder.environment().putAll(command.environment());
      builder.environment().put("INVOCATION_ID", invocation);
      Process started = builder.start();
      process = started;
      output = follow(started, invocation);
      activeState = "active";
      subState = "running";
    } catch (IOException e) {
      keep(invocation, spec.name() + ": " + e.getMessage());
      result = "exit-code";
      execMainStatus = CANNOT_EXECUTE;
    }
  }

  /** Waits for ends and starts again after each, until somebody stops the unit. */
  private void watch(long mine) {
    try {
      while (awaitEnd(mine) && awaitRestart(mine)) {
        synchronized (this) {
          if (generation != mine) {
            return;
          }
          restarts++;
          launch();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a process wrote belongs to its end: who is told of the end finds the last lines. */
  private boolean awaitEnd(long mine) throws InterruptedException {
    Process running;
    Thread lines;
    synchronized (this) {
      running = process;
      lines = output;
    }
    if (running != null) {
      running.waitFor();
    }
    if (lines != null) {
      lines.join(LAST_LINES);
    }
    synchronized (this) {
      if (generation != mine) {
        return false;
      }
      if (running != null) {
        ended(running, false);
      }
      activeState = "activating";
      subState = "auto-restart";
      return true;
    }
  }

  private synchronized boolean awaitRestart(long mine) throws InterruptedException {
    long due = System.nanoTime() + spec.restartSec().toNanos();
    while (generation == mine && System.nanoTime() < due) {
      TimeUnit.NANOSECONDS.timedWait(this, due - System.nanoTime());
    }
    return generation == mine;
  }

  private void ended(Process dead, boolean asked) {
    process = null;
    int code = dead.exitValue();
    boolean signalled = code > SIGNALLED && code <= SIGNALLED + 64;
    execMainStatus = signalled ? code - SIGNALLED : code;
    if (code == 0 || (asked && code == SIGNALLED + SIGTERM)) {
      result = "success";
    } else {
      result = signalled ? "signal" : "exit-code";
    }
  }

  private Thread follow(Process started, String of) {
    return Thread.ofVirtual()
        .start(() -> {
          try (BufferedReader reader = started.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              keep(of, line);
            }
          } catch (IOException e) {
            keep(of, "[output lost: " + e.getMessage() + "]");
          }
        });
  }

  private synchronized void keep(String of, String line) {
    log.addLast(new Line(of, line));
    if (log.size() > KEPT_LINES) {
      log.removeFirst();
    }
  }
}
