package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The demo is a test of its own: it checks what it shows. */
class DemoTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Console console() {
    return new Console(
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        InputStream.nullInputStream(),
        Map.of(),
        Path.of(""),
        false,
        false);
  }

  private void interrupted(String marker, String... args) throws Exception {
    var ended = new CompletableFuture<Integer>();
    var command =
        Thread.ofPlatform().start(() -> ended.complete(Main.run(List.of(args), console())));
    await().atMost(LIMIT).until(() -> out.toString().contains(marker));
    command.interrupt();
    command.join(LIMIT);
    assertThat(ended).isCompletedWithValue(1);
  }

  @Test
  @DisplayName("retune demo: every step comes as it should, and it ends by itself with 0")
  void demo() {
    int exitCode = Main.run(List.of("demo"), console());
    assertThat(exitCode).as("%s%s", out, err).isZero();
    assertThat(out.toString()).contains("checks hold").doesNotContain("✗");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  @DisplayName("Ctrl-C in the middle of the demo leaves no process and no file")
  void demoInterrupted() throws Exception {
    interrupted("$ retune assign node-1", "demo");
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  @DisplayName("retune sandbox prints the KUBECONFIG line, and Ctrl-C removes everything")
  void sandbox() throws Exception {
    interrupted("export KUBECONFIG=", "sandbox");
    var kubeconfig =
        out.toString()
            .lines()
            .filter(line -> line.startsWith("export KUBECONFIG="))
            .map(line -> Path.of(line.substring("export KUBECONFIG=".length())))
            .findFirst()
            .orElseThrow();
    assertThat(Files.exists(kubeconfig)).isFalse();
  }
}
