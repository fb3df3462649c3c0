package dev.retune.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.retune.agent.core.Document;
import dev.retune.agent.node.BinaryJudge.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The texts are those that kubelets 1.20 and 1.36 print. */
class KubeletBinaryJudgeTest {
  private static final String HEADER =
      "E1120 10:00:00.000000    4711 run.go:74] \"command failed\" err=";

  @TempDir Path directory;

  @Test
  @DisplayName("AGENT-6 ending at the kubeconfig that does not exist is a pass, whatever the words")
  void pass() {
    assertThat(
            read(
                HEADER
                    + "\"failed to run Kubelet: invalid kubeconfig: stat /nonexistent/kubeconfig:"
                    + " no such file or directory\""))
        .isEqualTo(new Answer.Pass());
    assertThat(
            read(
                HEADER
                    + "\"failed to run Kubelet: unable to load kubeconfig: stat"
                    + " /nonexistent/kubeconfig: no such file or directory\""))
        .isEqualTo(new Answer.Pass());
  }

  @Test
  @DisplayName(
      "AGENT-6 a config that cannot be loaded or validated is refused in the kubelet's words")
  void refused() {
    assertThat(
            read(
                HEADER
                    + "\"failed to load kubelet config file, path: /c, error: failed to load"
                    + " Kubelet config file /c, error failed to decode\""))
        .isInstanceOfSatisfying(
            Answer.CannotLoad.class,
            answer -> assertThat(answer.words()).startsWith("failed to load kubelet config"));
    assertThat(
            read(
                HEADER
                    + "\"failed to validate kubelet configuration, error: [invalid configuration:"
                    + " maxPods (--max-pods) -5 must not be a negative number], path: &TypeMeta\""))
        .isInstanceOf(Answer.CannotValidate.class);
    assertThat(
            read(
                HEADER
                    + "\"failed to set feature gates from initial flags-based config:"
                    + " unrecognized feature gate: Bogus\""))
        .isInstanceOf(Answer.CannotValidate.class);
  }

  @Test
  @DisplayName("AGENT-6 a stack trace after the error, and warnings about gates, change nothing")
  void noise() {
    assertThat(
            read("F1120 server.go:198] failed to load Kubelet config file /c\ngoroutine 1:\nx\n"))
        .isInstanceOf(Answer.CannotLoad.class);
    assertThat(
            read(
                "W1120 10:00:00.000000 1 feature_gate.go:237] Setting GA feature gate"
                    + " NodeSwap=true. It will be removed in a future release.\n"
                    + HEADER
                    + "\"failed to run Kubelet: stat /nonexistent/kubeconfig: no such file\""))
        .isEqualTo(new Answer.Pass());
  }

  @Test
  @DisplayName("AGENT-6 a kubelet that logs its flags, or logs JSON, is not misread")
  void otherLogs() {
    assertThat(
            read(
                "I1120 10:00:00.000000 1 flags.go:64] FLAG:"
                    + " --kubeconfig=\"/nonexistent/kubeconfig\"\nsignal: killed"))
        .isInstanceOf(Answer.None.class);
    assertThat(
            read(
                "{\"ts\":1,\"msg\":\"command failed\",\"err\":\"failed to validate kubelet"
                    + " configuration, error: maxPods\"}"))
        .isEqualTo(
            new Answer.CannotValidate("failed to validate kubelet configuration, error: maxPods"));
  }

  @Test
  @DisplayName("AGENT-6 the kubelet's words do not name a file that is gone, and are kept short")
  void wordsForPeople() throws Exception {
    Path binary =
        script(
            """
            for a in "$@"; do case $a in --config=*) c=${a#--config=} ;; esac; done
            echo "failed to load kubelet config file, path: $c, error: \\"x\\"" >&2
            """);
    assertThat(new KubeletBinaryJudge(binary).judge(Document.of("{"), List.of()))
        .isEqualTo(
            new Answer.CannotLoad(
                "failed to load kubelet config file, path: <candidate>, error: \"x\""));
    assertThat(read("unrecognized feature gate: " + "x".repeat(100_000)))
        .isInstanceOfSatisfying(
            Answer.CannotValidate.class,
            answer -> assertThat(answer.words()).hasSizeLessThan(5000));
  }

  @Test
  @DisplayName("AGENT-6 a binary that prints megabytes is still understood")
  void muchOutput() throws Exception {
    Path binary =
        script(
            """
            head -c 3000000 /dev/zero | tr '\\0' x
            echo
            echo 'stat /nonexistent/kubeconfig: no such file or directory'
            exit 1
            """);
    assertThat(new KubeletBinaryJudge(binary).judge(Document.of("{}"), List.of()))
        .isEqualTo(new Answer.Pass());
  }

  @Test
  @DisplayName(
      "AGENT-6 a binary that does not end gives no answer, and is killed with its children")
  void endless() throws Exception {
    Path child = directory.resolve("child");
    Path binary =
        script(
            """
            sleep 1000 &
            echo $! > %s
            wait
            """
                .formatted(child));
    assertThat(
            new KubeletBinaryJudge(binary, Duration.ofMillis(500))
                .judge(Document.of("{}"), List.of()))
        .isInstanceOf(Answer.None.class);
    long pid = Long.parseLong(Files.readString(child).strip());
    await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  @DisplayName("AGENT-6 anything else is no answer")
  void none() {
    assertThat(read("signal: killed")).isInstanceOf(Answer.None.class);
    assertThat(read("")).isInstanceOf(Answer.None.class);
  }

  @Test
  @DisplayName("AGENT-6 flags that would let the candidate touch the node are left out")
  void harmless() {
    assertThat(
            KubeletBinaryJudge.harmless(
                List.of(
                    "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf",
                    "--kubeconfig",
                    "/etc/kubernetes/kubelet.conf",
                    "--config=/var/lib/kubelet/config.yaml",
                    "--exit-on-lock-contention",
                    "--lock-file=/run/kubelet.lock",
                    "--max-pods=110",
                    "--node-ip",
                    "10.0.0.1",
                    "--root-dir=/data/kubelet",
                    "--feature-gates=NodeSwap=true")))
        .containsExactly(
            "--max-pods=110", "--node-ip", "10.0.0.1", "--feature-gates=NodeSwap=true");
  }

  @Test
  @DisplayName(
      "AGENT-6 the binary gets the document and throw-away directories, and they are removed")
  void runsTheBinary() throws Exception {
    Path log = directory.resolve("log");
    Path binary =
        script(
            """
            for a in "$@"; do
              echo "$a" >> %s
              case $a in --config=*) cat "${a#--config=}" >> %s ;; esac
            done
            echo 'stat /nonexistent/kubeconfig: no such file or directory' >&2
            exit 1
            """
                .formatted(log, log));

    var answer =
        new KubeletBinaryJudge(binary)
            .judge(Document.of("kind: KubeletConfiguration\n"), List.of("--max-pods=7"));

    assertThat(answer).isEqualTo(new Answer.Pass());
    var lines = Files.readAllLines(log);
    assertThat(lines).contains("--max-pods=7", "kind: KubeletConfiguration");
    var root =
        lines.stream().filter(line -> line.startsWith("--root-dir=")).findFirst().orElseThrow();
    assertThat(Path.of(root.substring("--root-dir=".length()))).doesNotExist();
  }

  @Test
  @DisplayName("AGENT-6 a binary that is not there gives no answer")
  void noBinary() throws Exception {
    assertThat(
            new KubeletBinaryJudge(directory.resolve("absent")).judge(Document.of("{}"), List.of()))
        .isInstanceOf(Answer.None.class);
  }

  private static Answer read(String output) {
    return KubeletBinaryJudge.read(new Commands.Outcome(1, output));
  }

  private Path script(String body) throws IOException {
    Path file = Files.writeString(directory.resolve("kubelet"), "#!/bin/sh\n" + body);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
