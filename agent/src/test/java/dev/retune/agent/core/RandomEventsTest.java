package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Any order of events: what must hold is checked by {@link Invariants} after every effect. */
class RandomEventsTest {
  private static final List<String> TEXTS =
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

  private static final Set<Kind> RENEWS_OR_HIDES_THE_LEASE =
      EnumSet.of(Kind.API_AWAY, Kind.ADMIN_RESTART, Kind.REBOOT, Kind.OUT_OF_MEMORY);

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
    AGENT_BACK,
    REBOOT,
    ADMIN_RESTART,
    OUT_OF_MEMORY,
    SLEEP,
    CLOCK_SET,
    STATE_LOST
  }

  /** One event, a text for those that need one, and the time that passes after it. */
  record Event(Kind kind, int text, int millis) {}

  /** So many sequences of events are walked. */
  private static final int WALKS = 2000;

  private static List<Event> events(Random luck, List<Kind> kinds, int texts) {
    return Stream.generate(() ->
            new Event(kinds.get(luck.nextInt(kinds.size())), luck.nextInt(texts), millis(luck)))
        .limit(1 + luck.nextInt(25))
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

  @Test
  @DisplayName("AGENT-3 AGENT-13 AGENT-20 whatever happens, it ends where the rules say")
  void anyOrderOfEvents() {
    for (int seed = 0; seed < WALKS; seed++) {
      var events = events(new Random(seed), List.of(Kind.values()), TEXTS.size());
      try {
        anyOrderOfEvents(events);
      } catch (AssertionError failed) {
        throw new AssertionError("seed " + seed + ": " + events, failed);
      }
    }
  }

  private static void anyOrderOfEvents(List<Event> events) {
    var world = new World();
    for (Event event : events) {
      happen(world, event);
    }
    world.cluster.reachable = true;
    if (!world.agentRuns()) {
      world.startAgent();
    }
    world.news();
    world.run(Duration.ofMinutes(8));

    assertThat(world.state().activation()).isEmpty();
    assertThat(world.running()).isPresent();
    for (String text : TEXTS) {
      if (Texts.innocent(text)) {
        assertThat(world.knownBad(text)).as(text).isFalse();
      }
    }
    var assigned = world.cluster.assignedText();
    boolean reset = world.cluster.spec().filter(spec -> !spec.named()).isPresent();
    if (assigned.filter(Texts::innocent).isPresent()) {
      assertThat(world.phase()).isEqualTo(Phase.Good);
      assertThat(world.running()).isEqualTo(assigned);
    } else if (reset) {
      assertThat(world.phase()).isEqualTo(Phase.Local);
      assertThat(world.running()).contains(Texts.LOCAL);
    } else {
      // A lease that is not renewed cannot be told from an API server that is away, and a kubelet
      // that others restart renews it anew, so that the trial may end before it is overdue.
      boolean blind =
          events.stream()
              .map(Event::kind)
              .anyMatch(kind -> RENEWS_OR_HIDES_THE_LEASE.contains(kind));
      assertThat(world.running())
          .as("an ill config is not left running")
          .hasValueSatisfying(text ->
              assertThat(Texts.innocent(text) || (blind && Texts.losesLease(text))).isTrue());
    }
  }

  @Test
  @DisplayName(
      "AGENT-4 AGENT-10 without failures there is at most one restart per change of config")
  void restartsAreRare() {
    var changes =
        List.of(Kind.EDIT_A, Kind.EDIT_B, Kind.LABEL_A, Kind.ASSIGN_A, Kind.ASSIGN_B, Kind.RESET);
    for (int seed = 0; seed < 100; seed++) {
      restartsAreRare(events(new Random(seed), changes, 3));
    }
  }

  private static void restartsAreRare(List<Event> events) {
    var world = new World();
    int changes = 0;
    var assigned = new ArrayList<String>();
    for (Event event : events) {
      happen(world, event);
      String now = world.cluster.assignedText().orElse(Texts.LOCAL);
      if (assigned.isEmpty() || !assigned.getLast().equals(now)) {
        assigned.add(now);
        changes++;
      }
    }
    world.settle();
    assertThat(world.restarts).isLessThanOrEqualTo(changes);
    assertThat(world.state().bad()).isEmpty();
  }

  private static void happen(World world, Event event) {
    String text = TEXTS.get(event.text());
    switch (event.kind()) {
      case EDIT_A -> world.edit("a", text);
      case EDIT_B -> world.edit("b", text);
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
      case AGENT_BACK -> {
        if (!world.agentRuns()) {
          world.startAgent();
        }
      }
      case REBOOT -> world.reboot();
      case ADMIN_RESTART -> world.adminRestart();
      case OUT_OF_MEMORY -> {
        // Killed again and again for want of memory, a config is to blame (AGENT-13).
        if (world.memoryKills == 0) {
          world.outOfMemory();
        }
      }
      case SLEEP -> world.sleep(Duration.ofMinutes(30));
      case CLOCK_SET -> world.setClock(Duration.ofMillis(event.millis() - 7000L));
      case STATE_LOST -> {
        boolean ran = world.agentRuns();
        world.killAgent();
        world.disk.loseState();
        if (ran) {
          world.startAgent();
        }
      }
    }
    world.news();
    world.run(Duration.ofMillis(event.millis()));
  }
}
