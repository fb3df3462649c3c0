package dev.retune.sandbox.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One watcher's view of a shelf. Changes that make an object start or stop to match the selection
 * become {@link Change.Type#ADDED} and {@link Change.Type#DELETED}, as in Kubernetes.
 *
 * <p>One thread reads; writers never wait for it: a reader that falls behind by more than its
 * backlog is cut off and has to start anew from the last revision it saw.
 */
public final class ChangeStream implements AutoCloseable {
  private final Shelf shelf;
  private final Selection selection;
  private final Deque<Change> missed = new ArrayDeque<>();
  private final BlockingQueue<Next> queue;
  private final long startRevision;
  private volatile boolean ended;
  private volatile Runnable onCutOff = () -> {};
  private volatile boolean draining;

  /** What the reader gets. */
  public sealed interface Next {
    /** A change that concerns this watcher. */
    record Changed(Change change) implements Next {}

    /** Nothing happened; everything up to this revision has been delivered. */
    record Quiet(long revision) implements Next {}

    /** The stream is over: closed, or cut off because the reader was too slow. */
    record Ended() implements Next {}
  }

  ChangeStream(
      Shelf shelf, Selection selection, List<Change> missedChanges, long start, int backlog) {
    this.shelf = shelf;
    this.selection = selection;
    this.queue = new LinkedBlockingQueue<>(backlog);
    for (Change change : missedChanges) {
      select(new Parsed(change)).ifPresent(missed::add);
    }
    this.draining = !missed.isEmpty();
    this.startRevision = start;
  }

  /** The revision this stream started from. */
  public long startRevision() {
    return startRevision;
  }

  public Selection selection() {
    return selection;
  }

  /** What to do when the reader is cut off, in the writer's thread; it must be quick. */
  public void onCutOff(Runnable action) {
    onCutOff = action;
  }

  /** Whether changes from before the start, or the first objects, are still to be read. */
  public boolean isReplaying() {
    return !missed.isEmpty();
  }

  /** Waits for the next change, at most this long. */
  public Next next(Duration patience) throws InterruptedException {
    Change old = missed.poll();
    if (old != null) {
      draining = !missed.isEmpty();
      return new Next.Changed(old);
    }
    if (ended) {
      return new Next.Ended();
    }
    Next next = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (next != null) {
      return next;
    }
    OptionalLong quiet = shelf.quietRevision(this);
    return quiet.isPresent() ? new Next.Quiet(quiet.getAsLong()) : next(patience);
  }

  /** Ends the stream for its reader, which wakes up at once. */
  @Override
  public void close() {
    end();
    shelf.unwatch(this);
  }

  boolean isDrained() {
    return !draining && queue.isEmpty();
  }

  void offer(Parsed parsed) {
    if (!ended) {
      select(parsed)
          .ifPresent(change -> {
            if (!queue.offer(new Next.Changed(change))) {
              end();
              onCutOff.run();
            }
          });
    }
  }

  private void end() {
    ended = true;
    queue.clear();
    queue.offer(new Next.Ended());
  }

  private Optional<Change> select(Parsed parsed) {
    Change change = parsed.change();
    if (!selection.covers(change.key())) {
      return Optional.empty();
    }
    if (selection.content().isEmpty()) {
      return Optional.of(change);
    }
    Predicate<JsonNode> wanted = selection.content().get();
    boolean before = parsed.before().map(wanted::test).orElse(false);
    boolean after = change.type() != Change.Type.DELETED && wanted.test(parsed.after());
    if (before && after) {
      return Optional.of(change);
    }
    if (after) {
      return Optional.of(new Change(Change.Type.ADDED, change.object(), Optional.empty()));
    }
    if (before) {
      return Optional.of(new Change(Change.Type.DELETED, change.object(), change.previous()));
    }
    return Optional.empty();
  }
}
