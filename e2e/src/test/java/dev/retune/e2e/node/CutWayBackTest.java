package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.e2e.machine.NeedsMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The script is killed, or the power cut, after each single command that it runs. Its commands are
 * wrapped: each is counted when it is done, and at one number the script is gone.
 */
@NeedsMachine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CutWayBackTest {
  private static final String GOOD = SwitchHand.path("good");
  private static final String COMMANDS =
      "cat mv rm cp mkdir sync cut sha256sum systemctl timeout tr";
  private static final String WRAPPER =
      """
      #!/bin/sh
      PATH=/usr/bin:/bin
      if [ "${0##*/}" = cat ] && [ "$#" -eq 0 ]; then cat; else "${0##*/}" "$@"; fi
      status=$?
      printf x >>/var/tmp/done
      if [ "$(stat -c %s /var/tmp/done)" = "$(cat /var/tmp/cut)" ]; then
        echo "${0##*/} $*" >/var/tmp/cut-after
        echo cut >/run/cut
        [ -e /var/tmp/by-power ] && exec sleep infinity
        systemctl kill --signal=KILL retune-way-back.service
      fi
      exit $status
      """;

  private SwitchMachine node;

  @BeforeAll
  void boot() throws Exception {
    node = SwitchMachine.boot("cut");
    var machine = node.machine();
    for (String command : COMMANDS.split(" ", -1)) {
      machine.write("/opt/wrapped/" + command, WRAPPER, "rwxr-xr-x");
    }
    machine.write(
        "/etc/systemd/system/retune-way-back.service.d/wrapped.conf",
        "[Service]\nEnvironment=PATH=/opt/wrapped:/usr/sbin:/usr/bin:/sbin:/bin\n");
    machine.write("/var/tmp/cut", "0");
    node.reset();
    prepare();
  }

  @AfterAll
  void shutDown() {
    node.close();
  }

  /** A node whose bad config needed the state file set aside, kept to be laid out again. */
  private void prepare() {
    node.hand("save:good", "save:bad:crash", "activate:good", "arm:good", "activate:bad:crash");
    node.shell(
        """
        systemctl stop retune-way-back.timer kubelet
        mv /var/lib/kubelet/cpu_manager_state /var/lib/kubelet/cpu_manager_state.before-retune
        echo static >/var/lib/kubelet/cpu_manager_state
        mkdir /srv/before
        cp -a /var/lib/retune /var/lib/retune-way-back /var/lib/kubelet /srv/before
        """);
  }

  private void layOut(int cut) {
    node.shell(
        """
        systemctl stop retune-way-back.timer retune-way-back.service kubelet
        rm -rf /var/lib/retune /var/lib/retune-way-back /var/lib/kubelet /run/retune /run/kubelet-* /run/cut
        cp -a /srv/before/. /var/lib
        : >/var/tmp/done; echo %d >/var/tmp/cut; : >/var/tmp/cut-after
        systemctl reset-failed
        systemctl start kubelet
        """
            .formatted(cut));
  }

  @Test
  @DisplayName(
      "AGENT-15, -20 killed after each of its commands and started again: the old config, complete")
  void killed() {
    List<String> after = new ArrayList<>();
    for (int cut = 1; ; cut++) {
      layOut(cut);
      node.shell("systemctl start retune-way-back.service");
      assertBack("killed after command " + cut);
      String last = node.machine().read("/var/tmp/cut-after").strip();
      if (last.isEmpty()) {
        break;
      }
      after.add(last);
    }
    System.out.printf("the script was killed after each of %d commands:%n", after.size());
    after.forEach(command -> System.out.println("  " + command));
    assertThat(after).hasSizeGreaterThan(20);
    assertThat(after).anyMatch(command -> command.startsWith("systemctl restart kubelet"));
  }

  @Test
  @DisplayName(
      "AGENT-15, -20 the power cut after every third of its commands: the old config, complete")
  void powerCut() {
    node.machine().write("/var/tmp/by-power", "");
    List<Long> back = new ArrayList<>();
    for (int cut = 1; ; cut += 3) {
      layOut(cut);
      node.shell("systemctl start retune-way-back.service");
      SwitchMachine.patiently("the power to be cut at, or the end")
          .until(() -> node.machine().exists("/run/cut") || !node.armed());
      if (!node.machine().exists("/run/cut")) {
        break;
      }
      node.machine().cutPower();
      node.machine().boot();
      long start = System.nanoTime();
      assertBack("power cut after command " + cut);
      back.add(Duration.ofNanos(System.nanoTime() - start).toMillis());
    }
    System.out.printf(
        "measured: back after a boot, power cut at each third command: %s ms%n", back);
    assertThat(back).hasSizeGreaterThan(7);
  }

  private void assertBack(String when) {
    SwitchMachine.patiently(when + ": the end")
        .until(() ->
            !node.armed()
                && node.machine()
                    .property("retune-way-back.service", "ActiveState")
                    .equals("inactive"));
    node.awaitRuns(GOOD);
    assertThat(node.machine().read(SwitchMachine.AGENT + "/kubelet.env")).as(when).contains(GOOD);
    assertThat(node.machine().read(GOOD)).as(when).isEqualTo("good\n");
    assertThat(node.read(node.state())).as(when).isEqualTo("none");
    assertThat(node.machine().exists(node.state() + ".before-retune")).as(when).isFalse();
    assertThat(node.machine().exists("/run/retune/kubelet.env")).as(when).isFalse();
    assertThat(node.machine().read(SwitchMachine.HOME + "/taken"))
        .as(when)
        .startsWith("undone undone-hash\n")
        .endsWith("\nend\n");
  }
}
