package dev.retune.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retune.sandbox.Api.Answer;
import dev.retune.sandbox.faults.Fault;
import dev.retune.sandbox.faults.Faults;
import dev.retune.sandbox.faults.Match;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FaultsTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @RegisterExtension static final Fixture FIXTURE = Fixture.start();
  private final Api api = FIXTURE.api();
  private final Faults faults = FIXTURE.sandbox().faults();

  @AfterEach
  void takeBack() {
    faults.clear();
    faults.back();
  }

  @Test
  @DisplayName("429 comes with Retry-After, as often as it was ordered")
  void tooManyRequests() {
    Faults.Order order =
        faults.inject(
            Match.any().verb("list").resource("configmaps"),
            new Fault.TooManyRequests(Duration.ofSeconds(3)),
            2);
    Answer first = api.get(MAPS);
    assertThat(first.code()).isEqualTo(429);
    assertThat(first.response().headers().firstValue("Retry-After")).contains("3");
    assertThat(first.body().at("/details/retryAfterSeconds").asInt()).isEqualTo(3);
    assertThat(api.get("/api/v1/nodes").code()).isEqualTo(200);
    assertThat(api.get(MAPS).code()).isEqualTo(429);
    assertThat(api.get(MAPS).code()).isEqualTo(200);
    assertThat(order.hits()).isEqualTo(2);
  }

  @Test
  @DisplayName("a fault is for the verb, the resource and the user it was ordered for")
  void matching() {
    faults.inject(
        Match.any().verb("get").resource("nodes/status").user("tester"),
        new Fault.Failure(500, "InternalError", "broken on order"));
    assertThat(api.get("/api/v1/nodes/n1/status").message()).isEqualTo("broken on order");
    assertThat(api.get("/api/v1/nodes/n1").code()).isEqualTo(404);
    faults.clear();
    faults.inject(Match.any().user("somebody-else"), new Fault.Dropped());
    assertThat(api.get(MAPS).code()).isEqualTo(200);
  }

  @Test
  @DisplayName("latency delays the answer")
  void latency() {
    faults.inject(Match.any(), new Fault.Latency(Duration.ofMillis(300)), 1);
    long start = System.nanoTime();
    assertThat(api.get(MAPS).code()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(299));
  }

  @Test
  @DisplayName("a dropped request is not carried out; one whose answer is lost is")
  void dropped() {
    faults.inject(Match.any().verb("create"), new Fault.Dropped());
    assertThatThrownBy(() -> api.post(MAPS, "{metadata: {name: dropped}}"))
        .hasCauseInstanceOf(IOException.class);
    faults.clear();
    assertThat(api.get(MAPS + "/dropped").code()).isEqualTo(404);
    faults.inject(Match.any().verb("create"), new Fault.AnswerLost());
    assertThatThrownBy(() -> api.post(MAPS, "{metadata: {name: lost}}"))
        .hasCauseInstanceOf(IOException.class);
    assertThat(api.get(MAPS + "/lost").code()).isEqualTo(200);
  }

  @Test
  @DisplayName("running watches break, or end with 410, on order")
  void watches() throws IOException {
    try (Api.Watch watch = api.watch(MAPS + "?watch=1&resourceVersion=0");
        Api.Watch other = api.watch("/api/v1/nodes?watch=1")) {
      faults.dropWatches(Match.any().resource("configmaps"));
      watch.skipToEnd();
      faults.expireWatches(Match.any().resource("nodes"));
      JsonNode event = other.next();
      assertThat(event.path("type").asText()).isEqualTo("ERROR");
      assertThat(event.at("/object/code").asInt()).isEqualTo(410);
      assertThat(other.hasEnded()).isTrue();
    }
  }

  @Test
  @DisplayName("410 on order strikes a new watch inside its stream and a list as its answer")
  void expired() throws IOException {
    faults.inject(Match.any().verb("watch"), new Fault.Expired(), 1);
    try (Api.Watch watch = api.watch(MAPS + "?watch=1")) {
      assertThat(watch.next().at("/object/reason").asText()).isEqualTo("Expired");
    }
    faults.inject(Match.any().verb("list"), new Fault.Expired(), 1);
    assertThat(api.get(MAPS).code()).isEqualTo(410);
  }

  @Test
  @DisplayName(
      "a server that is gone refuses connections, and is back on its port with its objects")
  void gone() throws IOException {
    api.post(MAPS, "{metadata: {name: survivor}}");
    try (Api.Watch watch = api.watch("/api/v1/nodes?watch=1")) {
      faults.gone();
      assertThat(watch.hasEnded()).isTrue();
    }
    assertThatThrownBy(() -> api.get(MAPS)).hasCauseInstanceOf(IOException.class);
    FIXTURE.sandbox().apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: meanwhile}}");
    faults.back();
    assertThat(api.get(MAPS + "/survivor").code()).isEqualTo(200);
    assertThat(api.get(MAPS + "/meanwhile").code()).isEqualTo(200);
  }

  @Test
  @DisplayName("a compaction makes older revisions expire")
  void compaction() throws IOException {
    String revision = api.get(MAPS).revision();
    api.post(MAPS, "{metadata: {name: %s}}".formatted(Fixture.name("compact")));
    faults.compact();
    try (Api.Watch watch = api.watch(MAPS + "?watch=1&resourceVersion=" + revision)) {
      assertThat(watch.next().at("/object/code").asInt()).isEqualTo(410);
    }
    assertThat(api.get(MAPS).code()).isEqualTo(200);
  }
}
