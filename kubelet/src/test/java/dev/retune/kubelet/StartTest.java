package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StartTest {

  private static final NodeFacts SMALL =
      NodeFacts.UNKNOWN
          .withCapacity("cpu", "1")
          .withCapacity("memory", "1Gi")
          .withCapacity("ephemeral-storage", "8Gi")
          .withNumaNodes(Set.of(0))
          .withOnlineCpus(Set.of(0))
          .withHost(Host.CGROUP_V1);

  private static List<String> fields(Map<String, Object> effective) {
    return complaints(effective).stream().map(Complaint::field).toList();
  }

  private static List<Complaint> complaints(Map<String, Object> effective) {
    return KubeletConfig.preconditions(effective, KubeletVersion.newest(), NodeFacts.UNKNOWN)
        .stream()
        .map(Precondition::complaint)
        .toList();
  }

  @Test
  @DisplayName("AGENT-6 The defaults of every version start")
  void defaultsStart() {
    for (KubeletVersion version : KubeletVersion.known()) {
      assertThat(KubeletConfig.preconditions(Defaults.of(version), version, NodeFacts.UNKNOWN))
          .isEmpty();
      assertThat(KubeletConfig.preconditions(Defaults.of(version), version, SMALL)).isEmpty();
      assertThat(RelativePaths.of(Defaults.of(version))).isEmpty();
    }
  }

  @Test
  @DisplayName("AGENT-6 Reservations of unknown resources and of no amount end the kubelet")
  void reservations() {
    assertThat(
            fields(
                Map.of(
                    "kubeReserved", Map.of("bogus", "1", "cpu", "100m"),
                    "systemReserved", Map.of("memory", "-1Gi"))))
        .containsExactly("systemReserved[memory]", "kubeReserved[bogus]");
  }

  @Test
  @DisplayName("AGENT-6 An eviction signal that does not exist ends the kubelet, with a suggestion")
  void signals() {
    assertThat(complaints(Map.of("evictionHard", Map.of("memory.availabel", "100Mi"))))
        .singleElement()
        .satisfies(c -> {
          assertThat(c.field()).isEqualTo("evictionHard[memory.availabel]");
          assertThat(c.message()).contains("exits", "did you mean \"memory.available\"?");
        });
    assertThat(fields(Map.of("evictionHard", Map.of("memory.available", "150%"))))
        .containsExactly("evictionHard[memory.available]");
    assertThat(fields(Map.of("evictionHard", Map.of("memory.available", "0"))))
        .containsExactly("evictionHard[memory.available]");
    assertThat(fields(Map.of("evictionMinimumReclaim", Map.of("nodefs.available", "0%"))))
        .containsExactly("evictionMinimumReclaim[nodefs.available]");
    assertThat(
            fields(
                Map.of(
                    "evictionHard", Map.of("memory.available", "5.5%", "pid.available", "0%"),
                    "evictionMinimumReclaim", Map.of("nodefs.available", "0"))))
        .isEmpty();
  }

  @Test
  @DisplayName("AGENT-6 A soft threshold needs its grace period")
  void grace() {
    Map<String, String> soft = Map.of("memory.available", "200Mi");
    assertThat(fields(Map.of("evictionSoft", soft)))
        .containsExactly("evictionSoft[memory.available]");
    assertThat(
            fields(
                Map.of(
                    "evictionSoft",
                    soft,
                    "evictionSoftGracePeriod",
                    Map.of("memory.available", "-1m"))))
        .containsExactly("evictionSoftGracePeriod[memory.available]");
    assertThat(
            fields(
                Map.of(
                    "evictionSoft",
                    soft,
                    "evictionSoftGracePeriod",
                    Map.of("memory.available", "1m30s"))))
        .isEmpty();
  }

  @Test
  @DisplayName("AGENT-6 Words that only the managers know end the kubelet")
  void words() {
    assertThat(
            fields(
                Map.of(
                    "cpuManagerPolicy", "Static",
                    "authorization", Map.of("mode", "RBAC"),
                    "containerLogMaxSize", "much")))
        .containsExactlyInAnyOrder("cpuManagerPolicy", "authorization.mode", "containerLogMaxSize");
  }

  @Test
  @DisplayName("AGENT-8 Paths relative to the file are found; an empty one is no path")
  void relativePaths() {
    assertThat(
            RelativePaths.of(
                Map.of(
                    "staticPodPath", "manifests",
                    "resolvConf", "",
                    "podLogsDir", "logs",
                    "tlsCertFile", "/a",
                    "authentication", Map.of("x509", Map.of("clientCAFile", "../ca.crt")))))
        .containsExactly("staticPodPath", "authentication.x509.clientCAFile", "podLogsDir");
  }

  @Test
  @DisplayName("SEC-3 A field that hands the node over is told from one that is only tuning")
  void hazards() {
    assertThat(Hazards.of("staticPodPath").orElseThrow().classes())
        .contains(Hazards.HazardClass.F, Hazards.HazardClass.X);
    assertThat(Hazards.of("noSuchField")).isEmpty();
    assertThat(Hazards.of("syncFrequency").orElseThrow().classes())
        .containsExactly(Hazards.HazardClass.T);
  }
}
