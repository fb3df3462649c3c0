package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.Observation.Service;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExitsTest {
  private static Service running(long restarts) {
    return new Service("active", "running", "success", 0, restarts);
  }

  private static Service waiting(String result, long restarts) {
    return new Service("activating", "auto-restart", result, 1, restarts);
  }

  private static long failed(Service... looks) {
    var exits = Exits.NONE;
    for (Service look : looks) {
      exits = exits.seen(look);
    }
    return exits.failed();
  }

  @Test
  @DisplayName("AGENT-13 an end is counted once, whether it is seen while down, afterwards or both")
  void once() {
    assertThat(failed(running(0), waiting("exit-code", 0))).isEqualTo(1);
    assertThat(failed(running(0), running(1))).isEqualTo(1);
    assertThat(failed(running(0), waiting("exit-code", 0), waiting("exit-code", 0), running(1)))
        .isEqualTo(1);
    assertThat(failed(waiting("exit-code", 0), running(1))).isEqualTo(1);
    assertThat(failed(running(0), running(3), waiting("signal", 3))).isEqualTo(4);
  }

  @Test
  @DisplayName("AGENT-13 NRestarts may be raised while the unit still waits: that is the same end")
  void raisedEarly() {
    assertThat(failed(running(0), waiting("exit-code", 0), waiting("exit-code", 1), running(1)))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("AGENT-13 a restart by a person sets NRestarts to nought and is no end")
  void byHand() {
    assertThat(failed(running(0), running(0), running(0))).isZero();
    assertThat(failed(running(2), running(0))).isZero();
    assertThat(failed(running(2), running(0), running(1))).isEqualTo(1);
    assertThat(failed(running(0), waiting("exit-code", 0), running(0))).isEqualTo(1);
  }

  @Test
  @DisplayName("AGENT-13 what NRestarts was before the restart does not count, in a later boot too")
  void before() {
    assertThat(failed(running(7), running(7))).isZero();
    assertThat(
            Exits.NONE
                .notCounting(waiting("exit-code", 2))
                .seen(waiting("exit-code", 2))
                .seen(running(3))
                .failed())
        .isZero();
  }

  @Test
  @DisplayName("AGENT-13 one kill for want of memory is excused, whenever it is")
  void memory() {
    assertThat(failed(running(0), waiting("oom-kill", 0), running(1))).isZero();
    assertThat(failed(running(0), waiting("oom-kill", 0), running(1), waiting("oom-kill", 1)))
        .isEqualTo(1);
    assertThat(failed(running(0), waiting("oom-kill", 0), running(1), waiting("exit-code", 1)))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("AGENT-13 a unit that cannot be read for a moment tells nothing")
  void unknown() {
    assertThat(failed(running(3), Service.UNKNOWN, running(3))).isZero();
  }
}
