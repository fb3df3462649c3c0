package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import dev.retune.e2e.machine.NeedsMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsMachine
class UninstallTest {
  @TempDir Path directory;

  @Test
  @DisplayName(
      "AGENT-8 retune node uninstall leaves the kubelet on its local config, also after a boot")
  void uninstall() throws Exception {
    try (var fixture = NodeFixture.boot(directory, "leaving")) {
      var admin = fixture.admin();
      var node = fixture.node();
      var machine = node.machine();
      admin.register(node, Duration.ofMinutes(10), OnInvalid.KeepActive);
      admin.putConfigMap("assigned", Documents.correct(77));
      admin.assign(node, "assigned", Admin.KEY);
      admin.awaitPhase(node, Phase.Trial);
      assertThat(machine.exists("/var/lib/retune-way-back/armed")).isTrue();

      machine.must("retune", "node", "uninstall");

      node.awaitHealthy();
      assertThat(admin.configz(node)).containsEntry("maxPods", (long) Documents.LOCAL_PODS);
      assertThat(machine.exists("/var/lib/retune")).isFalse();
      for (String ofTheSwitch :
          List.of(
              "/var/lib/retune-way-back",
              "/run/retune",
              "/etc/retune",
              "/etc/systemd/system/retune-way-back.timer",
              "/etc/systemd/system/retune-way-back.service")) {
        assertThat(machine.exists(ofTheSwitch)).as(ofTheSwitch).isFalse();
      }
      assertThat(machine.exists("/etc/systemd/system/retune-agent.service")).isFalse();
      assertThat(machine.exists("/etc/systemd/system/kubelet.service.d")).isFalse();
      machine.cutPower();
      machine.boot();
      node.awaitHealthy();
      assertThat(machine.must("systemctl", "is-system-running")).isEqualTo("running");
    }
  }
}
