package dev.retune.kubelet.start;

import static dev.retune.kubelet.start.StateFile.CPU_MANAGER;
import static dev.retune.kubelet.start.StateFile.MEMORY_MANAGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StateFilesTest {
  private static final String STATIC_CPU = "cpuManagerPolicy: static\n";
  private static final String STATIC_MEMORY = "memoryManagerPolicy: Static\n";

  @Test
  @DisplayName("AGENT-18 another policy does not go with the file it was not written under")
  void policies() {
    assertThat(affected("", STATIC_CPU + "reservedSystemCPUs: '0'\n")).containsExactly(CPU_MANAGER);
    assertThat(affected(STATIC_CPU + "reservedSystemCPUs: '0'\n", "")).containsExactly(CPU_MANAGER);
    assertThat(affected("", STATIC_MEMORY)).containsExactly(MEMORY_MANAGER);
    assertThat(affected("cpuManagerPolicy: none\nmemoryManagerPolicy: None\n", "")).isEmpty();
  }

  @Test
  @DisplayName("AGENT-18 the CPUs that are kept back count, not how they are written")
  void reservedCpus() {
    String four = STATIC_CPU + "reservedSystemCPUs: 0-3\n";
    assertThat(affected(four, STATIC_CPU + "reservedSystemCPUs: 0,1-2,3\n")).isEmpty();
    assertThat(affected(four, four + "systemReserved: {cpu: '7'}\n"))
        .as("reservedSystemCPUs takes the place of the amounts")
        .isEmpty();
    assertThat(affected(four, STATIC_CPU + "reservedSystemCPUs: 0-4\n"))
        .containsExactly(CPU_MANAGER);
  }

  @Test
  @DisplayName("AGENT-18 without a list it is the amount of CPU kept back, rounded up")
  void derivedCpus() {
    String two = STATIC_CPU + "systemReserved: {cpu: 700m}\nkubeReserved: {cpu: 600m}\n";
    assertThat(affected(two, STATIC_CPU + "systemReserved: {cpu: '2'}\n")).isEmpty();
    assertThat(affected(two, STATIC_CPU + "kubeReserved: {cpu: 2001m}\n"))
        .containsExactly(CPU_MANAGER);
    assertThat(affected(two, two.replace("cpu: 600m", "cpu: 600m, memory: 1Gi"))).isEmpty();
  }

  @Test
  @DisplayName("AGENT-18 options of the static CPU policy count; without it none of this does")
  void options() {
    String cpu = STATIC_CPU + "reservedSystemCPUs: '0'\n";
    String strict = "cpuManagerPolicyOptions: {strict-cpu-reservation: 'true'}\n";
    assertThat(affected(cpu, cpu + strict)).containsExactly(CPU_MANAGER);
    assertThat(affected("reservedSystemCPUs: '0'\n", "reservedSystemCPUs: '1'\n")).isEmpty();
    assertThat(affected("kubeReserved: {cpu: '1'}\n", "kubeReserved: {cpu: '2'}\n")).isEmpty();
    assertThat(affected("topologyManagerPolicy: none\n", "topologyManagerPolicy: restricted\n"))
        .as("the topology manager has no file")
        .isEmpty();
  }

  @Test
  @DisplayName("AGENT-18 with the static memory policy the amounts per NUMA node count")
  void reservedMemory() {
    String one = STATIC_MEMORY + "reservedMemory: [{numaNode: 0, limits: {memory: 1Gi}}]\n";
    assertThat(affected(one, one.replace("1Gi", "1024Mi") + "systemReserved: {memory: 1Gi}\n"))
        .isEmpty();
    assertThat(affected(one, one.replace("1Gi", "2Gi"))).containsExactly(MEMORY_MANAGER);
    assertThat(affected(one, one.replace("numaNode: 0", "numaNode: 1")))
        .containsExactly(MEMORY_MANAGER);
    assertThat(affected(STATIC_MEMORY, STATIC_MEMORY + "systemReserved: {memory: 1Gi}\n"))
        .isEmpty();
  }

  @Test
  @DisplayName("AGENT-18 the newer form of both files is not read once its gate is off again")
  void newerForm() {
    String on = "featureGates: {PodLevelResourceManagers: true, PodLevelResources: true}\n";
    assertThat(affected(on, "")).containsExactly(CPU_MANAGER, MEMORY_MANAGER);
    assertThat(affected("", on)).isEmpty();
  }

  private static Set<StateFile> affected(String before, String after) {
    return StateFiles.affected(judged(before).effective(), judged(after).effective());
  }

  private static Judgement judged(String fields) {
    String header = "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n";
    return KubeletConfig.judge(
        (header + fields).getBytes(StandardCharsets.UTF_8), KubeletVersion.parse("1.36"));
  }
}
