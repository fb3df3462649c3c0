package dev.retune.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxNodeProbeTest {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1/healthz");

  @TempDir Path directory;

  @Test
  @DisplayName(
      "AGENT-11 a process is seen with its command line and its start on the boot-time clock")
  void process() throws IOException {
    var probe = new LinuxNodeProbe(directory, NOWHERE);
    var sleep = new ProcessBuilder("sleep", "60").start();
    try {
      var seen = probe.process(sleep.pid()).orElseThrow();
      var now = probe.now();

      assertThat(seen.commandLine()).containsExactly("sleep", "60");
      assertThat(seen.startedAt()).isBetween(now.sinceBoot().minusSeconds(5), now.sinceBoot());
      assertThat(now.wallAt(seen.startedAt())).isCloseTo(now.wall(), within(Duration.ofSeconds(5)));
    } finally {
      sleep.destroyForcibly();
    }
  }

  @Test
  @DisplayName("AGENT-11 healthy is 200 and ok; anything else, or nobody, is not")
  void healthz() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.createContext("/ok", exchange -> answer(exchange, 200, "ok"));
    server.createContext("/bad", exchange -> answer(exchange, 500, "syncloop not healthy"));
    server.createContext("/other", exchange -> answer(exchange, 200, "<html>"));
    server.start();
    try {
      String base = "http://127.0.0.1:" + server.getAddress().getPort();
      assertThat(new LinuxNodeProbe(directory, URI.create(base + "/ok")).healthy()).isTrue();
      assertThat(new LinuxNodeProbe(directory, URI.create(base + "/bad")).healthy()).isFalse();
      assertThat(new LinuxNodeProbe(directory, URI.create(base + "/other")).healthy()).isFalse();
    } finally {
      server.stop(0);
    }
    assertThat(new LinuxNodeProbe(directory, NOWHERE).healthy()).isFalse();
  }

  @Test
  @DisplayName(
      "KUBELET-2 the version is the binary's own, and is asked again when the file changes")
  void version() throws Exception {
    Path binary = directory.resolve("kubelet");
    var probe = new LinuxNodeProbe(binary, NOWHERE);

    script(binary, "echo Kubernetes v1.30.4");
    assertThat(probe.kubeletVersion()).isEqualTo("v1.30.4");
    script(binary, "echo Kubernetes v1.36.2-rc.1");
    assertThat(probe.kubeletVersion()).isEqualTo("v1.36.2-rc.1");
  }

  @Test
  @DisplayName("KUBELET-2 warnings around the version, and a binary that prints an essay, are cut")
  void versionLine() throws Exception {
    Path binary = directory.resolve("kubelet");
    var probe = new LinuxNodeProbe(binary, NOWHERE);

    script(binary, "echo W1120 a warning >&2; echo Kubernetes v1.31.0; echo more");
    assertThat(probe.kubeletVersion()).isEqualTo("v1.31.0");
    script(binary, "head -c 5000 /dev/zero | tr '\\0' x");
    assertThat(probe.kubeletVersion()).hasSize(100);
  }

  @Test
  @DisplayName(
      "KUBELET-2 a binary that fails is not run at every look, but again once it is replaced")
  void failingBinary() throws Exception {
    Path binary = directory.resolve("kubelet");
    Path runs = directory.resolve("runs");
    var probe = new LinuxNodeProbe(binary, NOWHERE);

    script(binary, "echo run >> " + runs + "; echo broken; exit 3");
    for (int look = 0; look < 5; look++) {
      assertThatThrownBy(probe::kubeletVersion).hasMessageContaining("exit code 3: broken");
    }
    assertThat(runs).hasContent("run\n");
    script(binary, "echo Kubernetes v1.36.2");
    assertThat(probe.kubeletVersion()).isEqualTo("v1.36.2");
  }

  private static void script(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
