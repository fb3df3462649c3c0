package dev.retune.sandbox.server;

import com.sun.net.httpserver.HttpExchange;
import dev.retune.sandbox.faults.Match;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.registry.ResourceType;
import dev.retune.sandbox.store.Change;
import dev.retune.sandbox.store.ChangeStream;
import dev.retune.sandbox.store.ChangeStream.Next;
import dev.retune.sandbox.store.Json;
import dev.retune.sandbox.store.RevisionExpired;
import dev.retune.sandbox.store.Selection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Watches: a stream of events over one HTTP answer, written by the request's own thread. */
final class Watches {
  private static final long SHORTEST_SECONDS = 1800;
  private static final byte[] EVENT_END = "}\n".getBytes(StandardCharsets.US_ASCII);

  private final Registry registry;
  private final int backlog;
  private final Duration bookmarkInterval;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();

  /** Why a running watch ends before its time. */
  private enum Ending {
    NONE,
    DROPPED,
    EXPIRED
  }

  private static final class Open {
    private final Request request;
    private final ChangeStream stream;
    private final Thread thread = Thread.currentThread();
    private volatile Ending ending = Ending.NONE;

    Open(Request request, ChangeStream stream) {
      this.request = request;
      this.stream = stream;
    }

    void end(Ending why) {
      ending = why;
      stream.close();
      if (why == Ending.DROPPED) {
        breakOff();
      }
    }

    /** Wakes the thread from a write to a client that does not read; that closes the channel. */
    void breakOff() {
      thread.interrupt();
    }
  }

  /**
   * @param backlog undelivered events after which a slow client is cut off
   */
  Watches(Registry registry, int backlog, Duration bookmarkInterval) {
    this.registry = registry;
    this.backlog = backlog;
    this.bookmarkInterval = bookmarkInterval;
  }

  int count() {
    return open.size();
  }

  void drop(Match match) {
    endAll(match, Ending.DROPPED);
  }

  void expire(Match match) {
    endAll(match, Ending.EXPIRED);
  }

  private void endAll(Match match, Ending ending) {
    for (Open watch : open) {
      RequestInfo info = watch.request.info();
      String resource = info.target().map(RequestInfo.Target::resourceAndSubresource).orElse("");
      if (match.matches(info.verb(), resource, watch.request.user().name())) {
        watch.end(ending);
      }
    }
  }

  void serve(Request request, ResourceType type, Selection selection)
      throws IOException, InterruptedException {
    Query query = request.query();
    boolean sendInitial = query.flag("sendInitialEvents");
    checkInitialEvents(query);
    Optional<Long> revision = query.number("resourceVersion").filter(r -> r != 0);
    boolean fromNow = query.text("sendInitialEvents").equals(Optional.of("false"));
    OptionalLong since = OptionalLong.empty();
    if (!sendInitial && revision.isPresent()) {
      since = OptionalLong.of(revision.get());
    } else if (!sendInitial && fromNow) {
      since = OptionalLong.of(registry.store().revision());
    }
    HttpExchange exchange = request.answer();
    exchange.getResponseHeaders().set("Content-Type", Replies.JSON);
    exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
    try (ChangeStream stream = registry.shelf(type).watch(selection, since, backlog)) {
      Open watch = new Open(request, stream);
      open.add(watch);
      stream.onCutOff(watch::breakOff);
      try {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.flush();
        stream(watch, type, out, sendInitial);
      } finally {
        open.remove(watch);
      }
    } catch (RevisionExpired expired) {
      exchange.sendResponseHeaders(200, 0);
      error(exchange.getResponseBody(), ApiFailure.expired(expired.text()));
    }
    exchange.close();
  }

  /** Answers a watch with nothing but an ERROR event. */
  void refuse(Request request, ApiFailure failure) throws IOException {
    HttpExchange exchange = request.answer();
    exchange.getResponseHeaders().set("Content-Type", Replies.JSON);
    exchange.sendResponseHeaders(200, 0);
    error(exchange.getResponseBody(), failure);
    exchange.close();
  }

  private void stream(Open watch, ResourceType type, OutputStream out, boolean sendInitial)
      throws IOException, InterruptedException {
    Query query = watch.request.query();
    Representation representation = Representation.of(watch.request, type, registry.clock());
    boolean bookmarks = query.flag("allowWatchBookmarks");
    Duration timeout =
        query
            .number("timeoutSeconds")
            .filter(seconds -> seconds > 0)
            .map(Duration::ofSeconds)
            .orElseGet(Watches::defaultTimeout);
    long end = System.nanoTime() + timeout.toNanos();
    boolean owesInitialEnd = sendInitial && bookmarks;
    boolean first = true;
    while (true) {
      if (owesInitialEnd && !watch.stream.isReplaying()) {
        long revision = watch.stream.startRevision();
        event(out, "BOOKMARK", representation.bookmark(revision, true));
        owesInitialEnd = false;
      }
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      Duration patience = left.compareTo(bookmarkInterval) < 0 ? left : bookmarkInterval;
      switch (watch.stream.next(patience)) {
        case Next.Changed(Change change) -> {
          event(out, change.type().name(), representation.event(change.object(), first));
          first = false;
        }
        case Next.Quiet(long revision) -> {
          if (bookmarks) {
            event(out, "BOOKMARK", representation.bookmark(revision, false));
          } else {
            out.write(' '); // the only way to find out that the client has left
            out.flush();
          }
          if (System.nanoTime() >= end) {
            return;
          }
        }
        case Next.Ended() -> {
          switch (watch.ending) {
            case NONE -> {}
            case DROPPED -> throw new ConnectionDropped();
            case EXPIRED ->
                error(out, ApiFailure.expired("the history this watch needs has been compacted"));
          }
          return;
        }
      }
    }
  }

  private static void checkInitialEvents(Query query) {
    boolean given = query.text("sendInitialEvents").isPresent();
    Optional<String> match = query.text("resourceVersionMatch");
    if (given && !match.equals(Optional.of("NotOlderThan"))) {
      throw ApiFailure.unprocessable(
          "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden:"
              + " sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    if (!given && match.isPresent()) {
      throw ApiFailure.unprocessable(
          "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden:"
              + " resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    }
  }

  /** Between 30 and 60 minutes, as in Kubernetes, so that clients do not all return at once. */
  private static Duration defaultTimeout() {
    return Duration.ofSeconds(
        SHORTEST_SECONDS + ThreadLocalRandom.current().nextLong(SHORTEST_SECONDS));
  }

  private static void error(OutputStream out, ApiFailure failure) throws IOException {
    event(out, "ERROR", Json.write(Replies.status(failure)));
  }

  private static void event(OutputStream out, String type, byte[] object) throws IOException {
    out.write(("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII));
    out.write(object);
    out.write(EVENT_END);
    out.flush();
  }
}
