package dev.retune.e2e.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@NeedsMachine
@EnabledIfEnvironmentVariable(named = "RETUNE_E2E_KUBELET", matches = ".+")
class RealKubeletMachineTest {

  @Test
  @DisplayName(
      "A machine for a real kubelet has what it looks for: containerd, cgroups and kernel settings it may write")
  void containerRuntime() {
    try (Machine machine = Machine.create(MachineSpec.named("real").withRealKubelet())) {
      machine.boot();
      Awaitility.await("containerd")
          .atMost(Duration.ofSeconds(30))
          .until(() -> machine.property("containerd.service", "SubState").equals("running"));
      assertThat(machine.must("ctr", "version")).contains("Server:");
      machine.must("test", "-w", "/proc/sys/vm/overcommit_memory");
      machine.must("test", "-c", "/dev/kmsg");
      machine.must("mkdir", "/sys/fs/cgroup/kubepods");
    }
  }
}
