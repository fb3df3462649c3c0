package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.e2e.machine.NeedsMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dead man's switch on a real systemd, without any agent. */
@NeedsMachine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadMansSwitchTest {
  private static final String GOOD = SwitchHand.path("good");
  private static final String BAD = SwitchHand.path("bad");

  private SwitchMachine node;

  @BeforeAll
  void boot() throws Exception {
    node = SwitchMachine.boot("switch");
  }

  @BeforeEach
  void reset() {
    node.reset();
  }

  @AfterAll
  void shutDown() {
    node.close();
  }

  @Test
  @DisplayName(
      "AGENT-15 fires at its deadline to the tenth of a second, and says what it did and saw")
  void fires() {
    List<Long> late = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      node.reset();
      node.activateBad("good");
      node.awaitRuns(GOOD);
      node.awaitTaken();
      Duration took =
          node.when("retune-way-back.service", "ExecMainStartTimestampMonotonic")
              .minus(node.when("retune-way-back.timer", "ActiveEnterTimestampMonotonic"));
      late.add(took.minus(SwitchMachine.DEADLINE).toMillis());
    }
    System.out.printf("measured: the switch started %s ms after its deadline%n", late);
    assertThat(late).allMatch(ms -> ms >= 0 && ms < 300);

    assertThat(node.hand("tell:"))
        .startsWith("false Optional[Taken[undone=undone-hash, bootId=")
        .contains("went back to " + GOOD + "; before: Result=exit-code")
        .contains("ExecMainStatus=3");
    assertThat(node.machine().read(SwitchMachine.AGENT + "/kubelet.env")).contains(GOOD);
    assertThat(node.machine().exists("/run/retune/kubelet.env")).isFalse();
  }

  @Test
  @DisplayName("AGENT-15 pushed forward it does not fire; disarmed neither; a push costs little")
  void pushed() throws Exception {
    node.activateBad("local");
    long start = System.nanoTime();
    List<Long> costs = new ArrayList<>();
    while (System.nanoTime() - start < SwitchMachine.DEADLINE.multipliedBy(2).toNanos()) {
      long before = System.nanoTime();
      node.shell("systemctl restart retune-way-back.timer");
      costs.add(Duration.ofNanos(System.nanoTime() - before).toMillis());
      Thread.sleep(500);
    }
    System.out.printf("measured: a push takes %s ms, with the way into the machine%n", costs);
    assertThat(node.read("/run/kubelet-started")).isEqualTo(BAD);
    assertThat(node.machine().exists("/run/retune/taken")).isFalse();

    node.hand("disarm:");
    Thread.sleep(SwitchMachine.DEADLINE.plusMillis(500));
    assertThat(node.read("/run/kubelet-started")).isEqualTo(BAD);
    assertThat(node.machine().property("retune-way-back.timer", "ActiveState"))
        .isEqualTo("inactive");
    assertThat(node.machine().read("/proc/1/comm").strip()).isEqualTo("systemd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "good"})
  @DisplayName("AGENT-8, -15 the other words of KUBELET_CONFIG_ARGS go through systemd unharmed")
  void oddWords(String wayBack) {
    node.activateBad(wayBack);
    SwitchMachine.patiently("the kubelet is started with the bad config")
        .until(() -> node.read("/run/kubelet-started").equals(BAD));
    assertThat(node.read("/run/kubelet-arguments").lines())
        .contains("--config=" + BAD, SwitchHand.ODD_WORD);
    // Where the directory is read-only the override has them.
    node.shell(
        "mount --bind %1$s %1$s && mount -o remount,ro,bind %1$s".formatted(SwitchMachine.AGENT));
    node.awaitRuns(wayBack.equals("local") ? SwitchMachine.LOCAL : GOOD);
    assertThat(node.read("/run/kubelet-arguments").lines()).contains(SwitchHand.ODD_WORD);
  }

  @Test
  @DisplayName("AGENT-15 pulled it goes back at once, and returns when it is done")
  void pulled() {
    node.activateBad("good");
    long before = System.nanoTime();
    node.hand("push:", "pull:", "tell:");
    System.out.printf(
        "measured: a pull took %d ms, with a JVM's start%n",
        Duration.ofNanos(System.nanoTime() - before).toMillis());
    assertThat(node.read("/run/kubelet-started")).isEqualTo(GOOD);
    node.awaitRuns(GOOD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "good"})
  @DisplayName("AGENT-15 the agent's directory deleted: back all the same, also after a boot")
  void directoryDeleted(String wayBack) {
    node.activateBad(wayBack);
    node.shell("rm -rf " + SwitchMachine.AGENT);

    String target = wayBack.equals("local") ? SwitchMachine.LOCAL : copy();
    node.awaitRuns(target);
    node.awaitTaken();
    assertThat(node.armed()).isFalse();
    node.machine().cutPower();
    node.machine().boot();
    node.awaitRuns(target);
    assertThat(node.hand("tell:")).startsWith("false Optional[Taken[undone=undone-hash");
  }

  /** The copy of the way back's document. */
  private String copy() {
    return SwitchMachine.HOME
        + "/"
        + node.machine()
            .must("sh", "-c", "ls " + SwitchMachine.HOME + " | grep -E '^[0-9a-f]{64}$'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "good"})
  @DisplayName("AGENT-15 a read-only disk: back now, and back again after each boot")
  void readOnly(String wayBack) {
    node.activateBad(wayBack);
    node.machine()
        .write(
            "/etc/fstab",
            """
            %1$s %1$s none bind,ro
            %2$s %2$s none bind,ro
            """
                .formatted(SwitchMachine.AGENT, SwitchMachine.HOME));
    node.shell("mount " + SwitchMachine.AGENT + " && mount " + SwitchMachine.HOME);
    assertThat(node.machine().exec("touch", SwitchMachine.AGENT + "/x").exitCode()).isNotZero();

    String target = wayBack.equals("local") ? SwitchMachine.LOCAL : GOOD;
    node.awaitRuns(target);
    node.awaitTaken();
    assertThat(node.armed()).isTrue();
    assertThat(node.machine().read("/run/retune/kubelet.env")).contains(target);
    assertThat(node.hand("tell:"))
        .startsWith("true Optional[Taken[undone=undone-hash")
        .contains("by /run/retune/kubelet.env");

    node.machine().cutPower();
    Duration boot = node.machine().boot();
    long start = System.nanoTime();
    node.awaitRuns(target);
    System.out.printf(
        "measured: on a read-only disk after a boot of %d ms: back on %s %d ms later%n",
        boot.toMillis(), wayBack, Duration.ofNanos(System.nanoTime() - start).toMillis());
    // Once there is something to write to, an agent's activation takes the override away.
    node.awaitTaken();
    node.shell("umount " + SwitchMachine.AGENT + " && umount " + SwitchMachine.HOME);
    node.hand("activate:" + wayBack, "disarm:");
    node.restart();
    node.awaitRuns(target);
    assertThat(node.machine().exists("/run/retune/kubelet.env")).isFalse();
    assertThat(node.hand("tell:")).isEqualTo("false Optional.empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "good"})
  @DisplayName("AGENT-15 a full disk: back, and what was prepared needs no room")
  void diskFull(String wayBack) {
    node.shell(
        "mount -t tmpfs -o size=256k,mode=700 tmpfs %1$s && mount -t tmpfs -o size=256k,mode=700 tmpfs %2$s"
            .formatted(SwitchMachine.AGENT, SwitchMachine.HOME));
    node.activateBad(wayBack);
    for (String full : List.of(SwitchMachine.AGENT, SwitchMachine.HOME)) {
      node.machine().exec("sh", "-c", "cat /dev/zero >" + full + "/filler");
      assertThat(node.machine().exec("sh", "-c", "echo x >" + full + "/x").exitCode()).isNotZero();
    }

    node.awaitRuns(wayBack.equals("local") ? SwitchMachine.LOCAL : GOOD);
    node.awaitTaken();
    assertThat(node.machine().exists("/run/retune/kubelet.env")).as("on disk").isFalse();
    assertThat(node.armed()).isFalse();
    node.shell("rm /run/retune/taken");
    assertThat(node.hand("tell:"))
        .as("the note that needs no room")
        .startsWith("false Optional[Taken[undone=undone-hash");
  }

  @Test
  @DisplayName("AGENT-15 a checkpoint that was damaged is not gone back to: its copy is")
  void checkpointDamaged() {
    node.activateBad("good");
    node.machine().write(GOOD, "crash\n");
    node.awaitRuns(copy());
    node.awaitTaken();
    assertThat(node.machine().read(SwitchMachine.AGENT + "/kubelet.env")).contains(copy());
  }

  @Test
  @DisplayName(
      "AGENT-15, -20 with original and copy damaged, or the way back itself: the local config")
  void everythingDamaged() {
    node.activateBad("good");
    node.machine().write(GOOD, "crash\n");
    node.machine().write(copy(), "crash\n");
    node.awaitRuns(SwitchMachine.LOCAL);

    node.reset();
    node.activateBad("good");
    node.machine().write(SwitchMachine.HOME + "/armed", "format 1\nundoes x\n");
    node.awaitRuns(SwitchMachine.LOCAL);
  }

  @Test
  @DisplayName(
      "AGENT-15 a reboot while armed: the clock counts anew, and once; nothing armed, no more")
  void reboot() throws Exception {
    node.activateBad("good");
    node.machine().cutPower();
    node.machine().boot();
    long start = System.nanoTime();
    node.awaitRuns(GOOD);
    System.out.printf(
        "measured: after a boot while armed: back on last known good %d ms after it%n",
        Duration.ofNanos(System.nanoTime() - start).toMillis());
    node.awaitTaken();

    node.machine().cutPower();
    node.machine().boot();
    node.awaitRuns(GOOD);
    String pid = node.machine().property("kubelet.service", "MainPID");
    Thread.sleep(SwitchMachine.DEADLINE.plusSeconds(1));
    assertThat(node.machine().property("retune-way-back.timer", "SubState")).isEqualTo("elapsed");
    assertThat(node.machine().property("retune-way-back.service", "ConditionResult"))
        .isEqualTo("no");
    assertThat(node.machine().property("kubelet.service", "MainPID")).isEqualTo(pid);
    assertThat(node.hand("tell:")).startsWith("false Optional[Taken[undone=undone-hash");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[Service]\nRestart=on-failure\nRestartSec=100ms\n[Unit]\nStartLimitIntervalSec=300\nStartLimitBurst=3\n",
        "[Service]\nRestart=no\n"
      })
  @DisplayName("AGENT-15 a unit that systemd starts no more, or never again, is started")
  void startLimit(String unit) {
    node.machine().write("/etc/systemd/system/kubelet.service.d/50-test.conf", unit);
    node.shell("systemctl daemon-reload");
    node.activateBad("local");
    node.awaitRuns(SwitchMachine.LOCAL);
  }

  @Test
  @DisplayName(
      "AGENT-15, -18 the state file that was set aside is put back; one that was not there goes")
  void stateFiles() {
    String state = node.state();
    node.hand("save:good", "save:static:policy-static", "activate:good", "arm:good");
    // As the agent does it: stop, set aside, start.
    node.shell("systemctl stop kubelet; mv %1$s %1$s.before-retune".formatted(state));
    node.hand("activate:static:policy-static");
    node.restart();
    node.awaitRuns(SwitchHand.path("static"));
    assertThat(node.read(state)).isEqualTo("static");

    node.awaitRuns(GOOD);
    node.awaitTaken();
    assertThat(node.read(state)).isEqualTo("none");
    assertThat(node.machine().exists(state + ".before-retune")).isFalse();

    node.hand("arm:good", "activate:static:policy-static");
    node.shell("systemctl stop kubelet; rm %1$s; : >%1$s.before-retune".formatted(state));
    node.restart();
    node.awaitRuns(SwitchHand.path("static"));
    node.awaitRuns(GOOD);
    node.awaitTaken();
    assertThat(node.machine().exists(state + ".before-retune")).isFalse();
  }

  @Test
  @DisplayName(
      "AGENT-15 nobody can set its clock: the kernel's timer behind it is CLOCK_MONOTONIC's")
  void clock() {
    node.hand("save:good", "activate:good", "arm:good");
    assertThat(node.machine().property("retune-way-back.timer", "TimersMonotonic"))
        .contains("OnActiveUSec=2s");
    assertThat(node.machine().property("retune-way-back.timer", "TimersCalendar")).isEmpty();
    // fdinfo of timerfd, proc(5): clockid 1 is CLOCK_MONOTONIC; it_value is what is left of it.
    String armed =
        node.machine()
            .must(
                "sh",
                "-c",
                "systemctl restart retune-way-back.timer; grep -lE '^it_value: \\((1|2), ' /proc/1/fdinfo/* | xargs grep -h ^clockid | sort -u");
    assertThat(armed).isEqualTo("clockid: 1");
  }
}
