package dev.retune.kubelet.start;

import static dev.retune.kubelet.start.Starts.fields;
import static dev.retune.kubelet.start.Starts.messages;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.Host;
import dev.retune.kubelet.NodeFacts;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kubelet's loops and its control groups need. */
class LoopsAndCgroupsTest {

  @ParameterizedTest
  @ValueSource(strings = {"10Mi", "1.5k", "1.5M", "5.Gi", "1e3", "0", "-1", "10Ti", "9E"})
  @DisplayName("AGENT-6 A log size is an amount the kubelet has as a whole number")
  void logSize(String size) {
    assertThat(fields("containerLogMaxSize: '" + size + "'\n", 25)).isEmpty();
    assertThat(fields("containerLogMaxSize: '" + size + "'\n", 36)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5Gi", "10.0Mi", "0.5", "1000m", "1.0", "1e-1", "1Pi", "8Ei", "100E", "much", "1Zi"
      })
  @DisplayName("AGENT-6 A log size that is written with a fraction ends the kubelet")
  void badLogSize(String size) {
    assertThat(fields("containerLogMaxSize: '" + size + "'\n", 25))
        .containsExactly("containerLogMaxSize");
    assertThat(fields("containerLogMaxSize: '" + size + "'\n", 36))
        .containsExactly("containerLogMaxSize");
  }

  @Test
  @DisplayName("AGENT-6 A log size with a fraction is told with the same written without")
  void logSizeSuggestion() {
    assertThat(messages("containerLogMaxSize: 1.5Gi\n", 36, NodeFacts.UNKNOWN))
        .singleElement()
        .asString()
        .endsWith("; did you mean \"1536Mi\"?");
    assertThat(messages("containerLogMaxSize: '0.5'\n", 36, NodeFacts.UNKNOWN))
        .singleElement()
        .asString()
        .endsWith("exits at start");
  }

  @Test
  @DisplayName("AGENT-6 A negative sync frequency ends the kubelet, none is a default")
  void syncFrequency() {
    for (int minor : new int[] {25, 36}) {
      assertThat(fields("syncFrequency: -1s\n", minor)).containsExactly("syncFrequency");
      assertThat(fields("syncFrequency: 0s\n", minor)).isEmpty();
      assertThat(fields("syncFrequency: 1s\n", minor)).isEmpty();
    }
  }

  @Test
  @DisplayName("AGENT-6 Up to 1.27 the two iptables marks must differ, when they are used")
  void iptables() {
    String same = "iptablesMasqueradeBit: 15\n";

    assertThat(fields(same, 25)).containsExactly("iptablesDropBit");
    assertThat(fields(same, 27)).containsExactly("iptablesDropBit");
    assertThat(fields(same, 28)).isEmpty();
    assertThat(fields(same + "makeIPTablesUtilChains: false\n", 27)).isEmpty();
    assertThat(fields("iptablesMasqueradeBit: 13\n", 27)).isEmpty();
  }

  @Test
  @DisplayName("AGENT-6 Up to 1.31 a kubelet that runs once ends, and is started for ever")
  void runOnce() {
    assertThat(fields("runOnce: true\n", 25)).containsExactly("runOnce");
    assertThat(fields("runOnce: true\n", 31)).containsExactly("runOnce");
    assertThat(fields("runOnce: false\n", 31)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "system-reserved,systemReserved,25",
    "kube-reserved,kubeReserved,25",
    "system-reserved-compressible,systemReserved,32",
    "kube-reserved-compressible,kubeReserved,32"
  })
  @DisplayName("AGENT-6 Enforcing a reservation that is empty ends the kubelet")
  void enforced(String element, String reservation, int since) {
    String document =
        "enforceNodeAllocatable: [pods, "
            + element
            + "]\nsystemReservedCgroup: /system.slice\nkubeReservedCgroup: /kube.slice\n";

    for (int minor : new int[] {since, 36}) {
      assertThat(fields(document, minor)).containsExactly("enforceNodeAllocatable[1]");
      assertThat(fields(document + reservation + ": {}\n", minor)).hasSize(1);
      assertThat(fields(document + reservation + ": {cpu: 100m}\n", minor)).isEmpty();
    }
  }

  @Test
  @DisplayName("AGENT-6 System processes cannot be kept in the root cgroup")
  void systemCgroups() {
    for (int minor : new int[] {25, 36}) {
      assertThat(fields("systemCgroups: /\ncgroupRoot: /\n", minor))
          .containsExactly("systemCgroups");
      assertThat(fields("systemCgroups: /system\ncgroupRoot: /\n", minor)).isEmpty();
    }
  }

  @Test
  @DisplayName("AGENT-6 Since 1.30 limited swap needs cgroup v2")
  void swap() {
    String swap =
        """
        failSwapOn: false
        featureGates: {NodeSwap: true}
        memorySwap: {swapBehavior: LimitedSwap}
        """;
    NodeFacts v1 = NodeFacts.UNKNOWN.withHost(Host.CGROUP_V1);

    assertThat(fields(swap, 29, v1)).isEmpty();
    assertThat(fields(swap, 30, v1)).containsExactly("memorySwap.swapBehavior");
    assertThat(fields(swap, 36, v1)).containsExactly("memorySwap.swapBehavior");
    assertThat(fields(swap, 36, NodeFacts.UNKNOWN.withHost(Host.CGROUP_V2))).isEmpty();
    assertThat(fields(swap, 36)).isEmpty();
    assertThat(fields(swap.replace("LimitedSwap", "NoSwap"), 36, v1)).isEqualTo(List.of());
  }
}
