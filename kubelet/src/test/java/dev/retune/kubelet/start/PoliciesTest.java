package dev.retune.kubelet.start;

import static dev.retune.kubelet.start.Starts.fields;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of the CPU and the topology manager, and the gates in front of both. */
class PoliciesTest {

  private static final String STATIC =
      "cpuManagerPolicy: static\nreservedSystemCPUs: '0'\nfeatureGates:"
          + " {CPUManagerPolicyAlphaOptions: true, CPUManagerPolicyBetaOptions: true}\n";

  private static String topology(String policy, String gates, String options) {
    return "topologyManagerPolicy: "
        + policy
        + "\nfeatureGates: {"
        + gates
        + "}\ntopologyManagerPolicyOptions: {"
        + options
        + "}\n";
  }

  @Test
  @DisplayName("AGENT-6 Options of the topology manager behind a closed gate end the kubelet")
  void topologyGate() {
    String option = "topologyManagerPolicyOptions: {prefer-closest-numa-nodes: 'true'}\n";
    String off =
        topology(
            "restricted", "TopologyManagerPolicyOptions: false", "prefer-closest-numa-nodes: '1'");

    assertThat(fields(option, 26)).containsExactly("topologyManagerPolicyOptions");
    assertThat(fields(option, 27)).containsExactly("topologyManagerPolicyOptions");
    assertThat(fields(off, 28)).containsExactly("topologyManagerPolicyOptions");
    assertThat(fields(off, 31)).containsExactly("topologyManagerPolicyOptions");
    assertThat(fields("featureGates: {TopologyManager: false}\n" + option, 26))
        .containsExactly("topologyManagerPolicyOptions -");
  }

  @Test
  @DisplayName("AGENT-6 Since 1.28 the topology policy none does not read its options")
  void topologyNone() {
    String gates =
        "TopologyManagerPolicyOptions: true, TopologyManagerPolicyAlphaOptions: true,"
            + " TopologyManagerPolicyBetaOptions: true";
    String bad = "prefer-closest-numa-nodes: x";

    assertThat(fields(topology("none", gates, bad), 27))
        .containsExactly("topologyManagerPolicyOptions[prefer-closest-numa-nodes]");
    assertThat(fields(topology("none", gates, bad), 28))
        .containsExactly("topologyManagerPolicyOptions -");
    assertThat(fields(topology("none", "", "bogus: '1'"), 36))
        .containsExactly("topologyManagerPolicyOptions -");
    assertThat(fields(topology("restricted", gates, bad), 28))
        .containsExactly("topologyManagerPolicyOptions[prefer-closest-numa-nodes]");
    assertThat(fields(topology("restricted", "", "max-allowable-numa-nodes: '4'"), 36))
        .containsExactly("topologyManagerPolicyOptions[max-allowable-numa-nodes]");
    assertThat(fields(topology("restricted", "", "max-allowable-numa-nodes: '16'"), 36)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "full-pcpus-only,distribute-cpus-across-cores,31",
    "distribute-cpus-across-numa,distribute-cpus-across-cores,31",
    "prefer-align-cpus-by-uncorecache,distribute-cpus-across-cores,32",
    "prefer-align-cpus-by-uncorecache,distribute-cpus-across-numa,32"
  })
  @DisplayName("AGENT-6 Options of the static CPU policy that exclude each other end the kubelet")
  void exclusions(String one, String other, int since) {
    String both =
        STATIC + "cpuManagerPolicyOptions: {" + one + ": 'true', " + other + ": 'true'}\n";

    assertThat(fields(both, since)).containsExactly("cpuManagerPolicyOptions[" + one + "]");
    assertThat(fields(both, 36)).containsExactly("cpuManagerPolicyOptions[" + one + "]");
    assertThat(
            fields(
                STATIC + "cpuManagerPolicyOptions: {" + one + ": 'true', " + other + ": '0'}\n",
                36))
        .isEmpty();
  }

  @Test
  @DisplayName("AGENT-6 Options that may be combined start, whatever the version")
  void combinations() {
    String both =
        STATIC
            + "cpuManagerPolicyOptions:"
            + " {full-pcpus-only: 'true', distribute-cpus-across-numa: 'true'}\n";

    assertThat(fields(both, 25)).isEmpty();
    assertThat(fields(both, 36)).isEmpty();
  }

  @Test
  @DisplayName("AGENT-6 With its gate off, in 1.25, the CPU manager's policy is not read")
  void cpuManagerOff() {
    String bad = "cpuManagerPolicy: x\n";

    assertThat(fields("featureGates: {CPUManager: false}\n" + bad, 25)).isEmpty();
    assertThat(
            fields(
                """
                featureGates: {CPUManager: false}
                cpuManagerPolicy: static
                reservedSystemCPUs: '0'
                cpuManagerPolicyOptions: {bogus: x}
                """,
                25))
        .isEmpty();
    assertThat(fields(bad, 25)).containsExactly("cpuManagerPolicy");
    assertThat(fields(bad, 26)).containsExactly("cpuManagerPolicy");
  }

  @ParameterizedTest
  @CsvSource({
    "kernel.shm_next_id,28",
    "kernel.msg_next_id,28",
    "kernel.shmm*,28",
    "kernel.shmmax,36",
    "kernel.msg*,36",
    "kernel.semx,24"
  })
  @DisplayName("AGENT-6 Up to 1.28 any name may follow kernel.shm and kernel.msg")
  void sysctls(String sysctl, int last) {
    String document = "allowedUnsafeSysctls: ['" + sysctl + "']\n";

    for (int minor : new int[] {25, 28, 29, 36}) {
      assertThat(fields(document, minor)).hasSize(minor <= last ? 0 : 1);
    }
  }
}
