package dev.retune.agent.crash;

import dev.retune.agent.core.Texts;
import dev.retune.agent.core.World;
import dev.retune.agent.crash.Stop.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two changes to a node that has a good config.
 *
 * @param apart how long the second comes after the first
 */
record Sequence(Change first, Change second, Duration apart) {
  private static final String BEFORE = Texts.good("first");
  private static final List<String> TEXTS =
      Stream.concat(Stream.of(BEFORE), Arrays.stream(Change.values()).map(Change::text)).toList();

  /** How many restarts more than without it an end may cost, by how long nobody was there. */
  private static final int REDONE = 1;

  private static final int REDONE_AFTER_THE_SWITCH = 3;

  /** Every point at which it can be stopped. */
  List<Stop> stops() {
    return StopPoints.of(node(), this::make);
  }

  /** How often the agent restarts the kubelet in it when nothing ends. */
  int restarts() {
    var world = node();
    make(world);
    Outcome.check(world, TEXTS, false);
    return world.restarts;
  }

  /** Walks through it, with an end. */
  void walk(Stop stop, int restarts) {
    try {
      var world = node();
      stop.prepare(world);
      make(world);
      if (stop.kind() == Kind.AWAY) {
        world.run(Duration.ofMinutes(7));
      }
      Outcome.check(world, TEXTS, false);
      int allowed = restarts + (stop.kind() == Kind.AWAY ? REDONE_AFTER_THE_SWITCH : REDONE);
      if (world.restarts > allowed) {
        throw new AssertionError(world.restarts + " restarts, " + allowed + " are enough");
      }
    } catch (AssertionError | RuntimeException failed) {
      throw new AssertionError(this + ", " + stop, failed);
    }
  }

  private static World node() {
    var world = new World();
    world.cluster.trial(Duration.ofSeconds(20));
    world.edit(Change.FIRST, BEFORE);
    world.assign(Change.FIRST);
    world.run(Duration.ofSeconds(30));
    return world;
  }

  private void make(World world) {
    first.make(world);
    world.run(apart);
    second.make(world);
    world.run(Duration.ofMinutes(2));
  }
}
