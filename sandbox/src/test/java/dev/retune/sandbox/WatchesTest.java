package dev.retune.sandbox;

import static dev.retune.sandbox.Fixture.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WatchesTest {
  @RegisterExtension
  static final Fixture FIXTURE =
      Fixture.start(options ->
          options.bookmarkInterval(Duration.ofMillis(50)).rememberedChanges(8).watchBacklog(16));

  private final Api api = FIXTURE.api();
  private final String namespace = name("watched");
  private final String maps = "/api/v1/namespaces/" + namespace + "/configmaps";

  WatchesTest() {
    api.post("/api/v1/namespaces", "{metadata: {name: %s}}".formatted(namespace));
  }

  @Test
  @DisplayName("without a revision the present objects come first")
  void fromNothing() throws IOException {
    create("a", "");
    try (Api.Watch watch = api.watch(maps + "?watch=true")) {
      assertThat(watch.brief()).isEqualTo("ADDED a");
      create("b", "");
      assertThat(watch.brief()).isEqualTo("ADDED b");
      api.patch(maps + "/b", Api.MERGE, "{\"data\":{\"x\":\"y\"}}");
      assertThat(watch.brief()).isEqualTo("MODIFIED b");
      api.delete(maps + "/b");
      assertThat(watch.brief()).isEqualTo("DELETED b");
    }
  }

  @Test
  @DisplayName("from a list's revision nothing is missed and nothing comes twice")
  void fromRevision() throws IOException {
    create("a", "");
    String revision = api.get(maps).revision();
    create("b", "");
    try (Api.Watch watch = api.watch(maps + "?watch=1&resourceVersion=" + revision)) {
      assertThat(watch.brief()).isEqualTo("ADDED b");
      create("c", "");
      assertThat(watch.brief()).isEqualTo("ADDED c");
    }
  }

  @Test
  @DisplayName("labels that start or stop to match come as ADDED and DELETED")
  void labelTransitions() throws IOException {
    create("a", "");
    try (Api.Watch watch = api.watch(maps + "?watch=1&labelSelector=on%3Dyes")) {
      api.patch(maps + "/a", Api.MERGE, "{\"metadata\":{\"labels\":{\"on\":\"yes\"}}}");
      assertThat(watch.brief()).isEqualTo("ADDED a");
      api.patch(maps + "/a", Api.MERGE, "{\"metadata\":{\"labels\":{\"on\":\"no\"}}}");
      assertThat(watch.brief()).isEqualTo("DELETED a");
    }
  }

  @Test
  @DisplayName("a watch of one name hears of that one only")
  void oneName() throws IOException {
    try (Api.Watch watch = api.watch(maps + "?watch=1&fieldSelector=metadata.name%3Db")) {
      create("a", "");
      create("b", "");
      assertThat(watch.brief()).isEqualTo("ADDED b");
    }
  }

  @Test
  @DisplayName("bookmarks tell the revision a quiet watch can resume from")
  void bookmarks() throws IOException {
    create("a", "");
    String revision = api.get(maps).revision();
    try (Api.Watch watch =
        api.watch(maps + "?watch=1&allowWatchBookmarks=true&resourceVersion=" + revision)) {
      JsonNode event = watch.next();
      assertThat(event.path("type").asText()).isEqualTo("BOOKMARK");
      assertThat(event.at("/object/kind").asText()).isEqualTo("ConfigMap");
      assertThat(event.at("/object/metadata/resourceVersion").asLong())
          .isGreaterThanOrEqualTo(Long.parseLong(revision));
    }
  }

  @Test
  @DisplayName("sendInitialEvents ends the present objects with a marked bookmark")
  void initialEvents() throws IOException {
    create("a", "");
    try (Api.Watch watch =
        api.watch(
            maps
                + "?watch=1&allowWatchBookmarks=true&sendInitialEvents=true"
                + "&resourceVersionMatch=NotOlderThan")) {
      assertThat(watch.brief()).isEqualTo("ADDED a");
      JsonNode end = watch.next();
      assertThat(end.path("type").asText()).isEqualTo("BOOKMARK");
      assertThat(end.at("/object/metadata/annotations").path("k8s.io/initial-events-end").asText())
          .isEqualTo("true");
    }
    assertThat(api.get(maps + "?watch=1&sendInitialEvents=true").code()).isEqualTo(422);
  }

  @Test
  @DisplayName("a revision that is forgotten, or was never reached, is 410 Expired in the stream")
  void expired() throws IOException {
    String old = api.get(maps).revision();
    for (int i = 0; i < 10; i++) {
      create("n" + i, "");
    }
    for (String revision : new String[] {old, "999999999"}) {
      try (Api.Watch watch = api.watch(maps + "?watch=1&resourceVersion=" + revision)) {
        JsonNode event = watch.next();
        assertThat(event.path("type").asText()).isEqualTo("ERROR");
        assertThat(event.at("/object/code").asInt()).isEqualTo(410);
        assertThat(event.at("/object/reason").asText()).isEqualTo("Expired");
        assertThat(event.at("/object/message").asText()).startsWith("too old resource version: ");
        assertThat(watch.hasEnded()).isTrue();
      }
    }
  }

  @Test
  @DisplayName("timeoutSeconds ends a watch in good order")
  void timeout() throws IOException {
    try (Api.Watch watch = api.watch(maps + "?watch=1&timeoutSeconds=1")) {
      assertThat(watch.hasEnded()).isTrue();
    }
  }

  @Test
  @DisplayName("a client that does not read is cut off, and nobody waits for it")
  void slow() throws IOException {
    await().until(() -> FIXTURE.sandbox().watches() == 0);
    String big = "x".repeat(500_000);
    try (Api.Stalled stalled = api.stalled(maps + "?watch=1")) {
      await().until(() -> FIXTURE.sandbox().watches() == 1);
      create("big", "");
      AtomicInteger count = new AtomicInteger();
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> {
            api.patch(
                maps + "/big",
                Api.MERGE,
                "{\"data\":{\"x\":\"%s%d\"}}".formatted(big, count.incrementAndGet()));
            return FIXTURE.sandbox().watches() == 0;
          });
      assertThat(stalled.isOpen()).isTrue();
    }
  }

  @Test
  @DisplayName("a watch that its client has left is found out, with bookmarks and without")
  void abandoned() throws IOException {
    create("a", "");
    for (String bookmarks : new String[] {"true", "false"}) {
      try (Api.Watch watch =
          api.watch(maps + "?watch=1&resourceVersion=0&allowWatchBookmarks=" + bookmarks)) {
        assertThat(watch.brief()).isEqualTo("ADDED a");
        assertThat(FIXTURE.sandbox().watches()).isPositive();
      }
    }
    await().until(() -> FIXTURE.sandbox().watches() == 0);
  }

  @Test
  @DisplayName("a WebSocket is refused at once with 503, so that clients fall back to HTTP")
  void webSocket() throws IOException {
    assertThat(api.upgrade(maps + "?watch=true")).startsWith("HTTP/1.1 503");
  }

  private void create(String name, String metadata) {
    String more = metadata.isEmpty() ? "" : ", " + metadata;
    assertThat(api.post(maps, "{metadata: {name: %s%s}}".formatted(name, more)).code())
        .isEqualTo(201);
  }
}
