package dev.retune.e2e.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.retune.agent.core.Ending;
import dev.retune.agent.core.Ending.How;
import dev.retune.agent.core.Observation.Service;
import dev.retune.agent.node.SystemdServiceManager;
import dev.retune.e2e.machine.Machine;
import dev.retune.e2e.machine.MachineSpec;
import dev.retune.e2e.machine.NeedsMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a real systemd says of each way in which a unit can end: the second column of the tables in
 * {@code docs/attribution.md}.
 */
@NeedsMachine
class EndingsTest {
  private static final String STEADY = "exec sleep 1000\n";
  private static final String SLOW_RESTART = "Restart=always\nRestartSec=2\n";
  private static final Machine MACHINE = Machine.create(MachineSpec.named("endings"));

  @BeforeAll
  static void boot() {
    MACHINE.boot();
  }

  @AfterAll
  static void close() {
    MACHINE.close();
  }

  /** A unit that is enabled, as a kubelet's is: systemd forgets a stopped one that is not. */
  private static SystemdServiceManager unit(String name, String script, String service) {
    MACHINE.write("/usr/local/bin/" + name, "#!/bin/sh\n" + script, "rwxr-xr-x");
    MACHINE.write(
        "/etc/systemd/system/" + name + ".service",
        "[Service]\nExecStart=/usr/local/bin/"
            + name
            + "\n"
            + service
            + "\n[Install]\nWantedBy=multi-user.target\n");
    MACHINE.must("systemctl", "daemon-reload");
    MACHINE.must("systemctl", "enable", "--quiet", name);
    return new SystemdServiceManager(MACHINE.enter(), name + ".service");
  }

  private static SystemdServiceManager running(String name, String script, String service)
      throws Exception {
    var unit = unit(name, script, service);
    unit.restart();
    assertThat(unit.state().service().last()).isEqualTo(Ending.NONE);
    return unit;
  }

  private static Service until(SystemdServiceManager unit, Predicate<Service> wanted) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> unit.state().service(), wanted);
  }

  private static void kill(SystemdServiceManager unit, String signal) throws Exception {
    MACHINE.must("sh", "-c", "kill -" + signal + " " + unit.state().mainPid().orElseThrow());
  }

  private static Ending ending(String result, How how, int status) {
    return new Ending(result, how, status, false);
  }

  @Test
  @DisplayName("AGENT-13 systemd: kill -9 from outside")
  void killed() throws Exception {
    var unit = running("killed9", STEADY, SLOW_RESTART);
    kill(unit, "KILL");
    var down = until(unit, Service::down);
    assertThat(down.last()).isEqualTo(ending("signal", How.KILLED, 9));
    assertThat(down.subState()).isEqualTo("auto-restart");
  }

  @Test
  @DisplayName("AGENT-13 systemd: SIGTERM from outside, which a kubelet answers with exit status 0")
  void terminated() throws Exception {
    var unit = running("killed15", STEADY, SLOW_RESTART);
    kill(unit, "TERM");
    assertThat(until(unit, Service::down).last()).isEqualTo(ending("success", How.KILLED, 15));

    var graceful =
        running(
            "graceful",
            "trap 'exit 0' TERM\ntouch /run/trapped-graceful\nwhile :; do sleep 0.1; done\n",
            "Restart=on-failure\nRestartSec=2\n");
    await().until(() -> MACHINE.exists("/run/trapped-graceful"));
    kill(graceful, "TERM");
    var down = until(graceful, Service::down);
    assertThat(down.last()).isEqualTo(ending("success", How.EXITED, 0));
    assertThat(down.activeState()).as("nobody starts it again").isEqualTo("inactive");
  }

  @Test
  @DisplayName(
      "AGENT-13 systemd: systemctl stop, and restart, show who asked, whatever it exits with")
  void asked() throws Exception {
    var unit = running("stopped", STEADY, SLOW_RESTART);
    MACHINE.must("systemctl", "stop", "stopped");
    var stopped = unit.state().service();
    assertThat(stopped.stopped()).isTrue();
    assertThat(stopped.last()).isEqualTo(new Ending("success", How.KILLED, 15, true));

    var angry =
        running(
            "angry",
            "trap 'exit 3' TERM\ntouch /run/trapped-angry\nwhile :; do sleep 0.1; done\n",
            SLOW_RESTART);
    await().until(() -> MACHINE.exists("/run/trapped-angry"));
    MACHINE.must("systemctl", "stop", "angry");
    var failed = angry.state().service();
    assertThat(failed.activeState()).isEqualTo("failed");
    assertThat(failed.stopped()).isTrue();
    assertThat(failed.last()).isEqualTo(new Ending("exit-code", How.EXITED, 3, true));

    var deaf =
        running(
            "deaf",
            "trap '' TERM\ntouch /run/trapped-deaf\nwhile :; do sleep 0.1; done\n",
            SLOW_RESTART + "TimeoutStopSec=1\n");
    await().until(() -> MACHINE.exists("/run/trapped-deaf"));
    MACHINE.must("systemctl", "stop", "deaf");
    assertThat(deaf.state().service().last()).isEqualTo(new Ending("timeout", How.KILLED, 9, true));
    assertThat(deaf.state().service().stopped()).isTrue();
  }

  @Test
  @DisplayName("AGENT-13 systemd: stopped while it waits for its restart after a crash")
  void stoppedWhileWaiting() throws Exception {
    var unit = running("waits", STEADY, SLOW_RESTART);
    kill(unit, "SEGV");
    assertThat(until(unit, Service::down).last().status()).isEqualTo(11);
    MACHINE.must("systemctl", "stop", "waits");
    assertThat(unit.state().service().stopped()).isTrue();
    assertThat(unit.state().service().down()).isFalse();
  }

  @Test
  @DisplayName("AGENT-13 systemd: exit status 0 with Restart=on-failure stays down (awslabs#578)")
  void exitsCleanly() throws Exception {
    var unit = unit("once", "exit 0\n", "Restart=on-failure\nRestartSec=1\n");
    unit.restart();
    var down = until(unit, Service::down);
    assertThat(down.last()).isEqualTo(ending("success", How.EXITED, 0));
    assertThat(down.activeState()).isEqualTo("inactive");
    assertThat(down.stopped()).isFalse();
  }

  @Test
  @DisplayName("AGENT-13 systemd: no program to execute is exit status 203")
  void noProgram() throws Exception {
    var unit = running("upgraded", STEADY, SLOW_RESTART);
    MACHINE.must("mv", "/usr/local/bin/upgraded", "/usr/local/bin/upgraded.away");
    unit.restart();
    var down = until(unit, Service::down);
    assertThat(down.last()).isEqualTo(ending("exit-code", How.EXITED, 203));
    assertThat(down.ending()).contains("the program is missing or cannot be executed");
    MACHINE.must("mv", "/usr/local/bin/upgraded.away", "/usr/local/bin/upgraded");
    until(unit, service -> service.subState().equals("running"));
  }

  @Test
  @DisplayName("AGENT-13 systemd: a command before it, or a file of variables, that fails")
  void notPrepared() throws Exception {
    var before = unit("before", STEADY, SLOW_RESTART + "ExecStartPre=/bin/false\n");
    assertThatThrownBy(before::restart).isInstanceOf(IOException.class);
    assertThat(until(before, Service::down).last()).isEqualTo(ending("exit-code", How.NONE, 0));

    var variables = unit("variables", STEADY, SLOW_RESTART + "EnvironmentFile=/nope\n");
    assertThatThrownBy(variables::restart).isInstanceOf(IOException.class);
    assertThat(until(variables, Service::down).last()).isEqualTo(ending("resources", How.NONE, 0));
  }

  @Test
  @DisplayName(
      "AGENT-13 systemd: restarted by hand too often, it stays down and nobody is to blame")
  void startLimit() throws Exception {
    var unit = running("limit", STEADY, SLOW_RESTART);
    for (int i = 0; i < 7; i++) {
      MACHINE.exec("systemctl", "restart", "limit");
    }
    var down = unit.state().service();
    assertThat(down.activeState()).isEqualTo("failed");
    assertThat(down.last()).isEqualTo(new Ending("start-limit-hit", How.KILLED, 15, true));
    assertThat(down.down()).isTrue();
    unit.restart();
    assertThat(unit.state().service().subState()).isEqualTo("running");
  }

  @Test
  @DisplayName("AGENT-13 systemd: the watchdog, and a start that takes too long")
  void tooSlow() throws Exception {
    var watchdog =
        unit(
            "watchdog",
            "systemd-notify --ready\nexec sleep 1000\n",
            SLOW_RESTART + "Type=notify\nNotifyAccess=all\nWatchdogSec=500ms\n");
    watchdog.restart();
    assertThat(until(watchdog, Service::down).last()).isEqualTo(ending("watchdog", How.KILLED, 6));

    var slow = unit("slow", STEADY, SLOW_RESTART + "Type=notify\nTimeoutStartSec=500ms\n");
    assertThatThrownBy(slow::restart).isInstanceOf(IOException.class);
    assertThat(until(slow, Service::down).last()).isEqualTo(ending("timeout", How.KILLED, 15));
  }

  @Test
  @DisplayName("AGENT-13 systemd: masked, broken, gone, and waiting for a dependency that fails")
  void unusable() throws Exception {
    var masked = running("masked", STEADY, SLOW_RESTART);
    MACHINE.must(
        "mv", "/etc/systemd/system/masked.service", "/usr/lib/systemd/system/masked.service");
    MACHINE.must("systemctl", "mask", "--quiet", "masked");
    MACHINE.must("systemctl", "stop", "masked");
    assertThatThrownBy(masked::restart).isInstanceOf(IOException.class);
    assertThat(masked.state().service().loadState()).isEqualTo("masked");
    assertThat(masked.state().service().down()).isFalse();

    var broken = running("broken", STEADY, SLOW_RESTART);
    String definition = broken.state().service().definition();
    MACHINE.write(
        "/etc/systemd/system/broken.service.d/50.conf", "[Service]\nExecStart=/bin/true\n");
    MACHINE.must("systemctl", "daemon-reload");
    var refused = broken.state();
    assertThatThrownBy(broken::restart).isInstanceOf(IOException.class);
    assertThat(broken.state().mainPid()).as("it runs on").isEqualTo(refused.mainPid());
    assertThat(broken.state().service().loadState()).isEqualTo("bad-setting");
    assertThat(broken.state().service().definition()).isNotEqualTo(definition);

    MACHINE.write(
        "/etc/systemd/system/needed.service",
        "[Service]\nType=oneshot\nExecStart=/usr/bin/test -e /run/needed\n");
    MACHINE.write("/run/needed", "");
    var needs =
        running(
            "needs",
            STEADY,
            SLOW_RESTART + "[Unit]\nRequires=needed.service\nAfter=needed.service\n");
    MACHINE.must("rm", "/run/needed");
    assertThatThrownBy(needs::restart).isInstanceOf(IOException.class);
    assertThat(needs.state().service().stopped()).isTrue();
    assertThat(needs.state().service().down()).isFalse();
  }

  @Test
  @DisplayName("AGENT-13 systemd: an end that nobody looked at is found in its journal")
  void unseen() throws Exception {
    var unit = running("blink", STEADY, "Restart=always\nRestartSec=100ms\n");
    kill(unit, "KILL");
    MACHINE.must("sh", "-c", "until [ $(systemctl show blink -P NRestarts) = 1 ]; do :; done");
    var back = until(unit, service -> service.subState().equals("running"));
    assertThat(back.restarts()).isEqualTo(1);
    assertThat(back.before()).contains(ending("signal", How.KILLED, 9));
  }

  @Test
  @DisplayName(
      "AGENT-13 a kill for want of memory that systemd calls a signal is told as what it is")
  void outOfMemory() throws Exception {
    Path memory = Path.of("/sys/fs/cgroup/memory");
    Assumptions.assumeTrue(
        Files.exists(memory.resolve("memory.limit_in_bytes")),
        "the kernel's memory controller is not at " + memory);
    var unit =
        running(
            "eater",
            "until [ -e /run/eat ]; do sleep 0.05; done; exec tail /dev/zero\n",
            "Restart=always\nRestartSec=5\nOOMPolicy=continue\n");
    // systemd in the machine has no memory controller, so a group is put around the process here.
    Path group = Files.createDirectories(memory.resolve("retune-eater"));
    try {
      Files.writeString(group.resolve("memory.limit_in_bytes"), "20000000");
      Files.writeString(
          group.resolve("cgroup.procs"), hostPid(unit.state().mainPid().orElseThrow()));
      MACHINE.write("/run/eat", "");
      assertThat(until(unit, Service::down).last()).isEqualTo(ending("oom-kill", How.KILLED, 9));
      assertThat(MACHINE.property("eater", "Result")).as("what systemd says").isEqualTo("signal");
    } finally {
      MACHINE.must("systemctl", "stop", "eater");
      await().until(() -> group.toFile().delete());
    }
  }

  /** The process id that the host has for a process of the machine. */
  private static String hostPid(long inside) throws IOException {
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String status = Files.readString(process.resolve("status"));
        boolean ofMachine =
            status
                .lines()
                .anyMatch(line -> line.startsWith("NSpid:") && line.endsWith("\t" + inside));
        if (ofMachine && status.startsWith("Name:\teater")) {
          return process.getFileName().toString();
        }
      }
    }
    throw new IOException("no process " + inside);
  }
}
