package dev.retune.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WatchingTest {

  private static final String PATH = "/apis/retune.dev/v1alpha1/nodekubelets";

  private TestServer server;
  private KubeClient client;

  /** What the server is to send into the open watch; an empty text ends the stream. */
  private final BlockingQueue<String> stream = new LinkedBlockingQueue<>();

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final AtomicInteger listVersion = new AtomicInteger(10);

  private final WatchListener listener =
      new WatchListener() {
        @Override
        public void synced(List<Map<String, @Nullable Object>> items) {
          heard.add("synced " + items.stream().map(WatchingTest::name).toList());
        }

        @Override
        public void changed(Map<String, @Nullable Object> object) {
          if (name(object).equals("poison")) {
            heard.add("poisoned");
            throw new IllegalStateException("thrown on purpose");
          }
          heard.add("changed " + name(object));
        }

        @Override
        public void gone(Map<String, @Nullable Object> lastState) {
          heard.add("gone " + name(lastState));
        }

        @Override
        public void unreachable(Exception cause) {
          heard.add("unreachable " + cause.getClass().getSimpleName());
        }

        @Override
        public void reachable() {
          heard.add("reachable");
        }
      };

  private static String name(Map<String, @Nullable Object> object) {
    return Tree.string(object, "metadata", "name").orElse("?");
  }

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    server.answer(this::listOrWatch);
    client =
        new KubeClient(
            server.config(Credentials.anonymous()), Duration.ofSeconds(5), Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private void listOrWatch(TestServer.Request request, HttpExchange exchange) throws IOException {
    if (!request.path().contains("watch=true")) {
      TestServer.json(
          exchange,
          200,
          "{\"metadata\":{\"resourceVersion\":\"%d\"},\"items\":[{\"metadata\":{\"name\":\"n1\"}}]}"
              .formatted(listVersion.getAndIncrement()));
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.flush();
    try {
      for (String text = stream.take(); !text.isEmpty(); text = stream.take()) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String event(String type, String name, int version) {
    return "{\"type\":\"%s\",\"object\":{\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"%d\"}}}\n"
        .formatted(type, name, version);
  }

  private String next() throws InterruptedException {
    String next = heard.poll(10, TimeUnit.SECONDS);
    return next == null ? "nothing" : next;
  }

  private List<String> watches() {
    return server.requests.stream()
        .map(TestServer.Request::path)
        .filter(path -> path.contains("watch=true"))
        .toList();
  }

  @Test
  @DisplayName("AGENT-1 lists, then hears every event of the selected objects")
  void events() throws Exception {
    try (Watching _ = client.watch(PATH, "metadata.name=n1", listener)) {
      assertThat(next()).isEqualTo("reachable");
      assertThat(next()).isEqualTo("synced [n1]");
      String both = event("ADDED", "a", 11) + event("MODIFIED", "b", 12);
      stream.add(both.substring(0, 30));
      stream.add(both.substring(30));
      stream.add(event("DELETED", "c", 13));
      assertThat(next()).isEqualTo("changed a");
      assertThat(next()).isEqualTo("changed b");
      assertThat(next()).isEqualTo("gone c");
    }
    assertThat(server.requests)
        .extracting(TestServer.Request::path)
        .allMatch(path -> path.startsWith(PATH + "?fieldSelector=metadata.name%3Dn1&"));
    assertThat(watches().getFirst())
        .contains("allowWatchBookmarks=true")
        .endsWith("resourceVersion=10");
  }

  @Test
  @DisplayName("AGENT-1 an event is heard well within 250 ms")
  void latency() throws Exception {
    try (Watching _ = client.watch(PATH, "", listener)) {
      next();
      next();
      stream.add(event("ADDED", "warm", 11));
      next();
      long start = System.nanoTime();
      stream.add(event("MODIFIED", "x", 12));
      assertThat(next()).isEqualTo("changed x");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(250));
    }
  }

  @Test
  @DisplayName(
      "a stream that ends is taken up again from the last event or bookmark, without a list")
  void resumes() throws Exception {
    try (Watching _ = client.watch(PATH, "", listener)) {
      next();
      next();
      stream.add(event("BOOKMARK", "", 77));
      stream.add("");
      stream.add(event("MODIFIED", "x", 78));
      assertThat(next()).isEqualTo("changed x");
    }
    assertThat(watches()).hasSize(2);
    assertThat(watches().get(1)).endsWith("resourceVersion=77");
    assertThat(listVersion).hasValue(11);
  }

  @Test
  @DisplayName("410 in the stream or as the answer means to list again, and is no failure")
  void gone() throws Exception {
    try (Watching _ = client.watch(PATH, "", listener)) {
      next();
      next();
      stream.add(
          "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}}\n");
      stream.add("");
      assertThat(next()).isEqualTo("synced [n1]");

      AtomicInteger refusals = new AtomicInteger();
      server.answer((request, exchange) -> {
        if (request.path().contains("watch=true") && refusals.getAndIncrement() == 0) {
          TestServer.status(exchange, 410, "Expired", "too old");
        } else {
          listOrWatch(request, exchange);
        }
      });
      stream.add("");
      assertThat(next()).isEqualTo("synced [n1]");
    }
  }

  @Test
  @DisplayName(
      "AGENT-2 a server that goes away and comes back: told once each, retried at once, nothing lost")
  void outage() throws Exception {
    int port = server.port();
    try (Watching watching = client.watch(PATH, "", listener)) {
      next();
      next();
      server.close();
      assertThat(next()).startsWith("unreachable");
      server = new TestServer("server", port);
      server.answer(this::listOrWatch);
      watching.retryNow();
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> {
            watching.retryNow();
            return "reachable".equals(heard.poll());
          });
      stream.add("");
      stream.add("");
      stream.add(event("MODIFIED", "x", 99));
      assertThat(next()).isEqualTo("changed x");
    }
  }

  @Test
  @DisplayName(
      "AGENT-2 a server that takes a watch and never answers is given up; a quiet watch is not")
  void mute() throws Exception {
    var mute = new AtomicBoolean(true);
    var end = new CountDownLatch(1);
    server.answer((request, exchange) -> {
      if (request.path().contains("watch=true") && mute.getAndSet(false)) {
        await(end);
      } else {
        listOrWatch(request, exchange);
      }
    });
    try (var impatient =
            new KubeClient(
                server.config(Credentials.anonymous()),
                Duration.ofSeconds(5),
                Duration.ofMillis(300));
        Watching _ = impatient.watch(PATH, "", listener)) {
      assertThat(List.of(next(), next())).containsExactly("reachable", "synced [n1]");
      assertThat(next()).startsWith("unreachable");
      assertThat(next()).isEqualTo("reachable");
      assertThat(heard.poll(1, TimeUnit.SECONDS)).as("quiet for longer than that").isNull();
      stream.add(event("MODIFIED", "x", 12));
      assertThat(next()).isEqualTo("changed x");
      assertThat(watches()).hasSize(2);
    } finally {
      end.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("AGENT-3 a refusal is told and repeated with a growing wait")
  void refused() throws Exception {
    server.answer((_, exchange) -> TestServer.status(exchange, 403, "Forbidden", "no"));
    try (Watching _ = client.watch(PATH, "", listener)) {
      assertThat(next()).isEqualTo("unreachable ApiException");
      assertThat(next()).isEqualTo("unreachable ApiException");
      assertThat(next()).isEqualTo("unreachable ApiException");
    }
  }

  @Test
  @DisplayName("a server that ends every watch at once is not asked in a loop")
  void noSpin() throws Exception {
    server.answer((request, exchange) -> {
      if (request.path().contains("watch=true")) {
        TestServer.json(exchange, 200, "");
      } else {
        listOrWatch(request, exchange);
      }
    });
    try (Watching _ = client.watch(PATH, "", listener)) {
      next();
      next();
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> watches().size() >= 3);
    }
    assertThat(watches().size()).isLessThan(6);
  }

  @Test
  @DisplayName("a listener that throws loses nothing: the collection is listed again")
  void poison() throws Exception {
    try (Watching _ = client.watch(PATH, "", listener)) {
      next();
      next();
      stream.add(event("MODIFIED", "poison", 11));
      assertThat(next()).isEqualTo("poisoned");
      stream.add("");
      assertThat(next()).isEqualTo("synced [n1]");
    }
  }

  @Test
  @DisplayName("close ends a silent watch at once and its thread with it; nothing is heard after")
  void close() throws Exception {
    Watching watching = client.watch(PATH, "", listener);
    next();
    next();
    Awaitility.await().until(() -> watches().size() == 1);
    long start = System.nanoTime();
    watching.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    Awaitility.await()
        .atMost(Duration.ofSeconds(2))
        .until(() ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("watch " + PATH)));
    assertThat(heard).isEmpty();
  }

  @Test
  @DisplayName("the wait between tries grows to a minute and is never in step")
  void backOff() {
    assertThat(Retry.backOff(1)).isLessThan(Duration.ofMillis(50));
    for (int failures = 2; failures < 100; failures++) {
      Duration full = Duration.ofSeconds(Math.min(60, 1L << Math.min(failures - 2, 6)));
      assertThat(Retry.backOff(failures)).isBetween(full.dividedBy(2), full);
    }
  }
}
