package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.ConfigErrors;
import dev.retune.api.NodeConfigStatus;
import dev.retune.api.OnInvalid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of the original's own end-to-end test: from every state to every state. */
class PairsTest {
  private final World world = new World();

  /** What is assigned. */
  enum Kind {
    LOCAL,
    CORRECT,
    UNPARSABLE,
    INVALID;

    String text(String name) {
      return switch (this) {
        case LOCAL -> Texts.LOCAL;
        case CORRECT -> Texts.good(name);
        case UNPARSABLE -> Texts.unparsable(name);
        case INVALID -> Texts.invalid(name);
      };
    }

    String error() {
      return switch (this) {
        case LOCAL, CORRECT -> "";
        case UNPARSABLE -> ConfigErrors.LOAD;
        case INVALID -> ConfigErrors.VALIDATE;
      };
    }

    boolean refused() {
      return this == UNPARSABLE || this == INVALID;
    }
  }

  /** How one assigned document becomes another. */
  enum Way {
    REFERENCE,
    IN_PLACE,
    RECREATE
  }

  static Stream<Arguments> pairs() {
    var all = new ArrayList<Arguments>();
    for (OnInvalid onInvalid : OnInvalid.values()) {
      for (Way way : Way.values()) {
        for (Kind from : Kind.values()) {
          for (Kind to : Kind.values()) {
            if (way == Way.REFERENCE || (from != Kind.LOCAL && to != Kind.LOCAL)) {
              all.add(Arguments.of(from, to, way, onInvalid));
            }
          }
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0} to {1} and back by {2}, {3}")
  @MethodSource("pairs")
  @DisplayName(
      "AGENT-3 AGENT-7 AGENT-10 AGENT-11 AGENT-16 every pair of assignments, there and back")
  void pair(Kind from, Kind to, Way way, OnInvalid onInvalid) {
    world.cluster.onInvalid(onInvalid);
    var expected = new Expected(Texts.LOCAL, 0);

    expected = change("one", from, Way.REFERENCE, onInvalid, expected);
    expected = change("two", to, way, onInvalid, expected);
    change("three", from, way, onInvalid, expected);
  }

  /** What the kubelet should run, and how often it should have been restarted by then. */
  private record Expected(String running, int restarts) {
    Expected next(String text) {
      return new Expected(text, text.equals(running) ? restarts : restarts + 1);
    }
  }

  private Expected change(String name, Kind kind, Way way, OnInvalid onInvalid, Expected before) {
    String text = kind.text(name);
    String configMap =
        switch (way) {
          case REFERENCE -> name;
          case IN_PLACE, RECREATE -> "one";
        };
    if (kind == Kind.LOCAL) {
      world.reset();
    } else {
      switch (way) {
        case REFERENCE -> {
          world.edit(configMap, text);
          world.assign(configMap);
        }
        case IN_PLACE -> world.edit(configMap, text);
        case RECREATE -> world.recreate(configMap, text);
      }
    }
    world.run(Duration.ofSeconds(3));

    // Nothing has passed a trial here, so the last known good config is the local one.
    String fallback = onInvalid == OnInvalid.KeepActive ? before.running() : Texts.LOCAL;
    var expected = before.next(kind.refused() ? fallback : text);
    assertThat(world.running()).contains(expected.running());
    assertThat(world.error()).isEqualTo(kind.error());
    assertThat(world.restarts).isEqualTo(expected.restarts());
    assertThat(world.active().isPresent()).isEqualTo(!expected.running().equals(Texts.LOCAL));
    assertThat(world.lastKnownGood()).isEmpty();
    assertThat(world.assigned())
        .isEqualTo(
            kind == Kind.LOCAL
                ? Optional.empty()
                : Optional.of(world.cluster.source(configMap, "kubelet")));
    if (kind == Kind.CORRECT) {
      assertThat(world.active()).isEqualTo(world.assigned());
    }
    return expected;
  }

  /** Where the bad document that follows a good one is. */
  enum Place {
    OTHER_CONFIG_MAP,
    OTHER_KEY,
    NEW_VERSION
  }

  static Stream<Arguments> recoveries() {
    return Stream.of(Place.values())
        .flatMap(place ->
            Stream.of(
                Arguments.of(place, Texts.unparsable("b"), ConfigErrors.LOAD),
                Arguments.of(place, Texts.invalid("b"), ConfigErrors.VALIDATE),
                Arguments.of(place, Texts.crashes("b", Duration.ofMillis(100)), ConfigErrors.RUN)))
        .flatMap(given ->
            Stream.of(OnInvalid.values())
                .map(onInvalid ->
                    Arguments.of(given.get()[0], given.get()[1], given.get()[2], onInvalid)));
  }

  @ParameterizedTest(name = "{0}: {1}, {3}")
  @MethodSource("recoveries")
  @DisplayName(
      "bug 2: AGENT-7 AGENT-13 a good config that passed its trial, then a bad one: back to it")
  void recovery(Place place, String bad, String error, OnInvalid onInvalid) {
    world.cluster.onInvalid(onInvalid);
    world.makeGood("a", Texts.good("a"));
    var good = world.cluster.source("a", "kubelet");
    assertThat(world.lastKnownGood()).contains(good);

    switch (place) {
      case OTHER_CONFIG_MAP -> {
        world.edit("b", bad);
        world.assign("b");
      }
      case OTHER_KEY -> {
        world.cluster.put("a", "other", bad);
        world.assign("a", "other");
      }
      case NEW_VERSION -> world.edit("a", bad);
    }
    world.settle();

    assertThat(world.running()).contains(Texts.good("a"));
    assertThat(world.error()).isEqualTo(error);
    assertThat(world.active()).contains(good);
    assertThat(world.lastKnownGood()).contains(good);
    assertThat(world.restarts).isEqualTo(error.equals(ConfigErrors.RUN) ? 3 : 1);
  }

  @ParameterizedTest
  @EnumSource(OnInvalid.class)
  @DisplayName(
      "AGENT-7 a bad config during a trial: KeepActive goes on with it, LastKnownGood back")
  void refusedInTrial(OnInvalid onInvalid) {
    world.cluster.onInvalid(onInvalid);
    world.makeGood("a", Texts.good("a"));
    world.edit("b", Texts.good("b"));
    world.assign("b");
    world.run(Duration.ofSeconds(20));
    world.edit("b", Texts.invalid("b2"));
    world.settle();

    boolean keeps = onInvalid == OnInvalid.KeepActive;
    assertThat(world.running()).contains(Texts.good(keeps ? "b" : "a"));
    assertThat(world.state().lastKnownGood())
        .isEqualTo(world.checkpoint(Texts.good(keeps ? "b" : "a")));
    assertThat(world.error()).isEqualTo(ConfigErrors.VALIDATE);
    assertThat(world.knownBad(Texts.good("b"))).isFalse();
  }

  @Test
  @DisplayName("AGENT-12 AGENT-16 LKG 1 to LKG 2, and a reset that leaves nothing")
  void oneGoodAfterTheOther() {
    world.makeGood("a", Texts.good("a"));
    world.makeGood("b", Texts.good("b"));
    assertThat(world.lastKnownGood()).contains(world.cluster.source("b", "kubelet"));

    world.reset();
    world.run(Duration.ofSeconds(3));
    assertThat(world.status().config()).isEqualTo(NodeConfigStatus.LOCAL);
    assertThat(world.running()).contains(Texts.LOCAL);
    assertThat(world.restarts).isEqualTo(3);
  }

  @Test
  @DisplayName(
      "bug 22: AGENT-5 AGENT-10 100 changes in a row: 100 restarts, and nothing is left lying about")
  void hundredChanges() {
    world.edit("a", Texts.good("a"));
    world.edit("b", Texts.good("b"));
    for (int i = 0; i < 100; i++) {
      world.assign(i % 2 == 0 ? "a" : "b");
      world.run(Duration.ofSeconds(2));
      assertThat(world.running()).contains(Texts.good(i % 2 == 0 ? "a" : "b"));
    }
    assertThat(world.restarts).isEqualTo(100);
    for (int i = 0; i < 100; i++) {
      world.edit("b", i % 3 == 0 ? Texts.invalid("b" + i) : Texts.good("b" + i));
      world.run(Duration.ofSeconds(2));
    }
    assertThat(world.disk.checkpoints()).isLessThanOrEqualTo(9);
    assertThat(world.state().bad()).isEmpty();
  }
}
