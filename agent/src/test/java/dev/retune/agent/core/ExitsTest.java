package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.Ending.How;
import dev.retune.agent.core.Observation.Kubelet;
import dev.retune.agent.core.Observation.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExitsTest {
  private static final Ending EXIT = new Ending("exit-code", How.EXITED, 1, false);
  private static final Ending KILL = new Ending("signal", How.KILLED, 9, false);
  private static final Ending MEMORY = new Ending("oom-kill", How.KILLED, 9, false);
  private static final Ending CLEAN = new Ending("success", How.EXITED, 0, false);
  private static final Ending MISSING = new Ending("exit-code", How.EXITED, 203, false);

  private static Service service(
      String active, String sub, Ending last, String invocation, long restarts) {
    return new Service("loaded", active, sub, last, Optional.empty(), restarts, invocation, "unit");
  }

  private static Service running(String invocation, long restarts) {
    return service("active", "running", Ending.NONE, invocation, restarts);
  }

  private static Service waiting(Ending how, String invocation, long restarts) {
    return service("activating", "auto-restart", how, invocation, restarts);
  }

  /** Runs again, and systemd's journal has told how the start before it ended. */
  private static Service after(Ending unseen, String invocation, long restarts) {
    return new Service(
        "loaded",
        "active",
        "running",
        Ending.NONE,
        Optional.of(unseen),
        restarts,
        invocation,
        "unit");
  }

  private static Observation look(Service service, String version) {
    return new Observation(
        new Moment(Instant.EPOCH, Duration.ofSeconds(5), "boot"),
        Optional.empty(),
        new Payload.Pending(),
        Set.of(),
        "",
        Optional.empty(),
        new Kubelet(
            service,
            Optional.empty(),
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            version,
            List.of()),
        Optional.empty(),
        true,
        false,
        Optional.empty());
  }

  private static Exits seen(Exits from, boolean proven, Service... looks) {
    var exits = from;
    for (Service service : looks) {
      exits = exits.seen(look(service, "v1.36.2"), proven);
    }
    return exits;
  }

  private static long failed(Service... looks) {
    return seen(Exits.NONE, true, looks).failed();
  }

  @Test
  @DisplayName("AGENT-13 an end is counted once, whether it is seen while down, afterwards or both")
  void once() {
    assertThat(failed(running("a", 0), waiting(EXIT, "a", 0))).isEqualTo(1);
    assertThat(failed(running("a", 0), running("b", 1))).isEqualTo(1);
    assertThat(
            failed(
                running("a", 0),
                waiting(EXIT, "a", 0),
                waiting(EXIT, "a", 0),
                running("b", 1),
                running("b", 1)))
        .isEqualTo(1);
    assertThat(failed(waiting(EXIT, "a", 0), running("b", 1))).isEqualTo(1);
    assertThat(failed(running("a", 0), running("d", 3), waiting(EXIT, "d", 3))).isEqualTo(4);
    assertThat(failed(waiting(EXIT, "a", 0), waiting(EXIT, "b", 1))).isEqualTo(2);
  }

  @Test
  @DisplayName("AGENT-13 NRestarts may be raised while the unit still waits: that is the same end")
  void raisedEarly() {
    assertThat(
            failed(running("a", 0), waiting(EXIT, "a", 0), waiting(EXIT, "a", 1), running("b", 1)))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("AGENT-13 a restart by a person is a new invocation without a new NRestarts: no end")
  void byHand() {
    assertThat(failed(running("a", 0), running("b", 0), running("c", 0))).isZero();
    assertThat(failed(running("a", 2), running("b", 0))).isZero();
    assertThat(failed(running("a", 2), running("b", 0), running("c", 1))).isEqualTo(1);
    assertThat(failed(running("a", 0), waiting(EXIT, "a", 0), running("b", 0))).isEqualTo(1);
    assertThat(seen(Exits.NONE, true, running("a", 2), running("b", 0), running("c", 0)))
        .extracting(Exits::restartedByOthers)
        .isEqualTo(2L);
  }

  @Test
  @DisplayName("AGENT-13 an end between two looks is of its cause, when systemd's journal tells it")
  void unseen() {
    assertThat(failed(running("a", 0), after(EXIT, "b", 1))).isEqualTo(1);
    assertThat(failed(running("a", 0), after(KILL, "b", 1))).isZero();
    assertThat(failed(running("a", 0), after(MISSING, "b", 1))).isZero();
    assertThat(failed(running("a", 0), after(KILL, "c", 2)))
        .as("one of two was a kill")
        .isEqualTo(1);
  }

  @Test
  @DisplayName(
      "AGENT-13 what happened before the agent's restart, or in an earlier boot, is no end")
  void before() {
    var crashing = look(waiting(EXIT, "a", 7), "v1.36.2");
    var restarted = Exits.NONE.beforeRestart(crashing);
    assertThat(seen(restarted, false, running("b", 0)).failed()).isZero();
    assertThat(seen(restarted, false, running("b", 0)).restartedByOthers()).isZero();
    assertThat(seen(restarted, false, waiting(EXIT, "b", 0)).failed()).isEqualTo(1);
    assertThat(seen(restarted, false, running("c", 1)).failed())
        .as("it ended and was started again before anybody looked")
        .isEqualTo(1);
    assertThat(seen(restarted, false, waiting(EXIT, "a", 7)).failed())
        .as("systemd refused the restart")
        .isZero();
    assertThat(seen(restarted, false, waiting(EXIT, "a", 7), running("b", 8)).failed())
        .as("systemd refused the restart, and made the one that was due")
        .isZero();
    var booted = Exits.NONE.notCounting(crashing);
    assertThat(seen(booted, true, waiting(EXIT, "a", 7), running("b", 8)).failed()).isZero();
  }

  @Test
  @DisplayName("AGENT-13 one end from outside is excused, whenever it is; two are a pattern")
  void outside() {
    for (Ending ending : List.of(MEMORY, KILL, CLEAN)) {
      assertThat(failed(running("a", 0), waiting(ending, "a", 0), running("b", 1))).isZero();
      assertThat(
              failed(
                  running("a", 0),
                  waiting(ending, "a", 0),
                  running("b", 1),
                  waiting(ending, "b", 1)))
          .isEqualTo(2);
      assertThat(
              failed(
                  running("a", 0), waiting(ending, "a", 0), running("b", 1), waiting(EXIT, "b", 1)))
          .isEqualTo(1);
    }
  }

  @Test
  @DisplayName("AGENT-13 an exit without an error before the proof is the kubelet's own")
  void cleanExit() {
    assertThat(seen(Exits.NONE, false, running("a", 0), waiting(CLEAN, "a", 0)).failed())
        .isEqualTo(1);
  }

  @Test
  @DisplayName("AGENT-13 a kubelet that could not be started has not failed, however often")
  void notStarted() {
    assertThat(
            failed(
                waiting(MISSING, "a", 0),
                waiting(MISSING, "b", 1),
                waiting(MISSING, "c", 2),
                running("d", 3)))
        .isZero();
  }

  @Test
  @DisplayName("AGENT-13 a unit that cannot be read, or that systemd forgot, tells nothing")
  void unknown() {
    assertThat(failed(running("a", 3), Service.UNKNOWN, running("a", 3))).isZero();
    var forgotten = service("inactive", "dead", Ending.NONE, "", 0);
    assertThat(failed(running("a", 3), forgotten, running("b", 0))).isZero();
  }

  @Test
  @DisplayName("AGENT-13 what else changed since the restart is named once")
  void changed() {
    var exits = Exits.NONE.beforeRestart(look(running("a", 0), "v1.36.1"));
    exits = exits.seen(look(running("b", 0), "v1.36.1"), true);
    assertThat(exits.evidence()).isEmpty();
    exits = exits.seen(look(running("b", 0), "v1.36.2"), true);
    exits = exits.seen(look(running("b", 0), ""), true);
    exits = exits.seen(look(waiting(EXIT, "b", 0), "v1.36.2"), true);
    assertThat(exits.evidence())
        .isEqualTo(
            " (exit status 1); meanwhile the kubelet binary v1.36.1 became v1.36.2, which may be"
                + " why");
  }
}
