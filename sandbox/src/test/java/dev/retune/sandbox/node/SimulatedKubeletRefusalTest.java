package dev.retune.sandbox.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each row of the two tables of what real kubelets refuse and die of. */
class SimulatedKubeletRefusalTest {

  @TempDir Path directory;

  private static final String PASS = "stat /nonexistent/kubeconfig: no such file or directory\"";

  private KubeletProcess judge(String document) throws IOException {
    KubeletProcess kubelet = KubeletProcess.in(directory);
    Files.writeString(kubelet.config(), document);
    return kubelet.start("--kubeconfig=/nonexistent/kubeconfig");
  }

  private static String document(String... lines) {
    return "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"
        + String.join("\n", lines)
        + "\n";
  }

  @Test
  @DisplayName(
      "AGENT-6 a good document ends at the kubeconfig that does not exist, within a second or two")
  void good() throws IOException {
    long start = System.nanoTime();
    try (KubeletProcess kubelet = judge(document("maxPods: 100"))) {
      assertThat(kubelet.end()).isEqualTo(1);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      System.out.printf("simulated kubelet: judges in %d ms%n", took.toMillis());
      assertThat(kubelet.lastLine())
          .matches(
              "E\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{6} +"
                  + kubelet.process().pid()
                  + " run\\.go:74\\] \"command failed\" err=.*")
          .endsWith("err=\"failed to run Kubelet: invalid kubeconfig: " + PASS);
    }
  }

  @Test
  @DisplayName("AGENT-6 with rotateCertificates the pass has other words and the same path")
  void rotating() throws IOException {
    try (KubeletProcess kubelet = judge(document("rotateCertificates: true"))) {
      assertThat(kubelet.end()).isEqualTo(1);
      assertThat(kubelet.lastLine())
          .endsWith("err=\"failed to run Kubelet: unable to load kubeconfig: " + PASS);
    }
  }

  @Test
  @DisplayName("AGENT-6 an unknown field passes with a warning, as a kubelet is lenient there")
  void lenient() throws IOException {
    try (KubeletProcess kubelet = judge(document("maxPodz: 100"))) {
      assertThat(kubelet.end()).isEqualTo(1);
      assertThat(kubelet.lastLine()).endsWith(PASS);
      assertThat(kubelet.log())
          .contains("Using lenient decoding as strict decoding failed")
          .contains("maxPodz");
    }
  }

  @Test
  @DisplayName("AGENT-6 values that are not valid are refused in the kubelet's words")
  void invalid() throws IOException {
    try (KubeletProcess kubelet = judge(document("maxPods: -5", "kubeAPIQPS: -1"))) {
      assertThat(kubelet.end()).isEqualTo(1);
      assertThat(kubelet.lastLine())
          .contains(
              "failed to validate kubelet configuration, error: [invalid configuration: kubeAPIQPS (--kube-api-qps) -1 must"
                  + " not be a negative number, invalid configuration: maxPods (--max-pods) -5 must not be a negative"
                  + " number], path: ");
    }
  }

  @Test
  @DisplayName("AGENT-6 a document that cannot be parsed is refused in the kubelet's words")
  void undecodable() throws IOException {
    try (KubeletProcess kubelet = judge("{0xdeadbeef}")) {
      assertThat(kubelet.end()).isEqualTo(1);
      assertThat(kubelet.lastLine())
          .contains(
              "failed to load kubelet config file, path: "
                  + kubelet.config()
                  + ", error: failed to load Kubelet config file")
          .contains("error failed to decode: couldn't get version/kind; json parse error: ");
    }
  }

  @Test
  @DisplayName("AGENT-6 a gate that the version does not know is refused")
  void unknownGate() throws IOException {
    try (KubeletProcess kubelet = judge(document("featureGates: {DynamicKubeletConfig: true}"))) {
      assertThat(kubelet.end()).isEqualTo(1);
      assertThat(kubelet.lastLine())
          .contains("failed to set feature gates from initial flags-based config: ")
          .contains("DynamicKubeletConfig");
    }
  }

  @Test
  @DisplayName("AGENT-6 judging leaves files only in the two throw-away directories")
  void traces() throws IOException {
    try (KubeletProcess kubelet = judge(document("maxPods: 100"))) {
      kubelet.end();
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsOnly("config.yaml", "kubelet", "kubelet.java", "log", "root")
            .doesNotContain("pki");
      }
    }
  }

  @Test
  @DisplayName("A configuration file that is missing or empty ends the kubelet")
  void missingFile() throws IOException {
    try (KubeletProcess kubelet = KubeletProcess.in(directory).start()) {
      assertThat(kubelet.end()).isEqualTo(1);
      assertThat(kubelet.lastLine())
          .contains("failed to load kubelet config file, path: ")
          .contains("no such file or directory");
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("AGENT-13 what passes the judge and then ends the kubelet, each with its words")
  @CsvSource(
      delimiter = '|',
      value = {
        "kubeReserved: {bogus: '1'} | failed to run Kubelet: --kube-reserved value failed to parse: cannot reserve \\\"bogus\\\" resource",
        "systemReserved: {cpu: '-1'} | failed to run Kubelet: --system-reserved value failed to parse: resource quantity for \\\"cpu\\\" cannot be negative",
        "evictionHard: {memory.availabel: 100Mi} | failed to run Kubelet: unsupported eviction signal memory.availabel",
        "evictionSoft: {memory.available: 200Mi} | grace period must be specified for the soft eviction threshold memory.available",
        "kubeReserved: {memory: 900Gi} | \\\"Failed to start ContainerManager\\\" err=\\\"invalid Node Allocatable configuration. Resource",
        "authentication: {x509: {clientCAFile: /nope.crt}} | failed to run Kubelet: open /nope.crt: no such file or directory",
        "{tlsCertFile: /nope.crt, tlsPrivateKeyFile: /nope.key} | failed to initialize file based certificate manager: open /nope.crt: no such file or directory",
        "containerRuntimeEndpoint: unix:///nope.sock | validate CRI v1 runtime API for endpoint",
      })
  void dies(String line, String words) throws IOException {
    String content =
        line.startsWith("{") ? line.substring(1, line.length() - 1).replace(", ", "\n") : line;
    try (KubeletProcess kubelet = KubeletProcess.in(directory).configured(content)) {
      kubelet.start("--kubeconfig=/nonexistent/kubeconfig");
      kubelet.end();
      assertThat(kubelet.lastLine()).as("the judge lets it pass").endsWith(PASS);

      kubelet.start();
      assertThat(kubelet.end()).isEqualTo(1);
      String expected = words.startsWith("\\\"Failed") ? words.replace("\\\"", "\"") : words;
      assertThat(kubelet.log()).contains(expected);
    }
  }

  @Test
  @DisplayName(
      "AGENT-18 another cpuManagerPolicy than the state file's ends the kubelet until the file is gone")
  void stateFiles() throws IOException {
    try (KubeletProcess kubelet = KubeletProcess.in(directory).configured()) {
      kubelet.start().healthy();
      kubelet.process().destroy();
      kubelet.end();
      Path state = kubelet.root().resolve("cpu_manager_state");
      assertThat(state)
          .hasContent("{\"policyName\":\"none\",\"defaultCpuSet\":\"\",\"checksum\":1353318690}");
      assertThat(kubelet.root().resolve("memory_manager_state"))
          .hasContent(
              "{\"policyName\":\"None\",\"machineState\":{},\"entries\":{},\"checksum\":4236770233}");

      kubelet.configured("cpuManagerPolicy: static", "kubeReserved: {cpu: 500m}").start();
      assertThat(kubelet.end()).isEqualTo(1);
      assertThat(kubelet.lastLine())
          .contains("Failed to start ContainerManager")
          .contains(
              "configured policy \\\"static\\\" differs from state checkpoint policy \\\"none\\\"");

      Files.delete(state);
      kubelet.start().healthy();
      assertThat(state).content().contains("\"policyName\":\"static\"");
    }
  }

  @Test
  @DisplayName("AGENT-18 the static CPU policy without reserved CPUs ends the kubelet")
  void staticWithoutReservation() throws IOException {
    try (KubeletProcess kubelet =
        KubeletProcess.in(directory).configured("cpuManagerPolicy: static").start()) {
      assertThat(kubelet.end()).isEqualTo(1);
      assertThat(kubelet.lastLine())
          .contains(
              "the static policy requires systemreserved.cpu + kubereserved.cpu to be greater than zero");
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("A flag no kubelet 1.36 has, or a value it cannot read, ends it with 1")
  @CsvSource(
      delimiter = '|',
      value = {
        "--network-plugin=cni | failed to parse kubelet flag: unknown flag: --network-plugin",
        "--dynamic-config-dir=/x | failed to parse kubelet flag: unknown flag: --dynamic-config-dir",
        "--max-pods=many | failed to parse kubelet flag: invalid argument \\\"many\\\" for \\\"--max-pods\\\" flag: strconv.ParseInt",
        "--max-pods | failed to parse kubelet flag: flag needs an argument: --max-pods",
        "stray | unknown command stray",
      })
  void badFlags(String argument, String words) throws IOException {
    try (KubeletProcess kubelet = KubeletProcess.in(directory).startPlain(argument)) {
      assertThat(kubelet.end()).isEqualTo(1);
      assertThat(kubelet.lastLine()).contains(words);
    }
  }

  @Test
  @DisplayName("KUBELET-2 it prints its version, and another one when that is ordered")
  void version() throws Exception {
    try (KubeletProcess kubelet = KubeletProcess.in(directory).startPlain("--version")) {
      assertThat(kubelet.end()).isZero();
      assertThat(kubelet.log()).isEqualTo("Kubernetes v1.36.2\n");
      ProcessBuilder other =
          new ProcessBuilder(directory.resolve("kubelet").toString(), "--version");
      other.environment().putAll(Map.of(SimulatedKubelet.VERSION_VARIABLE, "v1.29.3"));
      assertThat(other.start().inputReader().readLine()).isEqualTo("Kubernetes v1.29.3");
    }
  }
}
