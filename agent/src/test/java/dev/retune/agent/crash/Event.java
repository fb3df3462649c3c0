package dev.retune.agent.crash;

import dev.retune.agent.core.SimulatedKubelet;
import dev.retune.agent.core.Texts;
import dev.retune.agent.core.World;
import dev.retune.agent.core.World.Outage;
import dev.retune.api.OnInvalid;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Something that happens to a node.
 *
 * @param text which document, for those that need one
 * @param steps after how many steps of the disk, for those that end something
 * @param millis how much time passes after it
 */
record Event(Kind kind, int text, int steps, int millis) {

  /** What happens. */
  enum Kind {
    EDIT_A,
    EDIT_B,
    DELETE_A,
    LABEL_A,
    ASSIGN_A,
    ASSIGN_B,
    RESET,
    KEEP_ACTIVE,
    LAST_KNOWN_GOOD,
    API_AWAY,
    API_BACK,
    AGENT_KILLED,
    AGENT_STOPPED,
    AGENT_BACK,
    REBOOT,
    POWER_CUT,
    ADMIN_RESTART,
    KUBELET_STOPPED,
    KUBELET_KILLED,
    OUT_OF_MEMORY,
    SLEEP,
    CLOCK_SET,
    STATE_LOST,
    DISK_FULL,
    DISK_HAS_ROOM
  }

  static final List<String> TEXTS =
      List.of(
          Texts.good("one"),
          Texts.good("two"),
          Texts.good("three"),
          Texts.unparsable("u"),
          Texts.invalid("i"),
          Texts.crashes("at start", Duration.ofMillis(100)),
          Texts.crashes("in trial", Duration.ofSeconds(4)),
          Texts.with("ill", "unhealthyAfter", Duration.ofSeconds(20)),
          Texts.with("lost", "leaseStopsAfter", Duration.ofSeconds(15)),
          Texts.with("mute", "neverRenews", true));

  /** Up to {@code most} events of these kinds. */
  static List<Event> any(Random luck, List<Kind> kinds, int texts, int most) {
    return Stream.generate(() ->
            new Event(
                kinds.get(luck.nextInt(kinds.size())),
                luck.nextInt(texts),
                luck.nextInt(60),
                millis(luck)))
        .limit(1 + luck.nextInt(most))
        .toList();
  }

  /** Often within a start, now and then within a trial, seldom longer than one. */
  private static int millis(Random luck) {
    return switch (luck.nextInt(6)) {
      case 0, 1, 2 -> luck.nextInt(700);
      case 3, 4 -> luck.nextInt(700, 15_000);
      default -> luck.nextInt(15_000, 200_000);
    };
  }

  /** Lets it happen, and time pass. */
  void happen(World world) {
    String document = TEXTS.get(text);
    switch (kind) {
      case EDIT_A -> world.edit("a", document);
      case EDIT_B -> world.edit("b", document);
      case DELETE_A -> world.cluster.delete("a");
      case LABEL_A -> world.cluster.label("a");
      case ASSIGN_A -> world.assign("a");
      case ASSIGN_B -> world.assign("b");
      case RESET -> world.reset();
      case KEEP_ACTIVE -> world.cluster.onInvalid(OnInvalid.KeepActive);
      case LAST_KNOWN_GOOD -> world.cluster.onInvalid(OnInvalid.LastKnownGood);
      case API_AWAY -> world.cluster.reachable = false;
      case API_BACK -> world.cluster.reachable = true;
      case AGENT_KILLED -> world.killAgent();
      case AGENT_STOPPED -> stop(world, Outage.KILLED);
      case AGENT_BACK -> agentBack(world);
      case REBOOT -> world.reboot();
      case POWER_CUT -> stop(world, Outage.POWER_CUT);
      case ADMIN_RESTART -> world.adminRestart();
      case KUBELET_STOPPED -> {
        world.happens(SimulatedKubelet::stop);
        world.run(Duration.ofMillis(millis));
        world.adminRestart();
      }
      case KUBELET_KILLED -> {
        if (mayBeKilled(world)) {
          world.happens(kubelet -> kubelet.signal(9));
        }
      }
      case OUT_OF_MEMORY -> {
        if (mayBeKilled(world)) {
          world.outOfMemory();
        }
      }
      case SLEEP -> world.sleep(Duration.ofMinutes(30));
      case CLOCK_SET -> world.setClock(Duration.ofMillis(millis - 7000L));
      case STATE_LOST -> {
        boolean ran = world.agentRuns();
        world.killAgent();
        world.disk.loseState();
        if (ran) {
          world.startAgent();
        }
      }
      case DISK_FULL -> world.disk.full(true);
      case DISK_HAS_ROOM -> world.disk.full(false);
    }
    world.news();
    world.run(Duration.ofMillis(millis));
  }

  /** Killed again and again, a config is to blame (AGENT-13). */
  private static boolean mayBeKilled(World world) {
    return world.kubelet.process().isPresent() && world.kills++ == 0;
  }

  private void stop(World world, Outage outage) {
    world.outage = outage;
    world.disk.stopAfter(steps);
  }

  static void agentBack(World world) {
    if (!world.agentRuns()) {
      world.startAgent();
    }
  }
}
