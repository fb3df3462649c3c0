package dev.retune.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.Document;
import dev.retune.agent.core.Ruling;
import dev.retune.agent.core.Ruling.Accepted;
import dev.retune.agent.core.Ruling.Refused;
import dev.retune.agent.core.Ruling.Stage;
import dev.retune.kubelet.flags.Argument;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentJudgeTest {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1/healthz");
  private static final String HEADER =
      """
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      failSwapOn: false
      resolvConf: ""
      containerRuntimeEndpoint: unix:///run/containerd.sock
      """;

  @TempDir Path root;
  private final List<Document> asked = new ArrayList<>();
  private Path kubelet = Path.of("kubelet");

  @BeforeEach
  void node() throws IOException {
    kubelet = root.resolve("kubelet");
    Files.createDirectories(root.resolve("run"));
    Files.createFile(root.resolve("run/containerd.sock"));
    version("Kubernetes v1.33.4");
  }

  @Test
  @DisplayName("AGENT-6 the kubelet binary is asked last, and not about what is refused already")
  void order() throws IOException, InterruptedException {
    assertThat(refused("maxPods: -5\n"))
        .isEqualTo(
            new Refused(
                Stage.VALIDATE,
                "InvalidValue",
                "maxPods: -5 is not allowed; kubelet 1.33 wants 0 or more (line 6) (kubelet"
                    + " 1.33)"));
    assertThat(refused("maxPod: 5\n").reason()).isEqualTo("UnknownOrDuplicateField");
    assertThat(refused("maxPods: five\n").stage()).isEqualTo(Stage.LOAD);
    assertThat(refused("evictionHard: {memory.availabel: 1Gi}\n").reason())
        .isEqualTo("NodePrecondition");
    assertThat(asked).isEmpty();

    assertThat(judge("maxPods: 5\n", List.of())).isInstanceOf(Accepted.class);
    assertThat(asked).hasSize(1);
  }

  @Test
  @DisplayName(
      "bug 13: AGENT-6 the candidate is judged with the gates of all flags of the command line")
  void gates() throws IOException, InterruptedException {
    List<String> commandLine =
        List.of(
            "/usr/bin/kubelet",
            "--feature-gates=CustomCPUCFSQuotaPeriod=true,NodeSwap=true",
            "--feature-gates",
            "NodeSwap=false");

    assertThat(judge("cpuCFSQuotaPeriod: 10ms\n", List.of())).isInstanceOf(Refused.class);
    assertThat(judge("cpuCFSQuotaPeriod: 10ms\n", commandLine)).isInstanceOf(Accepted.class);
  }

  @Test
  @DisplayName("AGENT-19 a field that a flag overrides is said, and the flag's value is judged")
  void shadowed() throws IOException, InterruptedException {
    assertThat(judge("maxPods: 200\n", List.of("/usr/bin/kubelet", "--max-pods=110")))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted ->
                assertThat(accepted.warnings())
                    .containsExactly(
                        "maxPods: has no effect, set by --max-pods=110 (the command line)"));
    assertThat(judge("maxPods: 200\n", List.of("/usr/bin/kubelet", "--max-pods=-1")))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.message()).contains("-1 is not allowed", "--max-pods"));
  }

  @Test
  @DisplayName("AGENT-8 a relative path is refused, whichever field has it")
  void relativePaths() throws IOException, InterruptedException {
    assertThat(refused("staticPodPath: manifests\n").message())
        .contains("staticPodPath", "relative");
  }

  @Test
  @DisplayName("AGENT-6 what depends on the cgroup version is judged for this node")
  void cgroups() throws IOException, InterruptedException {
    assertThat(refused("singleProcessOOMKill: false\n").message()).contains("cgroup v1");

    Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.createFile(root.resolve("sys/fs/cgroup/cgroup.controllers"));

    assertThat(judge("singleProcessOOMKill: false\n", List.of())).isInstanceOf(Accepted.class);
  }

  @Test
  @DisplayName("AGENT-6 reservations above what this machine has are refused before any restart")
  void capacity() throws IOException, InterruptedException {
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(root.resolve("proc/meminfo"), "MemTotal:       16384000 kB\nMemFree: 1 kB\n");
    Files.createDirectories(root.resolve("sys/devices/system/cpu"));
    Files.writeString(root.resolve("sys/devices/system/cpu/online"), "0-2,5\n");
    Files.createDirectories(root.resolve("sys/devices/system/node/node0"));

    assertThat(refused("kubeReserved: {memory: 900Gi}\n").message())
        .contains("kubeReserved[memory]", "the node has 16777216000", "exits");
    assertThat(refused("systemReserved: {cpu: 4100m}\n").message())
        .contains("systemReserved[cpu]", "the node has 4");
    assertThat(refused("reservedSystemCPUs: '0,3'\n").message())
        .contains("reservedSystemCPUs", "3");
    assertThat(judge("systemReserved: {cpu: '4', memory: 10Gi}\n", List.of()))
        .isInstanceOf(Accepted.class);
    assertThat(
            refused(
                    """
                    memoryManagerPolicy: Static
                    kubeReserved: {memory: 924Mi}
                    evictionHard: {memory.available: 100Mi}
                    reservedMemory: [{numaNode: 1, limits: {memory: 1Gi}}]
                    """)
                .message())
        .contains("no NUMA node 1");
  }

  private Refused refused(String document) throws IOException, InterruptedException {
    return (Refused) judge(document, List.of());
  }

  private Ruling judge(String document, List<String> commandLine)
      throws IOException, InterruptedException {
    BinaryJudge binary =
        (candidate, arguments) -> {
          asked.add(candidate);
          return new BinaryJudge.Answer.Pass();
        };
    return new DocumentJudge(
            new LinuxNodeProbe(kubelet, NOWHERE), binary, new LinuxNodePreconditions(root))
        .judge(
            Document.of(HEADER + document),
            new Surroundings(
                Argument.ofCommandLine(commandLine.stream().skip(1).toList()), List.of()));
  }

  private void version(String answer) throws IOException {
    Files.writeString(kubelet, "#!/bin/sh\necho '" + answer + "'\n");
    Files.setPosixFilePermissions(kubelet, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
