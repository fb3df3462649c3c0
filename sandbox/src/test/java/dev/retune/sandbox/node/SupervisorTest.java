package dev.retune.sandbox.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the supervisor must have in common with systemd 252, whose answers these are. */
class SupervisorTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Supervisor supervisor = new Supervisor(UnitSpec.of("none.service", "true"));

  @AfterEach
  void close() {
    supervisor.close();
  }

  private static ConditionFactory eventually(String what) {
    return await(what).atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
  }

  private Path script(String body) throws IOException {
    Path script = directory.resolve("script");
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private Supervisor supervise(UnitSpec spec) {
    supervisor.close();
    supervisor = new Supervisor(spec);
    return supervisor;
  }

  @Test
  @DisplayName("A unit that runs is active and running, and dead after a stop, with success")
  void startAndStop() throws Exception {
    supervise(UnitSpec.of("u.service", script("echo ready; exec sleep 1000").toString())).start();
    eventually("output").until(() -> supervisor.lastLines(5), List.of("ready")::equals);
    UnitState running = supervisor.state();
    assertThat(running.activeState()).isEqualTo("active");
    assertThat(running.subState()).isEqualTo("running");
    assertThat(running.mainPid()).isPresent();
    assertThat(running.invocationId()).matches("[0-9a-f]{32}");
    long pid = running.mainPid().orElseThrow();

    supervisor.stop();
    UnitState stopped = supervisor.state();
    assertThat(stopped.activeState()).isEqualTo("inactive");
    assertThat(stopped.subState()).isEqualTo("dead");
    assertThat(stopped.result()).isEqualTo("success");
    assertThat(stopped.mainPid()).isEmpty();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  @DisplayName(
      "AGENT-13 a crash loop is counted: auto-restart between two starts, exit status, NRestarts, lines of the last start")
  void crashLoop() throws Exception {
    Path count = directory.resolve("count");
    UnitSpec spec =
        UnitSpec.of(
                "u.service",
                script("echo x >> " + count + "; echo start $(wc -l < " + count + "); exit 3")
                    .toString())
            .withRestartSec(Duration.ofMillis(300));
    supervise(spec).start();
    eventually("auto-restart").until(() -> supervisor.state().subState().equals("auto-restart"));
    UnitState waiting = supervisor.state();
    assertThat(waiting.activeState()).isEqualTo("activating");
    assertThat(waiting.result()).isEqualTo("exit-code");
    assertThat(waiting.execMainStatus()).isEqualTo(3);
    assertThat(waiting.mainPid()).isEmpty();
    String first = waiting.invocationId();

    eventually("two restarts")
        .until(() -> supervisor.state().restarts() >= 2 && supervisor.lastLines(9).size() == 1);
    assertThat(supervisor.state().invocationId()).isNotEqualTo(first);
    assertThat(supervisor.log()).startsWith("start 1", "start 2", "start 3");
    assertThat(supervisor.lastLines(9)).hasSize(1).doesNotContain("start 1");

    supervisor.stop();
    long starts = Files.readAllLines(count).size();
    eventually("stays stopped")
        .during(Duration.ofMillis(500))
        .until(() -> Files.readAllLines(count).size() == starts);
  }

  @Test
  @DisplayName(
      "Restart=always also starts again after exit code 0; a restart by somebody begins to count anew")
  void always() throws Exception {
    supervise(
            UnitSpec.of("u.service", script("exit 0").toString())
                .withRestartSec(Duration.ofMillis(20)))
        .start();
    eventually("restarts").until(() -> supervisor.state().restarts() >= 2);
    supervisor.stop();
    supervise(UnitSpec.of("u.service", script("exec sleep 1000").toString())).start();
    String first = supervisor.state().invocationId();
    supervisor.restart();
    assertThat(supervisor.state().restarts()).isZero();
    assertThat(supervisor.state().subState()).isEqualTo("running");
    assertThat(supervisor.state().invocationId()).isNotEqualTo(first);
  }

  @Test
  @DisplayName("A process that is killed has the result signal and the signal's number")
  void killed() throws Exception {
    supervise(
            UnitSpec.of("u.service", script("exec sleep 1000").toString())
                .withRestartSec(Duration.ofMinutes(1)))
        .start();
    ProcessHandle.of(supervisor.state().mainPid().orElseThrow()).orElseThrow().destroyForcibly();
    eventually("death seen").until(() -> supervisor.state().subState().equals("auto-restart"));
    assertThat(supervisor.state().result()).isEqualTo("signal");
    assertThat(supervisor.state().execMainStatus()).isEqualTo(9);
  }

  @Test
  @DisplayName("A process that ignores SIGTERM is killed after TimeoutStopSec")
  void stubborn() throws Exception {
    supervise(
            UnitSpec.of(
                    "u.service",
                    script("trap '' TERM; echo ready; while :; do sleep 1; done").toString())
                .withTimeoutStopSec(Duration.ofMillis(200)))
        .start();
    eventually("output").until(() -> supervisor.lastLines(1), List.of("ready")::equals);
    supervisor.stop();
    assertThat(supervisor.state().subState()).isEqualTo("dead");
    assertThat(supervisor.state().result()).isEqualTo("signal");
    assertThat(supervisor.state().execMainStatus()).isEqualTo(9);
  }

  @Test
  @DisplayName("A command that is not there has exit status 203 and is tried again")
  void missing() {
    supervise(
            UnitSpec.of("u.service", directory.resolve("nothing").toString())
                .withRestartSec(Duration.ofMillis(20)))
        .start();
    eventually("tried again").until(() -> supervisor.state().restarts() >= 2);
    assertThat(supervisor.state().execMainStatus()).isEqualTo(203);
    assertThat(supervisor.state().subState()).isEqualTo("auto-restart");
  }

  @Test
  @DisplayName(
      "AGENT-8 an EnvironmentFile wins over Environment, is read at each start and may be missing; $NAME is split, ${NAME} is not")
  void environment() throws Exception {
    Path file = directory.resolve("kubelet.env");
    UnitSpec spec =
        UnitSpec.of(
                "u.service",
                script("for a in \"$@\"; do echo \"[$a]\"; done; exec sleep 1000")
                    + " $ARGS \"two words\" ${ARGS} $NOTHING end")
            .withEnvironment("ARGS", "--a=1 --b=2")
            .withEnvironmentFile(file);
    supervise(spec).start();
    eventually("arguments")
        .until(
            () -> supervisor.lastLines(9),
            List.of("[--a=1]", "[--b=2]", "[two words]", "[--a=1 --b=2]", "[end]")::equals);

    Files.writeString(file, "# a comment\nARGS=\"--config=/x  --c='3 4'\"\n");
    supervisor.restart();
    eventually("new arguments")
        .until(() -> supervisor.lastLines(2), List.of("[--config=/x  --c='3 4']", "[end]")::equals);
    assertThat(supervisor.lastLines(9)).startsWith("[--config=/x]", "[--c=3 4]");
  }
}
