package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.World.Outage;
import dev.retune.api.ConfigErrors;
import dev.retune.api.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent ends, or the machine, after each effect of every sequence of two changes. */
class StopPointsTest {
  private static final List<Duration> APART =
      List.of(Duration.ofMillis(300), Duration.ofSeconds(8), Duration.ofMinutes(1));

  /** Something that is assigned. */
  enum Change {
    GOOD,
    CRASHES_AT_START,
    CRASHES_IN_TRIAL,
    INVALID,
    RESET;

    String text(String name) {
      return switch (this) {
        case GOOD -> Texts.good(name);
        case CRASHES_AT_START -> Texts.crashes(name, Duration.ofMillis(100));
        case CRASHES_IN_TRIAL -> Texts.crashes(name, Duration.ofSeconds(4));
        case INVALID -> Texts.invalid(name);
        case RESET -> Texts.LOCAL;
      };
    }

    boolean crashes() {
      return this == CRASHES_AT_START || this == CRASHES_IN_TRIAL;
    }

    String error() {
      return switch (this) {
        case GOOD, RESET -> "";
        case CRASHES_AT_START, CRASHES_IN_TRIAL -> ConfigErrors.RUN;
        case INVALID -> ConfigErrors.VALIDATE;
      };
    }
  }

  static Stream<Arguments> sequences() {
    var all = new ArrayList<Arguments>();
    for (Change first : Change.values()) {
      for (Change second : Change.values()) {
        for (Duration apart : APART) {
          all.add(Arguments.of(first, second, apart));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}, then {1} after {2}")
  @MethodSource("sequences")
  @DisplayName(
      "AGENT-2 AGENT-13 AGENT-20 an end after any effect: old or new config, and the rules")
  void everyStopPoint(Change first, Change second, Duration apart) {
    int effects = play(first, second, apart, Integer.MAX_VALUE, Outage.KILLED).performed;
    assertThat(effects).isPositive();
    for (Outage outage : Outage.values()) {
      for (int stop = 1; stop <= effects; stop++) {
        var world = play(first, second, apart, stop, outage);
        String what = outage + " after effect " + stop + " of " + effects;
        assertThat(world.kubelet.starts())
            .as(what + ": every start is with a whole document")
            .allMatch(start ->
                List.of(Texts.LOCAL, first.text("a"), second.text("b")).contains(start.document()));
        assertThat(world.knownBad(Texts.good("a"))).as(what).isFalse();
        assertThat(world.knownBad(Texts.good("b"))).as(what).isFalse();
        assertThat(world.error()).as(what).isEqualTo(second.error());
        assertThat(world.state().activation()).as(what).isEmpty();
        boolean undisturbed = outage != Outage.AWAY && apart.equals(APART.getLast());
        assertThat(world.running().orElse("down"))
            .as(what)
            .isIn(outcomes(first, second, undisturbed));
        if (second == Change.GOOD) {
          assertThat(world.phase()).as(what).isEqualTo(Phase.Good);
        }
        if (second.crashes()) {
          assertThat(world.knownBad(second.text("b"))).as(what).isTrue();
        }
      }
    }
  }

  /** What may run in the end: where the first change had no time, it may never have run. */
  private static List<String> outcomes(Change first, Change second, boolean firstHadTime) {
    if (second == Change.GOOD || second == Change.RESET) {
      return List.of(second.text("b"));
    }
    if (first != Change.GOOD) {
      return List.of(Texts.LOCAL);
    }
    return firstHadTime ? List.of(Texts.good("a")) : List.of(Texts.good("a"), Texts.LOCAL);
  }

  private static World play(Change first, Change second, Duration apart, int stop, Outage outage) {
    var world = new World();
    world.outage = outage;
    world.stopAfter = stop;
    world.cluster.trial(Duration.ofSeconds(20));
    change(world, "a", first);
    world.run(apart);
    change(world, "b", second);
    world.run(Duration.ofMinutes(outage == Outage.AWAY ? 7 : 2));
    return world;
  }

  private static void change(World world, String name, Change change) {
    if (change == Change.RESET) {
      world.reset();
    } else {
      world.edit(name, change.text(name));
      world.assign(name);
    }
  }
}
