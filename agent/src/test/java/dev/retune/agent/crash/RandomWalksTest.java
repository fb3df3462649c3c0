package dev.retune.agent.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.Texts;
import dev.retune.agent.core.World;
import dev.retune.agent.crash.Event.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Any order of events. {@code -Dretune.crash-walks=100000} walks more and longer ones, {@code
 * -Dretune.crash-seed=7} other ones; a failure names its seed, and that seed alone repeats it.
 */
class RandomWalksTest {
  private static final long WALKS = Long.getLong("retune.crash-walks", 2000);
  private static final long SEED = Long.getLong("retune.crash-seed", 1);

  /** How many events a walk has at most. */
  private static final int LENGTH = WALKS > 2000 ? 60 : 25;

  /** What makes a lease that is not renewed go by unnoticed, or be renewed once more. */
  private static final Set<Kind> BLINDS =
      EnumSet.of(
          Kind.API_AWAY,
          Kind.ADMIN_RESTART,
          Kind.KUBELET_STOPPED,
          Kind.KUBELET_KILLED,
          Kind.REBOOT,
          Kind.POWER_CUT,
          Kind.OUT_OF_MEMORY);

  @Test
  @DisplayName("AGENT-3 AGENT-13 AGENT-15 AGENT-20 whatever happens, it ends where the rules say")
  void anything() {
    LongStream.range(SEED, SEED + WALKS).parallel().forEach(RandomWalksTest::walk);
  }

  private static void walk(long seed) {
    var luck = new Random(seed);
    var events = Event.any(luck, List.of(Kind.values()), Event.TEXTS.size(), LENGTH);
    try {
      var world = new World();
      world.luck(luck);
      events.forEach(event -> event.happen(world));
      world.cluster.reachable = true;
      world.disk.full(false);
      world.disk.goOn();
      Event.agentBack(world);
      world.news();
      world.run(Duration.ofMinutes(8));
      Outcome.check(
          world, Event.TEXTS, events.stream().map(Event::kind).anyMatch(BLINDS::contains));
    } catch (AssertionError | RuntimeException failed) {
      throw new AssertionError("seed " + seed + ": " + events, failed);
    }
  }

  @Test
  @DisplayName(
      "AGENT-4 AGENT-10 without failures there is at most one restart per change of config")
  void restartsAreRare() {
    var kinds =
        List.of(Kind.EDIT_A, Kind.EDIT_B, Kind.LABEL_A, Kind.ASSIGN_A, Kind.ASSIGN_B, Kind.RESET);
    for (int seed = 0; seed < 100; seed++) {
      var world = new World();
      int changes = 0;
      var assigned = new ArrayList<String>();
      for (Event event : Event.any(new Random(seed), kinds, 3, 25)) {
        event.happen(world);
        String now = world.cluster.assignedText().orElse(Texts.LOCAL);
        if (assigned.isEmpty() || !assigned.getLast().equals(now)) {
          assigned.add(now);
          changes++;
        }
      }
      world.settle();
      assertThat(world.restarts).as("seed " + seed).isLessThanOrEqualTo(changes);
      assertThat(world.state().bad()).as("seed " + seed).isEmpty();
    }
  }
}
