package dev.retune.e2e.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.retune.agent.core.Ending;
import dev.retune.agent.node.ServiceManager.State;
import dev.retune.agent.node.SystemdServiceManager;
import dev.retune.e2e.machine.Machine;
import dev.retune.e2e.machine.MachineSpec;
import dev.retune.e2e.machine.NeedsMachine;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each test has a unit of its own on one machine. */
@NeedsMachine
class SystemdServiceManagerTest {

  private static final Machine MACHINE = Machine.create(MachineSpec.named("systemd"));

  @BeforeAll
  static void boot() {
    MACHINE.boot();
  }

  @AfterAll
  static void close() {
    MACHINE.close();
  }

  private static SystemdServiceManager unit(String name, String script, String service) {
    MACHINE.write("/usr/local/bin/" + name, "#!/bin/sh\n" + script, "rwxr-xr-x");
    MACHINE.write(
        "/etc/systemd/system/" + name + ".service",
        "[Service]\nExecStart=/usr/local/bin/" + name + "\n" + service);
    MACHINE.must("systemctl", "daemon-reload");
    return new SystemdServiceManager(MACHINE.enter(), name + ".service");
  }

  private static State until(SystemdServiceManager unit, Predicate<State> wanted) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(unit::state, wanted);
  }

  @Test
  @DisplayName(
      "AGENT-10 a restart starts a stopped unit, and gives a running one a new main process")
  void restart() throws Exception {
    SystemdServiceManager unit =
        unit("steady", "echo hello; exec sleep 1000\n", "Restart=always\n");
    assertThat(unit.state().mainPid()).isEmpty();
    assertThat(unit.state().service().down()).isFalse();

    unit.restart();
    State first = unit.state();
    assertThat(first.service().activeState()).isEqualTo("active");
    assertThat(first.service().last()).isEqualTo(Ending.NONE);
    assertThat(first.service().invocation()).hasSize(32);
    assertThat(first.mainPid()).isPresent();
    await().until(() -> unit.lastLines(5).equals(List.of("hello")));

    unit.restart();
    assertThat(unit.state().mainPid()).isPresent().isNotEqualTo(first.mainPid());
    assertThat(unit.state().service().restarts()).isZero();
    assertThat(unit.state().service().invocation()).isNotEqualTo(first.service().invocation());
    assertThat(unit.state().service().definition()).isEqualTo(first.service().definition());
  }

  @Test
  @DisplayName(
      "AGENT-13 a crash loop shows its exit status, its count and the lines of the start that failed")
  void crashLoop() throws Exception {
    SystemdServiceManager unit =
        unit(
            "crashing",
            """
            if [ -e /run/good ]; then echo good; exec sleep 1000; fi
            echo starting; echo 'cannot reserve "bogus" resource' >&2; exit 3
            """,
            "Restart=always\nRestartSec=1\nStartLimitInterval=0\n");
    unit.restart();

    State down = until(unit, state -> state.service().down());
    assertThat(down.service().subState()).isEqualTo("auto-restart");
    assertThat(down.service().ending()).isEqualTo("exit status 3");
    await()
        .untilAsserted(() ->
            assertThat(unit.lastLines(20))
                .containsExactly("starting", "cannot reserve \"bogus\" resource"));
    assertThat(unit.lastLines(1)).containsExactly("cannot reserve \"bogus\" resource");

    until(unit, state -> state.service().restarts() >= 2);
    MACHINE.write("/run/good", "");
    State well = until(unit, state -> state.service().subState().equals("running"));
    assertThat(well.service().restarts()).isGreaterThanOrEqualTo(2);
    await().until(() -> MACHINE.journal("crashing").contains("good"));
    assertThat(unit.lastLines(20)).as("still those of the failure").contains("starting");

    unit.restart();
    await().untilAsserted(() -> assertThat(unit.lastLines(20)).containsExactly("good"));
    assertThat(unit.state().service().restarts()).isZero();
  }

  @Test
  @DisplayName(
      "AGENT-13 a unit that systemd no longer starts because it crashed too often is started all the same")
  void startLimit() throws Exception {
    SystemdServiceManager unit =
        unit(
            "limited",
            "[ -e /run/limited-good ] && exec sleep 1000; exit 1\n",
            "Restart=always\nRestartSec=300ms\n[Unit]\nStartLimitIntervalSec=300\nStartLimitBurst=3\n");
    unit.restart();
    State failed = until(unit, state -> state.service().activeState().equals("failed"));
    assertThat(failed.service().down()).isTrue();

    MACHINE.write("/run/limited-good", "");
    unit.restart();
    assertThat(unit.state().service().subState()).isEqualTo("running");
  }

  @Test
  @DisplayName("AGENT-10 more restarts than the unit's start limit allows are made all the same")
  void manyRestarts() throws Exception {
    SystemdServiceManager unit = unit("often", "exec sleep 1000\n", "Restart=always\n");
    for (int i = 0; i < 12; i++) {
      unit.restart();
      assertThat(unit.state().service().subState()).isEqualTo("running");
    }
  }

  @Test
  @DisplayName("AGENT-13 signals and stops by a person are told apart from exits")
  void endings() throws Exception {
    SystemdServiceManager unit = unit("killed", "exec sleep 1000\n", "Restart=no\n");
    unit.restart();
    MACHINE.must("systemctl", "kill", "--signal=SEGV", "killed.service");
    State killed = until(unit, state -> state.mainPid().isEmpty());
    assertThat(killed.service().down()).isTrue();
    assertThat(killed.service().ending()).startsWith("signal 11");

    unit.restart();
    MACHINE.must("systemctl", "stop", "killed.service");
    assertThat(unit.state().service().down()).isFalse();
  }

  @Test
  @DisplayName("AGENT-10 a unit that does not exist, and one that cannot start, say so")
  void failures() throws Exception {
    SystemdServiceManager absent = new SystemdServiceManager(MACHINE.enter(), "absent.service");
    assertThat(absent.state().service().loadState()).isEqualTo("not-found");
    assertThat(absent.state().mainPid()).isEmpty();
    assertThatThrownBy(absent::restart).isInstanceOf(IOException.class);

    SystemdServiceManager refusing = unit("refusing", "exit 0\n", "ExecStartPre=/bin/false\n");
    assertThatThrownBy(refusing::restart)
        .hasMessageContaining("systemctl restart refusing.service");
  }
}
