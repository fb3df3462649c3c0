package dev.retune.kubelet.start;

import static dev.retune.kubelet.start.Starts.fields;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.NodeFacts;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kubelet finds out when it starts, with what is known of its node. */
class NodeTest {

  private static final NodeFacts NODE =
      NodeFacts.UNKNOWN
          .withCapacity("cpu", "4")
          .withCapacity("memory", "16Gi")
          .withCapacity("ephemeral-storage", "100Gi")
          .withNumaNodes(Set.of(0, 1))
          .withInhibitDelay(Duration.ofSeconds(5));

  @Test
  @DisplayName("AGENT-6 Reservations above what the node has end the kubelet, eviction included")
  void capacity() {
    assertThat(fields("kubeReserved: {memory: 900Gi}\n", 36, NODE))
        .containsExactly("kubeReserved[memory]");
    assertThat(
            fields(
                "systemReserved: {memory: 16Gi}\nevictionHard: {memory.available: 100Mi}\n",
                36,
                NODE))
        .containsExactly("systemReserved[memory]");
    assertThat(fields("systemReserved: {cpu: 2500m}\nkubeReserved: {cpu: 1600m}\n", 25, NODE))
        .containsExactly("systemReserved[cpu]");
    assertThat(fields("evictionHard: {nodefs.available: 200Gi}\n", 36, NODE))
        .containsExactly("evictionHard");
    assertThat(
            fields(
                "systemReserved: {memory: 15Gi}\nevictionHard: {memory.available: 5%}\n", 36, NODE))
        .isEmpty();
    assertThat(fields("kubeReserved: {memory: 900Gi}\n", 36, NodeFacts.UNKNOWN)).isEmpty();
    assertThat(fields("kubeReserved: {pid: \"99999999\"}\n", 36, NODE)).isEmpty();
  }

  @Test
  @DisplayName("AGENT-6 Reserved memory must add up to what is reserved and evicted at")
  void reservedMemory() {
    String reservations =
        """
        memoryManagerPolicy: Static
        systemReserved: {memory: 500Mi}
        kubeReserved: {memory: 424Mi}
        evictionHard: {memory.available: 100Mi}
        """;

    assertThat(
            fields(
                reservations + "reservedMemory: [{numaNode: 0, limits: {memory: 1Gi}}]\n",
                36,
                NODE))
        .isEmpty();
    assertThat(
            fields(
                reservations
                    + "reservedMemory: [{numaNode: 0, limits: {memory: 512Mi}},"
                    + " {numaNode: 1, limits: {memory: 512Mi}}]\n",
                36,
                NODE))
        .isEmpty();
    assertThat(
            fields(
                reservations + "reservedMemory: [{numaNode: 0, limits: {memory: 2Gi}}]\n",
                36,
                NODE))
        .containsExactly("reservedMemory");
    assertThat(fields(reservations, 36, NODE)).containsExactly("reservedMemory");
    assertThat(
            fields(
                reservations + "reservedMemory: [{numaNode: 4, limits: {memory: 1Gi}}]\n",
                36,
                NODE))
        .containsExactly("reservedMemory[0].numaNode");
    assertThat(fields("reservedMemory: [{numaNode: 0, limits: {memory: 2Gi}}]\n", 36, NODE))
        .isEmpty();
    assertThat(
            fields(
                reservations.replace("100Mi", "10%")
                    + "reservedMemory: [{numaNode: 0, limits: {memory: 1Gi}}]\n",
                36,
                NodeFacts.UNKNOWN))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kernel.msgmax",
        "kernel.shm*",
        "net.core.somaxconn",
        "net.*",
        "fs.mqueue.*",
        "net/ipv4/conf/eno2.100/rp_filter",
        "kernel.sem"
      })
  @DisplayName("AGENT-6 Namespaced sysctls and prefixes of them may be allowed")
  void sysctls(String sysctl) {
    assertThat(fields("allowedUnsafeSysctls: ['" + sysctl + "']\n", 36, NODE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vm.swappiness",
        "kernel.*",
        "*",
        "net.*.x",
        "Net.core.somaxconn",
        "",
        "foo bar",
        "kernel.shmall.x"
      })
  @DisplayName("AGENT-6 Other sysctls and bad patterns end the kubelet")
  void badSysctls(String sysctl) {
    assertThat(fields("allowedUnsafeSysctls: ['" + sysctl + "']\n", 36, NODE))
        .containsExactly("allowedUnsafeSysctls[0]");
  }

  @Test
  @DisplayName("AGENT-18 The static CPU policy needs CPU kept for the system, and known options")
  void cpuManager() {
    assertThat(fields("cpuManagerPolicy: static\n", 36, NODE)).containsExactly("cpuManagerPolicy");
    assertThat(fields("cpuManagerPolicy: static\nreservedSystemCPUs: '0'\n", 36, NODE)).isEmpty();
    String options =
        "cpuManagerPolicy: static\nkubeReserved: {cpu: 500m}\ncpuManagerPolicyOptions: ";
    assertThat(fields(options + "{full-pcpus-only: 'true'}\n", 25, NODE)).isEmpty();
    assertThat(fields(options + "{strict-cpu-reservation: 'true'}\n", 31, NODE))
        .containsExactly("cpuManagerPolicyOptions[strict-cpu-reservation]");
    assertThat(fields(options + "{strict-cpu-reservation: 'true'}\n", 32, NODE))
        .containsExactly("cpuManagerPolicyOptions[strict-cpu-reservation]");
    assertThat(fields(options + "{strict-cpu-reservation: 'true'}\n", 33, NODE)).isEmpty();
    assertThat(fields(options + "{full-pcpus-only: 'yes'}\n", 36, NODE)).hasSize(1);
    assertThat(fields("cpuManagerPolicyOptions: {full-pcpus-only: 'true'}\n", 36, NODE))
        .containsExactly("cpuManagerPolicyOptions");
  }

  @Test
  @DisplayName("AGENT-6 A grace period that logind does not wait for is told and refused by nobody")
  void shutdown() {
    assertThat(Starts.of("shutdownGracePeriod: 30s\n", 36, NODE))
        .singleElement()
        .satisfies(p -> {
          assertThat(p.exits()).isFalse();
          assertThat(p.complaint().message()).contains("30s", "5s", "InhibitDelayMaxSec");
        });
    assertThat(Starts.of("shutdownGracePeriod: 5s\n", 36, NODE)).isEmpty();
  }
}
