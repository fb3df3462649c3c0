package dev.retune.kubelet.start;

import static dev.retune.kubelet.start.Starts.fields;
import static dev.retune.kubelet.start.Starts.messages;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.NodeFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CPU and memory kept for the system: reservations, thresholds and the memory manager. */
class KeptForTheSystemTest {

  private static final NodeFacts NODE =
      NodeFacts.UNKNOWN
          .withCapacity("cpu", "4")
          .withCapacity("memory", "16Gi")
          .withNumaNodes(Set.of(0, 1));
  private static final NodeFacts ONLINE = NODE.withOnlineCpus(Set.of(0, 1, 2, 3));

  @ParameterizedTest
  @ValueSource(ints = {25, 36})
  @DisplayName("AGENT-6 With reservedSystemCPUs the CPU in both reservations is not read")
  void reservedCpus(int minor) {
    String cpus = "reservedSystemCPUs: '0-1'\n";
    for (String amount : List.of("'64'", "abc", "'-1'")) {
      assertThat(fields(cpus + "systemReserved: {cpu: " + amount + "}\n", minor, ONLINE)).isEmpty();
      assertThat(fields(cpus + "kubeReserved: {cpu: " + amount + "}\n", minor, ONLINE)).isEmpty();
    }
    assertThat(fields(cpus + "kubeReserved: {cpu: x, memory: x}\n", minor, ONLINE))
        .containsExactly("kubeReserved[memory]");
    assertThat(fields("systemReserved: {cpu: '64'}\n", minor, ONLINE))
        .containsExactly("systemReserved[cpu]");
  }

  @ParameterizedTest
  @CsvSource({"0-127,true", "4,true", "'3,4',true", "0-3,false", "'0,0,2-3',false"})
  @DisplayName("AGENT-6 Reserved CPUs that are not online end the kubelet")
  void offlineCpus(String cpus, boolean offline) {
    String document = "reservedSystemCPUs: '" + cpus + "'\n";

    assertThat(fields(document, 25, ONLINE).equals(List.of("reservedSystemCPUs")))
        .isEqualTo(offline);
    assertThat(fields(document, 36, ONLINE)).hasSize(offline ? 1 : 0);
    assertThat(fields(document, 36)).isEmpty();
  }

  @Test
  @DisplayName("AGENT-6 More reserved CPUs than there are end the kubelet, whichever are online")
  void tooManyCpus() {
    assertThat(fields("reservedSystemCPUs: '0-127'\n", 36, NODE))
        .containsExactly("reservedSystemCPUs");
    assertThat(fields("reservedSystemCPUs: '0,126-127'\n", 36, NODE)).isEmpty();
    assertThat(messages("reservedSystemCPUs: '2-5'\n", 36, ONLINE))
        .singleElement()
        .asString()
        .contains("\"2-5\"", "online are 0-3", "exits");
  }

  @ParameterizedTest
  @CsvSource({"150%,true", "1e3%,true", "0.5%,true", "0%,false", "-1%,false", "0,true", "-1,false"})
  @DisplayName("AGENT-6 A minimum reclaim is any percentage above 0% and any amount")
  void reclaim(String amount, boolean starts) {
    assertThat(fields("evictionMinimumReclaim: {memory.available: '" + amount + "'}\n", 36))
        .hasSize(starts ? 0 : 1);
  }

  @Test
  @DisplayName("AGENT-6 A threshold above 100% ends the kubelet, as far as single precision tells")
  void thresholds() {
    assertThat(fields("evictionHard: {memory.available: 100.1%}\n", 36)).hasSize(1);
    assertThat(fields("evictionHard: {memory.available: 1e39%}\n", 36)).hasSize(1);
    assertThat(fields("evictionHard: {memory.available: 100.0000001%}\n", 36)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10%,1717986944,true",
    "10%,1717986918,false",
    "33.3%,5720896512,true",
    "7%,1202590848,true"
  })
  @DisplayName("AGENT-6 A percentage of memory is the kubelet's, which has single precision")
  void percentages(String threshold, String reserved, boolean starts) {
    String document =
        "memoryManagerPolicy: Static\nevictionHard: {memory.available: "
            + threshold
            + "}\nreservedMemory: [{numaNode: 0, limits: {memory: '"
            + reserved
            + "'}}]\n";

    assertThat(fields(document, 25, NODE)).hasSize(starts ? 0 : 1);
    assertThat(fields(document, 36, NODE)).hasSize(starts ? 0 : 1);
    assertThat(fields(document, 36)).isEmpty();
  }

  @Test
  @DisplayName("AGENT-6 The memory manager's policy Static needs memory kept for the system")
  void nothingReserved() {
    for (int minor : new int[] {25, 36}) {
      String policy = "memoryManagerPolicy: Static\n";

      // Since 1.33 a signal that is left out keeps its default.
      assertThat(fields(policy + "evictionHard: {memory.available: 0%}\n", minor, NODE))
          .containsExactly("memoryManagerPolicy");
      assertThat(fields(policy + "evictionHard: {memory.available: 5%}\n", minor))
          .containsExactly("memoryManagerPolicy");
      assertThat(fields(policy + "evictionHard: {memory.available: 1Gi}\n", minor))
          .containsExactly("reservedMemory");
    }
  }

  @ParameterizedTest
  @CsvSource({"1.5Gi,true", "0.5Gi,true", "1000m,true", "1610612736,false", "1.5k,false"})
  @DisplayName("AGENT-6 Limits of reserved memory must be written as whole numbers of bytes")
  void limits(String amount, boolean exits) {
    Map<String, Object> effective =
        Map.of(
            "memoryManagerPolicy",
            "Static",
            "systemReserved",
            Map.of("memory", amount),
            "reservedMemory",
            List.of(Map.of("numaNode", 0L, "limits", Map.of("memory", amount))));

    for (KubeletVersion version : KubeletVersion.known()) {
      assertThat(KubeletConfig.preconditions(effective, version, NODE))
          .extracting(p -> p.complaint().field())
          .isEqualTo(exits ? List.of("reservedMemory[0].limits[memory]") : List.of());
    }
  }

  @Test
  @DisplayName("AGENT-6 With its gate off, up to 1.31, the memory manager's policy is not read")
  void memoryManagerOff() {
    String off = "featureGates: {MemoryManager: false}\n";

    assertThat(fields(off + "memoryManagerPolicy: x\n", 25)).isEmpty();
    assertThat(fields(off + "memoryManagerPolicy: x\n", 31)).isEmpty();
    assertThat(fields("memoryManagerPolicy: x\n", 31)).containsExactly("memoryManagerPolicy");
    assertThat(fields("memoryManagerPolicy: x\n", 32)).containsExactly("memoryManagerPolicy");
    assertThat(fields(off + "memoryManagerPolicy: Static\n", 31)).isEmpty();
  }
}
