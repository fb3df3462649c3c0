package dev.retune.kubelet.flags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.Verdict;
import dev.retune.kubelet.facts.Facts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static CommandLine parse(int minor, String... words) {
    return CommandLine.parse(Argument.ofCommandLine(List.of(words)), new KubeletVersion(minor));
  }

  private static Judgement judge(String document, int minor, String... words) {
    return KubeletConfig.judge(
        (HEADER + document).getBytes(StandardCharsets.UTF_8),
        Target.of(new KubeletVersion(minor)).with(parse(minor, words)));
  }

  @Test
  @DisplayName("AGENT-19 --max-pods=110 shadows maxPods: 200, with where the flag was written")
  void maxPods() {
    Argument flag =
        new Argument("--max-pods=110", new Origin("/var/lib/kubelet/kubeadm-flags.env", 1));
    KubeletVersion version = new KubeletVersion(36);
    Judgement judgement =
        KubeletConfig.judge(
            (HEADER + "maxPods: 200\npodsPerCore: 5\n").getBytes(StandardCharsets.UTF_8),
            Target.of(version).with(CommandLine.parse(List.of(flag), version)));

    assertThat(judgement.effective())
        .containsEntry("maxPods", 110L)
        .containsEntry("podsPerCore", 5L);
    assertThat(judgement.shadowed())
        .singleElement()
        .satisfies(shadowed -> {
          assertThat(shadowed.field()).isEqualTo("maxPods");
          assertThat(shadowed.differs()).isTrue();
          assertThat(shadowed.by())
              .hasToString("--max-pods=110 (/var/lib/kubelet/kubeadm-flags.env:1)");
        });
  }

  @Test
  @DisplayName("AGENT-19 A flag for a field the document leaves open shadows nothing")
  void notShadowed() {
    assertThat(judge("podsPerCore: 5\n", 36, "--max-pods=110").shadowed()).isEmpty();
    assertThat(judge("maxPods: 110\n", 36, "--max-pods=110").shadowed())
        .singleElement()
        .satisfies(shadowed -> assertThat(shadowed.differs()).isFalse());
  }

  @Test
  @DisplayName("AGENT-19 The values of flags of every kind arrive in their fields")
  void kinds() {
    Judgement judgement =
        judge(
            "evictionHard: {nodefs.available: 10%}\nclusterDNS: [10.0.0.1]\n",
            36,
            "--client-ca-file=/ca.crt",
            "--eviction-hard=memory.available<5%,pid.available<10%",
            "--cluster-dns=10.96.0.10,10.96.0.11",
            "--cluster-dns=fd00::10",
            "--fail-swap-on=false",
            "--enable-server",
            "--sync-frequency=90s",
            "--register-with-taints=a=b:NoSchedule,c:NoExecute",
            "--reserved-memory=0:memory=1Gi,hugepages-2Mi=2Gi;1:memory=512Mi",
            "--system-reserved",
            "cpu=500m,memory=1Gi",
            "--manifest-url-header=A:b,A:c",
            "-v4",
            "--vmodule=a*=3",
            "--log-flush-frequency=3s",
            "--pod_max_pids=100");

    assertThat(judgement.verdict()).as("%s", judgement.errors()).isEqualTo(Verdict.VALID);
    assertThat(judgement.effective())
        .containsEntry("evictionHard", Map.of("memory.available", "5%", "pid.available", "10%"))
        .containsEntry("clusterDNS", List.of("10.96.0.10", "10.96.0.11", "fd00::10"))
        .containsEntry("failSwapOn", false)
        .containsEntry("syncFrequency", "1m30s")
        .containsEntry("systemReserved", Map.of("cpu", "500m", "memory", "1Gi"))
        .containsEntry("staticPodURLHeader", Map.of("A", List.of("b", "c")))
        .containsEntry("podPidsLimit", 100L)
        .containsEntry(
            "registerWithTaints",
            List.of(
                Map.of("key", "a", "value", "b", "effect", "NoSchedule"),
                Map.of("key", "c", "effect", "NoExecute")));
    assertThat(String.valueOf(judgement.effective().get("authentication"))).contains("/ca.crt");
    assertThat(String.valueOf(judgement.effective().get("logging")))
        .contains("3s", "verbosity=4", "a*");
    assertThat(String.valueOf(judgement.effective().get("reservedMemory")))
        .contains("512Mi", "2Gi");
    assertThat(judgement.shadowed())
        .extracting(shadowed -> shadowed.field())
        .containsExactly("evictionHard", "clusterDNS");
  }

  @Test
  @DisplayName("AGENT-6 A wrong value from a flag is refused, and the flag is named")
  void wrongValue() {
    assertThat(judge("maxPods: 5\n", 36, "--max-pods=-1").errors())
        .singleElement()
        .satisfies(c -> {
          assertThat(c.field()).isEqualTo("maxPods");
          assertThat(c.message()).contains("-1 is not allowed", "--max-pods");
        });
    assertThat(judge("", 36, "--feature-gates=NoSuchGate=true").errors())
        .singleElement()
        .satisfies(c -> assertThat(c.message()).contains("--feature-gates"));
  }

  @Test
  @DisplayName("A flag that a version does not have ends its kubelet, and is told with its history")
  void unknownFlags() {
    assertThat(parse(34, "--pod-infra-container-image=registry.k8s.io/pause:3.9").problems())
        .isEmpty();
    assertThat(parse(35, "--pod-infra-container-image=registry.k8s.io/pause:3.9").problems())
        .singleElement()
        .satisfies(c -> {
          assertThat(c.field()).isEqualTo("--pod-infra-container-image");
          assertThat(c.message()).contains("1.34 was the last", "exits");
        });
    assertThat(parse(27, "--config-dir=/d").problems())
        .extracting(Complaint::message)
        .allMatch(message -> message.contains("it came with 1.28"));
    assertThat(parse(36, "--max-pod=1", "stray", "--network-plugin", "cni", "--v").problems())
        .extracting(Complaint::field)
        .containsExactly("--max-pod", "stray", "--network-plugin", "--v");
    assertThat(parse(36, "--max-pod=1").problems().getFirst().message())
        .contains("did you mean \"max-pods\"?");
    assertThat(
            parse(36, "--max-pods=many", "--sync-frequency=soon", "--feature-gates=A").problems())
        .hasSize(3);
  }

  @Test
  @DisplayName("Of a repeated flag the last one counts, lists and maps add up")
  void repeated() {
    CommandLine commandLine =
        parse(
            36,
            "--max-pods=1",
            "--max-pods=2",
            "--feature-gates=A=true",
            "--feature-gates=A=false,B=true");

    assertThat(commandLine.last("max-pods").orElseThrow().value()).isEqualTo("2");
    assertThat(commandLine.gates()).isEqualTo(Map.of("A", false, "B", true));
    assertThat(commandLine.settingFields()).hasSize(3);
  }

  @Test
  @DisplayName(
      "Flags that do not follow the rule: taints replace, one option a flag, seccomp only on")
  void exceptions() {
    assertThat(
            judge(
                    "",
                    36,
                    "--register-with-taints=a:NoSchedule",
                    "--register-with-taints=b:NoSchedule,c:NoExecute-")
                .effective())
        .containsEntry("registerWithTaints", List.of(Map.of("key", "b", "effect", "NoSchedule")));
    assertThat(
            judge("", 36, "--cpu-manager-policy-options=a=1,2", "--cpu-manager-policy-options=b=2")
                .effective())
        .containsEntry("cpuManagerPolicyOptions", Map.of("a", "1,2", "b", "2"));
    assertThat(judge("seccompDefault: true\n", 36, "--seccomp-default=false").effective())
        .containsEntry("seccompDefault", true);
    Judgement modules =
        judge("logging: {vmodule: [{filePattern: a, verbosity: 1}]}\n", 36, "--vmodule=b=2");
    assertThat(String.valueOf(modules.effective().get("logging")))
        .contains("filePattern=a", "filePattern=b");
    assertThat(modules.shadowed()).isEmpty();
    assertThat(judge("address: 10.0.0.1\n", 36, "--address=").effective())
        .containsEntry("address", "10.0.0.1");
    assertThat(judge("seccompDefault: false\n", 36, "--seccomp-default").effective())
        .containsEntry("seccompDefault", true);
  }

  @ParameterizedTest
  @CsvSource({"010, 8", "0x6E, 110", "0b11, 3", "0o17, 15", "+5, 5", "-3, -3", "1, 1"})
  @DisplayName("Whole numbers are read in the base that their spelling says, as Go does")
  void bases(String text, String value) {
    assertThat(parse(36, "--oom-score-adj=" + text).problems()).isEmpty();
    assertThat(judge("", 36, "--oom-score-adj=" + text).effective().get("oomScoreAdj"))
        .hasToString(value);
  }

  @Test
  @DisplayName("A flag can be older than its field: then it shadows nothing")
  void olderThanTheField() {
    String flag = "--container-runtime-endpoint=unix:///run/x.sock";

    assertThat(judge("", 26, flag).effective()).doesNotContainKey("containerRuntimeEndpoint");
    assertThat(judge("", 27, flag).effective())
        .containsEntry("containerRuntimeEndpoint", "unix:///run/x.sock");
  }

  @Test
  @DisplayName("Every flag that sets a field sets one that some version has")
  void fieldsExist() {
    for (KubeletVersion version : KubeletVersion.known()) {
      FlagTable.of(version)
          .all()
          .values()
          .forEach(flag ->
              assertThat(!flag.setsField() || Facts.of(version).root().hasField(flag.steps()))
                  .as(flag.name())
                  .isTrue());
    }
    KubeletVersion newest = KubeletVersion.newest();
    assertThat(FlagTable.of(newest).all().values().stream().filter(Flag::setsField).count())
        .isGreaterThan(100);
  }
}
