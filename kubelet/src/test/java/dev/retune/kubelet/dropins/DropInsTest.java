package dev.retune.kubelet.dropins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Shadowed;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.Verdict;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.CommandLine;
import dev.retune.kubelet.flags.TextFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out here is what the three real merges gave when they were run on these documents. */
class DropInsTest {

  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static final String BASE =
      """
      maxPods: 200
      failSwapOn: false
      resolvConf: /base/resolv.conf
      clusterDNS: [10.0.0.10, 10.0.0.11]
      evictionHard: {memory.available: 1Gi, nodefs.available: 5%}
      systemReserved: {cpu: 100m, memory: 1Gi}
      featureGates: {CPUManager: true, GracefulNodeShutdown: false}
      registerWithTaints: [{key: a, value: b, effect: NoSchedule}]
      authentication: {anonymous: {enabled: true}, webhook: {enabled: false, cacheTTL: 5m}}
      registerNode: false
      podPidsLimit: 99
      """;

  @Test
  @DisplayName("1.28 loads a drop-in as a whole config: a default of it wins, false and [] do not")
  void wholeConfigs() {
    assertThat(merged(28, "imageGCHighThresholdPercent: 90\n"))
        .containsEntry("imageGCHighThresholdPercent", 90L)
        .containsEntry("maxPods", 110L)
        .containsEntry("failSwapOn", true)
        .containsEntry("registerNode", true)
        .containsEntry("clusterDNS", List.of("10.0.0.10", "10.0.0.11"));
    assertThat(merged(28, "cpuCFSQuota: false\nclusterDNS: []\n"))
        .containsEntry("cpuCFSQuota", true)
        .containsEntry("clusterDNS", List.of("10.0.0.10", "10.0.0.11"));
    assertThat(merged(28, "clusterDNS: [1.1.1.1]\nfeatureGates: {CPUManager: false}\n"))
        .containsEntry("clusterDNS", List.of("1.1.1.1"))
        .containsEntry("featureGates", Map.of("CPUManager", false, "GracefulNodeShutdown", false));
    assertThat(merged(28, "evictionHard: {imagefs.available: 10%}\n").get("evictionHard"))
        .isEqualTo(
            Map.of(
                "imagefs.available", "10%", "memory.available", "1Gi", "nodefs.available", "5%"));
    assertThat(merged(28, "maxPods: 1\n").get("evictionHard"))
        .as("the thresholds it was given by default win too")
        .isEqualTo(
            Map.of(
                "imagefs.available", "15%",
                "memory.available", "100Mi",
                "nodefs.available", "10%",
                "nodefs.inodesFree", "5%"));
    assertThat(merged(28, "authentication: {webhook: {enabled: true}}\n").get("authentication"))
        .isEqualTo(
            Map.of(
                "x509", Map.of(),
                "webhook", Map.of("enabled", true, "cacheTTL", "2m0s"),
                "anonymous", Map.of("enabled", true)));
  }

  @ParameterizedTest
  @ValueSource(ints = {29, 30, 31, 32, 36})
  @DisplayName("Since 1.29 what a drop-in does not name stays; lists are replaced, maps merged")
  void patches(int minor) {
    Map<String, @Nullable Object> merged =
        merged(
            minor,
            """
            failSwapOn: true
            clusterDNS: [1.1.1.1]
            evictionHard: {imagefs.available: 10%}
            systemReserved: {}
            authentication: {webhook: {enabled: true}}
            cpuCFSQuota: false
            """);

    assertThat(merged)
        .containsEntry("maxPods", 200L)
        .containsEntry("failSwapOn", true)
        .containsEntry("cpuCFSQuota", false)
        .containsEntry("registerNode", false)
        .containsEntry("clusterDNS", List.of("1.1.1.1"))
        .containsEntry("systemReserved", Map.of("cpu", "100m", "memory", "1Gi"))
        .containsEntry(
            "evictionHard",
            Map.of("imagefs.available", "10%", "memory.available", "1Gi", "nodefs.available", "5%"))
        .containsEntry(
            "authentication",
            Map.of(
                "x509", Map.of(),
                "webhook", Map.of("enabled", true, "cacheTTL", "5m0s"),
                "anonymous", Map.of("enabled", true)));
  }

  @Test
  @DisplayName("Zero and null: taken as they are and passed over up to 1.31, defaults since 1.32")
  void zeroAndNull() {
    assertThat(merged(30, "maxPods: 0\nsyncFrequency: 0s\nclusterDNS: []\n"))
        .containsEntry("syncFrequency", "0s")
        .doesNotContainKeys("maxPods", "clusterDNS");
    assertThat(merged(36, "maxPods: 0\npodPidsLimit: 0\nclusterDNS: []\n"))
        .containsEntry("maxPods", 110L)
        .containsEntry("podPidsLimit", 0L)
        .doesNotContainKey("clusterDNS");
    String nothing = "maxPods: null\nevictionHard: null\nfeatureGates: {CPUManager: null}\n";
    assertThat(merged(30, nothing))
        .containsEntry("maxPods", 200L)
        .containsEntry("featureGates", Map.of("CPUManager", true, "GracefulNodeShutdown", false))
        .containsEntry("evictionHard", Map.of("memory.available", "1Gi", "nodefs.available", "5%"));
    assertThat(merged(36, nothing.replace("CPUManager", "GracefulNodeShutdown")))
        .containsEntry("maxPods", 110L)
        .as("no threshold at all: the default ones are set only when the config itself is read")
        .doesNotContainKey("evictionHard")
        .containsEntry("featureGates", Map.of("CPUManager", true));
    assertThat(merged(30, "maxPods: 50\n", "maxPods: null\n"))
        .as("null undoes what an earlier drop-in said")
        .containsEntry("maxPods", 200L);
  }

  @Test
  @DisplayName("1.29 to 1.31 ignore resolvConf in a drop-in, and leak what was in a list before")
  void traps() {
    String dropIn = "resolvConf: /dropin\nregisterWithTaints: [{key: c, effect: NoExecute}]\n";
    assertThat(merged(31, dropIn))
        .containsEntry("resolvConf", "/base/resolv.conf")
        .containsEntry(
            "registerWithTaints", List.of(Map.of("key", "c", "value", "b", "effect", "NoExecute")));
    for (int minor : List.of(28, 32, 36)) {
      assertThat(merged(minor, dropIn))
          .containsEntry("resolvConf", "/dropin")
          .containsEntry("registerWithTaints", List.of(Map.of("key", "c", "effect", "NoExecute")));
    }
  }

  @Test
  @DisplayName("Since 1.29 names are found in any letters; of two keys for a field the last counts")
  void letters() {
    assertThat(merged(30, "MAXPODS: 5\n")).containsEntry("maxPods", 5L);
    assertThat(merged(36, "maxpods: 5\n")).containsEntry("maxPods", 5L);
    assertThat(merged(36, "MaxPods: 5\n"))
        .as("sorted, it comes before the base's maxPods")
        .containsEntry("maxPods", 200L);
    assertThat(merged(36, "syncFrequency: 5m\n", "syncfrequency: 7m\n"))
        .containsEntry("syncFrequency", "7m0s");
  }

  @Test
  @DisplayName("A bad drop-in stops the kubelet (kubernetes#124796): the problem names the file")
  void bad() {
    for (String text :
        List.of("", "# only a comment\n", "maxPods: 5\n", "[1]", HEADER + "maxPods: x\n")) {
      for (int minor : List.of(28, 30, 36)) {
        Judgement judgement = judge(minor, BASE, new TextFile("/d/9.conf", text));
        assertThat(judgement.verdict()).as(text + minor).isEqualTo(Verdict.DECODE);
        assertThat(judgement.errors())
            .extracting(Complaint::message)
            .anyMatch(m -> m.contains("/d/9.conf"));
      }
    }
    TextFile twice = new TextFile("/d/9.conf", HEADER + "maxPods: 5\nmaxPods: 6\n");
    assertThat(judge(36, BASE, twice).errors())
        .singleElement()
        .asString()
        .isEqualTo(
            "drop-in /d/9.conf:4: maxPods: is given twice; the kubelet does not start with it");
    TextFile other = new TextFile("/d/9.conf", "kind: Other\napiVersion: v1\nmaxPods: 5\n");
    assertThat(judge(30, BASE, other).effective()).containsEntry("maxPods", 5L);
    assertThat(judge(32, BASE, other).verdict()).isEqualTo(Verdict.DECODE);
    TextFile noVersion = new TextFile("/d/9.conf", "kind: KubeletConfiguration\nmaxPods: 5\n");
    assertThat(judge(30, BASE, noVersion).verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge(32, BASE, noVersion).verdict()).isEqualTo(Verdict.DECODE);
  }

  @Test
  @DisplayName("A field that a drop-in misspells is passed over without a word: a warning says so")
  void misspelt() {
    TextFile dropIn = new TextFile("/d/9.conf", HEADER + "maxPod: 5\nAuthorization: {Mod: x}\n");
    assertThat(judge(36, BASE, dropIn).warnings())
        .extracting(Complaint::message)
        .satisfiesExactly(
            mode -> assertThat(mode).startsWith("drop-in /d/9.conf:4: authorization.Mod"),
            pods -> assertThat(pods).startsWith("drop-in /d/9.conf:3: maxPod").contains("maxPods"));
  }

  @Test
  @DisplayName("Kubelets before 1.28 have no drop-ins; the flag for them is refused")
  void older() {
    assertThat(merged(27, "maxPods: 5\n")).containsEntry("maxPods", 200L);
    CommandLine flags =
        CommandLine.parse(
            Argument.ofCommandLine(List.of("--config-dir=/d")), new KubeletVersion(27));
    assertThat(flags.problems()).hasSize(1);
  }

  @Test
  @DisplayName("AGENT-19 A field that a drop-in sets too is shadowed by it, by file and line")
  void shadowed() {
    TextFile dropIn = new TextFile("/d/9.conf", HEADER + "maxPods: 50\nregisterNode: false\n");
    Judgement judgement = judge(36, BASE, dropIn);

    assertThat(judgement.shadowed())
        .extracting(s -> s.field() + " " + s.by() + " " + s.differs())
        .containsExactly("maxPods /d/9.conf:3 true", "registerNode /d/9.conf:4 false");
    CommandLine flags =
        CommandLine.parse(Argument.ofCommandLine(List.of("--max-pods=60")), new KubeletVersion(36));
    Judgement both =
        KubeletConfig.judge(
            bytes(HEADER + BASE),
            Target.of(new KubeletVersion(36)).with(flags).with(List.of(dropIn)));
    assertThat(both.effective()).containsEntry("maxPods", 60L);
    assertThat(both.shadowed())
        .extracting(Shadowed::field, s -> s.by().by())
        .as("the flag has the last word")
        .contains(org.assertj.core.groups.Tuple.tuple("maxPods", "--max-pods"))
        .hasSize(2);
  }

  private static Map<String, @Nullable Object> merged(int minor, String... dropIns) {
    List<TextFile> files = new ArrayList<>();
    for (String dropIn : dropIns) {
      files.add(new TextFile("/d/" + files.size() + ".conf", HEADER + dropIn));
    }
    Judgement judgement = judge(minor, BASE, files.toArray(TextFile[]::new));
    assertThat(judgement.errors())
        .as("only limits may complain, not the merge")
        .noneMatch(complaint -> complaint.message().contains("drop-in"));
    return judgement.effective();
  }

  private static Judgement judge(int minor, String base, TextFile... dropIns) {
    return KubeletConfig.judge(
        bytes(HEADER + base), Target.of(new KubeletVersion(minor)).with(List.of(dropIns)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
