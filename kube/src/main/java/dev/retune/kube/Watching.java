package dev.retune.kube;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Follows one collection for ever on one thread: lists it, watches it from there with bookmarks,
 * goes on where the stream ended, and lists again when the server no longer has the versions in
 * between (410). Tries that fail are repeated with {@link Retry#backOff}.
 */
public final class Watching implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Watching.class.getName());

  /** An event holds one object; a ConfigMap may have 1 MiB, escaped at most six times that. */
  private static final int MAX_EVENT = 16 << 20;

  /** A stream that ends sooner without an event counts as a failure, so that it cannot spin. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final KubeClient client;
  private final String path;
  private final WatchListener listener;
  private final Thread thread;

  private String version = "";
  private int failures;
  private boolean contact;
  private boolean hurry;

  private Watching(KubeClient client, String path, WatchListener listener) {
    this.client = client;
    this.path = path;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name("watch " + path).unstarted(this::run);
  }

  static Watching start(
      KubeClient client, String collection, String fieldSelector, WatchListener listener) {
    String path =
        fieldSelector.isEmpty()
            ? collection + "?"
            : collection + "?fieldSelector=" + Query.encoded(fieldSelector) + "&";
    Watching watching = new Watching(client, path, listener);
    watching.thread.start();
    return watching;
  }

  /**
   * Ends the watch at once. The listener may still be in a call when this returns, but hears
   * nothing new.
   */
  @Override
  public void close() {
    client.close();
    retryNow();
  }

  /** Ends the wait after a failed try, or passes over the next one. */
  public synchronized void retryNow() {
    hurry = true;
    notifyAll();
  }

  private synchronized void pause(Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    try {
      for (long left = wait.toMillis(); left > 0 && !hurry && !client.isClosed(); ) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
      hurry = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      client.close();
    }
  }

  private void run() {
    while (!client.isClosed()) {
      Optional<Duration> asked = Optional.empty();
      try {
        if (version.isEmpty()) {
          list();
        }
        follow();
        if (failures == 0) {
          continue;
        }
      } catch (ApiException e) {
        failures++;
        asked = e.retryAfter();
        if (e.isGone()) {
          version = "";
        } else {
          lost(e);
        }
      } catch (IOException e) {
        failures++;
        lost(e);
      } catch (RuntimeException e) {
        failures++;
        version = "";
        LOG.log(Level.ERROR, "what the watch of " + path + " said could not be taken in", e);
      }
      pause(asked.filter(a -> a.compareTo(Retry.CAP) < 0).orElse(Retry.backOff(failures)));
    }
  }

  private void lost(Exception cause) {
    if (!client.isClosed()) {
      contact = false;
      listener.unreachable(cause);
    }
  }

  private void found() {
    if (!contact && !client.isClosed()) {
      contact = true;
      listener.reachable();
    }
  }

  private void list() throws IOException {
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    String next = path + "limit=500";
    String listed = "";
    while (!next.isEmpty()) {
      Map<String, @Nullable Object> list = client.get(next);
      items.addAll(Tree.maps(list, "items"));
      listed = Tree.string(list, "metadata", "resourceVersion").orElse("");
      String more = Tree.string(list, "metadata", "continue").orElse("");
      next = more.isEmpty() ? "" : path + "limit=500&continue=" + Query.encoded(more);
    }
    if (listed.isEmpty()) {
      throw new IOException("the list of " + path + " has no resourceVersion to watch from");
    }
    found();
    if (!client.isClosed()) {
      listener.synced(items);
    }
    version = listed;
  }

  /** Watches until the stream ends; how it ends does not matter, the next try tells more. */
  private void follow() throws IOException {
    long seconds = ThreadLocalRandom.current().nextLong(240, 360);
    String watch =
        path
            + "watch=true&allowWatchBookmarks=true&timeoutSeconds="
            + seconds
            + "&resourceVersion="
            + Query.encoded(version);
    long start = System.nanoTime();
    boolean events = false;
    try (InputStream in =
        new BufferedInputStream(client.stream(watch, Duration.ofSeconds(seconds + 30)))) {
      found();
      for (byte[] line = line(in); line.length > 0; line = line(in)) {
        if (client.isClosed()) {
          return;
        }
        event(Json.parseObject(line));
        events = true;
        failures = 0;
      }
    }
    if (events || System.nanoTime() - start > SHORT.toNanos()) {
      failures = 0;
    } else {
      failures++;
    }
  }

  private void event(Map<String, @Nullable Object> event) throws ApiException {
    Map<String, @Nullable Object> object = Tree.map(event, "object");
    String type = Tree.string(event, "type").orElse("");
    switch (type) {
      case "ADDED", "MODIFIED" -> listener.changed(object);
      case "DELETED" -> listener.gone(object);
      case "BOOKMARK" -> {}
      case "ERROR" -> {
        int code = (int) Tree.longValue(object, "code").orElse(0);
        throw KubeClient.refusal(code, object, "", Retry.after(null, code, object));
      }
      default -> LOG.log(Level.WARNING, "an event of unknown type {0} was passed over", type);
    }
    version = Tree.string(object, "metadata", "resourceVersion").orElse(version);
  }

  /** The next line without its end; empty at the end of the stream, however that came. */
  private static byte[] line(InputStream in) throws JsonFormatException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          if (line.size() > 0) {
            return line.toByteArray();
          }
        } else {
          line.write(next);
          if (line.size() > MAX_EVENT) {
            throw new JsonFormatException("an event of more than " + MAX_EVENT + " bytes");
          }
        }
      }
    } catch (JsonFormatException e) {
      throw e;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a watch was cut off", e);
    }
    return new byte[0];
  }
}
