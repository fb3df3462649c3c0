package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.CommandLine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeletConfigTest {

  private static final KubeletVersion NEWEST = KubeletVersion.newest();
  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static Judgement judge(String document) {
    return KubeletConfig.judge(document.getBytes(StandardCharsets.UTF_8), NEWEST);
  }

  private static Judgement judge(String document, int minor, String... arguments) {
    KubeletVersion version = new KubeletVersion(minor);
    CommandLine flags = CommandLine.parse(Argument.ofCommandLine(List.of(arguments)), version);
    return KubeletConfig.judge(
        document.getBytes(StandardCharsets.UTF_8), Target.of(version).with(flags));
  }

  private static Judgement judge(byte[] document, KubeletVersion version, Host host) {
    return KubeletConfig.judge(document, new Target(version, CommandLine.NONE, host));
  }

  @Test
  @DisplayName("KUBELET-1 A kubelet older than the facts is refused with the reason, not judged")
  void older() {
    Judgement judgement = judge(HEADER, 23);

    assertThat(judgement.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(judgement.errors())
        .singleElement()
        .satisfies(c -> assertThat(c.message()).contains("1.23", "1.25", "Node.spec.configSource"));
  }

  @Test
  @DisplayName("KUBELET-1 A newer kubelet is judged by the newest facts, the unknown is a warning")
  void newer() {
    String document = HEADER + "brandNew: 1\nfeatureGates:\n  BrandNewGate: true\n";

    Judgement judgement = judge(document, 99);

    assertThat(judgement.verdict()).isEqualTo(Verdict.VALID);
    assertThat(judgement.version()).isEqualTo(NEWEST);
    assertThat(judgement.strict()).isEmpty();
    assertThat(judgement.warnings())
        .extracting(Complaint::field)
        .containsExactly("", "brandNew", "featureGates[BrandNewGate]");
    assertThat(judge(document).strict()).extracting(Complaint::field).containsExactly("brandNew");
    assertThat(judge(document).verdict()).isEqualTo(Verdict.GATES);
  }

  @Test
  @DisplayName("A complaint names the field, the value, what is allowed, the version and the place")
  void wording() {
    Judgement judgement =
        judge(HEADER + "maxPods: 10\nregisterWithTaints:\n- key: a\n  effect: noexecute\n", 36);

    assertThat(judgement.errors())
        .containsExactly(
            new Complaint(
                "registerWithTaints[0].effect",
                "\"noexecute\" is not allowed; kubelet 1.36 wants \"NoSchedule\","
                    + " \"PreferNoSchedule\" or \"NoExecute\"; did you mean \"NoExecute\"?",
                6,
                3));
  }

  @Test
  @DisplayName("A wrong type is told with its place, every one of them")
  void wrongTypes() {
    Judgement judgement =
        judge(
            HEADER + "maxPods: \"10\"\nevictionHard:\n  memory.available: 5\nfailSwapOn: 1\n", 36);

    assertThat(judgement.verdict()).isEqualTo(Verdict.DECODE);
    assertThat(judgement.effective()).isEmpty();
    assertThat(judgement.errors())
        .extracting(Complaint::toString)
        .containsExactly(
            "3:10 maxPods: \"10\" is a string; kubelet 1.36 wants a whole number from -2147483648 to"
                + " 2147483647",
            "5:21 evictionHard[memory.available]: 5 is a number; kubelet 1.36 wants a string",
            "6:13 failSwapOn: 1 is a number; kubelet 1.36 wants true or false");
  }

  @Test
  @DisplayName("A misspelt field is a strict complaint with a suggestion, and has no effect")
  void misspelt() {
    Judgement judgement = judge(HEADER + "maxPod: 10\nlogging:\n  Format: json\n", 36);

    assertThat(judgement.verdict()).isEqualTo(Verdict.VALID);
    assertThat(judgement.clean()).isFalse();
    assertThat(judgement.strict())
        .extracting(Complaint::toString)
        .containsExactly(
            "3:1 maxPod: kubelet 1.36 ignores this field, it knows none of that name; did you mean \"maxPods\"?",
            "5:3 logging.Format: kubelet 1.36 ignores this field, it knows none of that name; did you mean \"format\"?");
    assertThat(judgement.effective()).containsEntry("maxPods", 110L);
  }

  @Test
  @DisplayName("What another version knows is told with that version")
  void otherVersions() {
    String field = HEADER + "podLogsDir: /logs\n";
    assertThat(judge(field, 29).strict().getFirst().message())
        .isEqualTo("kubelet 1.29 ignores this field, which came with 1.30");
    String gate = HEADER + "featureGates: {CPUManager: true}\n";
    assertThat(judge(gate, 33).errors().getFirst().message())
        .isEqualTo("kubelet 1.33 knows no such feature gate, which 1.32 was the last to know");
  }

  @Test
  @DisplayName("A field given twice is a strict complaint; the last counts, objects are merged")
  void twice() {
    Judgement yaml = judge(HEADER + "maxPods: 1\nmaxPods: 2\n");
    assertThat(yaml.strict())
        .extracting(Complaint::toString)
        .containsExactly("4:1 maxPods: is given twice; the kubelet takes the last");
    assertThat(yaml.effective()).containsEntry("maxPods", 2L);
    assertThat(judge(HEADER + "registerWithTaints: [{key: a, key: b}]\n").strict())
        .extracting(Complaint::field)
        .containsExactly("registerWithTaints[0].key");

    Judgement json =
        judge(
            """
            {"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
             "memorySwap": {"swapBehavior": "NoSwap"}, "memorySwap": {},
             "evictionHard": {"memory.available": "1Gi"}, "evictionHard": {"pid.available": "5%"}}
            """);
    assertThat(json.strict())
        .extracting(Complaint::field)
        .containsExactly("memorySwap", "evictionHard");
    assertThat(json.effective())
        .containsEntry("memorySwap", Map.of("swapBehavior", "NoSwap"))
        .containsEntry("evictionHard", Map.of("memory.available", "1Gi", "pid.available", "5%"));
  }

  @Test
  @DisplayName("What is no kubelet configuration is refused with what to do about it")
  void notAConfiguration() {
    assertThat(judge("").errors().getFirst().message()).contains("empty");
    assertThat(judge("- a\n").errors().getFirst().message()).contains("a list");
    assertThat(judge("kind: Pod\napiVersion: v1\n").errors().getFirst().message())
        .contains("\"Pod\"", "KubeletConfiguration");
    assertThat(judge("{\"kubeletconfig\": {\"maxPods\": 1}}").errors().getFirst().message())
        .contains("/configz");
    assertThat(judge("a: b: c").errors().getFirst().line()).isEqualTo(1);
    assertThat(judge("k8s\0aaaa").errors().getFirst().message()).contains("protobuf");
  }

  @Test
  @DisplayName("Zero durations and numbers become defaults, zero behind a pointer stays")
  void zeros() {
    Map<String, @Nullable Object> effective =
        judge(
                HEADER
                    + "syncFrequency: 0s\nmaxPods: 0\nhealthzPort: 0\neventRecordQPS: 0\n"
                    + "podPidsLimit: -7\nenforceNodeAllocatable: []\nevictionHard: {}\n")
            .effective();

    assertThat(effective)
        .containsEntry("syncFrequency", "1m0s")
        .containsEntry("maxPods", 110L)
        .containsEntry("healthzPort", 0L)
        .containsEntry("eventRecordQPS", 0L)
        .containsEntry("podPidsLimit", -1L)
        .doesNotContainKeys("enforceNodeAllocatable", "evictionHard");
  }

  @Test
  @DisplayName("Some defaults follow from another field")
  void dependentDefaults() {
    assertThat(judge(HEADER + "nodeStatusUpdateFrequency: 7s\n").effective())
        .containsEntry("nodeStatusReportFrequency", "7s");
    assertThat(judge(HEADER + "maxParallelImagePulls: 3\n").effective())
        .containsEntry("serializeImagePulls", false);
    assertThat(judge(HEADER + "featureGates: {KubeletCrashLoopBackOffMax: false}\n").effective())
        .containsEntry("crashLoopBackOff", Map.of());
  }

  @Test
  @DisplayName("AGENT-6 Gates of the command line count, and win over those of the document")
  void gatesFromFlags() {
    String document = HEADER + "cpuCFSQuotaPeriod: 10ms\n";
    String on = "--feature-gates=CustomCPUCFSQuotaPeriod=true";

    assertThat(judge(document, 30).verdict()).isEqualTo(Verdict.INVALID);
    assertThat(judge(document, 30, on).verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge(document, 30, on).effective())
        .containsEntry("featureGates", Map.of("CustomCPUCFSQuotaPeriod", true));
    Judgement both = judge(document + "featureGates: {CustomCPUCFSQuotaPeriod: false}\n", 30, on);
    assertThat(both.verdict()).isEqualTo(Verdict.VALID);
    assertThat(both.shadowed())
        .singleElement()
        .satisfies(shadowed -> {
          assertThat(shadowed.field()).isEqualTo("featureGates[CustomCPUCFSQuotaPeriod]");
          assertThat(shadowed.differs()).isTrue();
        });
    assertThat(judge(document, 30, "--feature-gates", "NoSuchGate=true").verdict())
        .isEqualTo(Verdict.GATES);
  }

  @Test
  @DisplayName("A gate that needs another one is refused since 1.35")
  void gateDependencies() {
    String document =
        HEADER + "featureGates: {UserNamespacesSupport: false, ProcMountType: true}\n";

    assertThat(judge(document, 34).verdict()).isEqualTo(Verdict.VALID);
    Judgement judgement = judge(document, 35);
    assertThat(judgement.verdict()).isEqualTo(Verdict.GATES);
    assertThat(judgement.errors())
        .extracting(Complaint::field)
        .contains("featureGates[ProcMountType]");
  }

  @Test
  @DisplayName("A gate of the command line needs its gates there too: the file is read later")
  void gatesOfTheCommandLineAlone() {
    String document = HEADER + "featureGates: {DRADeviceTaintRules: true, ";
    String needed = "DRADeviceTaints: true}\n";

    assertThat(judge(document + needed, 35).verdict()).isEqualTo(Verdict.VALID);
    assertThat(
            judge(
                    HEADER + "featureGates: {" + needed,
                    35,
                    "--feature-gates=DRADeviceTaintRules=true")
                .verdict())
        .isEqualTo(Verdict.GATES);
    assertThat(
            judge(HEADER, 35, "--feature-gates=DRADeviceTaintRules=true,DRADeviceTaints=true")
                .verdict())
        .isEqualTo(Verdict.VALID);
  }

  @Test
  @DisplayName("1.36 refuses what needs a gate that it only knows to need others since")
  void gateDependenciesOfTheVersion() {
    String document = HEADER + "featureGates: {ResourceHealthStatus: false}\n";

    assertThat(judge(document, 35).verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge(document, 36).errors())
        .extracting(Complaint::field)
        .containsExactly("featureGates[ResourceHealthStatusMessage]");
  }

  @ParameterizedTest
  @CsvSource({
    "'imageMinimumGCAge: -1s', imageMinimumGCAge, 35",
    "'logging: {flushFrequency: -1}', logging.flushFrequency, 34",
    "'logging: {flushFrequency: -5s}', logging.flushFrequency, 34",
  })
  @DisplayName("KUBELET-1 Negative durations that a later minor came to refuse")
  void negativeDurations(String fields, String field, int lastToTakeIt) {
    assertThat(judge(HEADER + fields + "\n", lastToTakeIt).verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge(HEADER + fields + "\n", lastToTakeIt + 1).errors())
        .extracting(Complaint::field)
        .containsExactly(field);
    assertThat(judge(HEADER + "logging: {flushFrequency: 0}\n", 36).verdict())
        .isEqualTo(Verdict.VALID);
  }

  @Test
  @DisplayName("JSON logs need the gate for beta options of logging")
  void jsonLogs() {
    String document = HEADER + "logging: {format: json}\n";

    assertThat(judge(document, 36).verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge(document + "featureGates: {LoggingBetaOptions: false}\n", 36).errors())
        .extracting(Complaint::field)
        .containsExactly("logging.format");
  }

  @Test
  @DisplayName("A gate that builds of a kubelet have differently is told as a warning")
  void builtDifferently() {
    String document = HEADER + "enableSystemLogQuery: true\n";

    assertThat(judge(document, 30).warnings())
        .extracting(Complaint::field)
        .containsExactly("enableSystemLogQuery");
    assertThat(judge(document + "featureGates: {NodeLogQuery: true}\n", 30).warnings()).isEmpty();
    assertThat(judge(document, 36).warnings()).isEmpty();
  }

  @Test
  @DisplayName("Reserved memory is rounded up to thousandths, as Kubernetes does with resources")
  void reservedMemoryIsRounded() {
    assertThat(
            judge(HEADER + "reservedMemory: [{numaNode: 0, limits: {memory: 0.0005}}]\n")
                .effective())
        .containsEntry(
            "reservedMemory", List.of(Map.of("numaNode", 0L, "limits", Map.of("memory", "1m"))));
  }

  @Test
  @DisplayName("What depends on the host is judged for the host when it is known")
  void host() {
    byte[] document = (HEADER + "singleProcessOOMKill: false\n").getBytes(StandardCharsets.UTF_8);
    KubeletVersion version = new KubeletVersion(33);

    assertThat(judge(document, version, Host.CGROUP_V2).verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge(document, version, Host.CGROUP_V1).errors())
        .extracting(Complaint::field)
        .isEqualTo(List.of("singleProcessOOMKill"));
    assertThat(judge(document, NEWEST, Host.CGROUP_V1).errors())
        .extracting(Complaint::field)
        .isEqualTo(List.of("failCgroupV1"));
  }
}
