package dev.retune.e2e.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@NeedsMachine
class MachineTest {

  @Test
  @DisplayName(
      "A machine boots, runs commands, keeps its disk over a power cut and is fresh when made again")
  void lifeOfAMachine() {
    try (Machine machine = Machine.create(MachineSpec.named("one"))) {
      Duration boot = machine.boot();
      System.out.printf("machine: boots in %d ms%n", boot.toMillis());

      assertThat(machine.must("hostname")).isEqualTo("one");
      assertThat(machine.must("systemctl", "is-system-running")).isEqualTo("running");
      assertThat(machine.must("cat", "/proc/1/comm")).isEqualTo("systemd");
      assertThat(machine.must("systemctl", "--version")).startsWith("systemd 252");
      String firstBoot = machine.must("cat", "/proc/1/stat");

      machine.write("/etc/kept", "kept\n");
      machine.cutPower();
      assertThat(machine.isRunning()).isFalse();
      assertThat(machine.read("/etc/kept")).isEqualTo("kept\n");

      machine.boot();
      assertThat(machine.must("cat", "/etc/kept")).isEqualTo("kept");
      assertThat(machine.must("cat", "/proc/1/stat")).isNotEqualTo(firstBoot);
      machine.shutDown();
      assertThat(machine.console()).contains("Halting system");
    }
    try (Machine machine = Machine.create(MachineSpec.named("one"))) {
      assertThat(machine.exists("/etc/kept")).isFalse();
    }
  }

  @Test
  @DisplayName("Two machines run at once and see nothing of each other")
  void twoAtOnce() {
    try (Machine one = Machine.create(MachineSpec.named("one"));
        Machine two = Machine.create(MachineSpec.named("two"))) {
      one.boot();
      two.boot();
      one.must("systemd-run", "--unit=only-here", "--remain-after-exit", "true");

      assertThat(one.property("only-here", "LoadState")).isEqualTo("loaded");
      assertThat(two.property("only-here", "LoadState")).isEqualTo("not-found");
      two.cutPower();
      assertThat(one.must("systemctl", "is-system-running")).isEqualTo("running");
    }
  }
}
