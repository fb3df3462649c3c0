package dev.retune.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.api.ConfigErrors;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.FieldsStatus;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeConfigStatus;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Test
  @DisplayName(
      "bug 21: the metrics that kubelets had are there under their names, with their labels")
  void scrape() throws IOException {
    var assigned =
        NodeConfigSource.of(
            ConfigMapNodeConfigSource.reference("kube-system", "a", "kubelet")
                .resolved("u1", "42"));
    try (var server = MetricsServer.start(ANY_PORT)) {
      server.show(
          new NodeKubeletStatus(
              new NodeConfigStatus(
                  Optional.of(assigned), Optional.empty(), Optional.empty(), ConfigErrors.LOAD),
              Optional.of(Phase.Rejected),
              Optional.empty(),
              "",
              "",
              Optional.empty(),
              3,
              1,
              FieldsStatus.NONE,
              List.of()));

      assertThat(get(server, "/metrics").lines())
          .contains(
              "# TYPE kubelet_node_config_assigned gauge",
              "kubelet_node_config_assigned{node_config_kubelet_key=\"kubelet\","
                  + "node_config_resource_version=\"42\","
                  + "node_config_source=\"/api/v1/namespaces/kube-system/configmaps/a\","
                  + "node_config_uid=\"u1\"} 1",
              "kubelet_node_config_active{node_config_kubelet_key=\"\","
                  + "node_config_resource_version=\"\",node_config_source=\"local\","
                  + "node_config_uid=\"\"} 1",
              "kubelet_node_config_error 1",
              "retune_kubelet_restarts_total 3",
              "retune_phase{phase=\"Rejected\"} 1",
              "retune_phase{phase=\"Good\"} 0");
      assertThat(get(server, "/healthz")).isEqualTo("ok");
    }
  }

  @Test
  @DisplayName("what is no request for the metrics is told so, and the next one is served")
  void otherRequests() throws IOException {
    try (var server = MetricsServer.start(ANY_PORT)) {
      assertThat(ask(server, "GET /nothing HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
      assertThat(ask(server, "DELETE /metrics HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 405 ");
      assertThat(ask(server, "hello\r\n\r\n")).startsWith("HTTP/1.1 400 ");
      assertThat(ask(server, "GET /metrics HTTP/1.1\r\nX: " + "x".repeat(9000)))
          .startsWith("HTTP/1.1 400 ");
      assertThat(ask(server, "HEAD /metrics?now HTTP/1.1\r\n\r\n"))
          .startsWith("HTTP/1.1 200 ")
          .endsWith("\r\n\r\n");
      assertThat(get(server, "/healthz")).isEqualTo("ok");
    }
  }

  private static String ask(MetricsServer server, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  @DisplayName("an address that is taken is named in the error")
  void addressTaken() throws IOException {
    try (var first = MetricsServer.start(ANY_PORT)) {
      assertThatThrownBy(() -> MetricsServer.start(first.address()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("--metrics-address 127.0.0.1:" + first.address().getPort());
    }
  }

  private static String get(MetricsServer server, String path) throws IOException {
    var url = URI.create("http://127.0.0.1:" + server.address().getPort() + path).toURL();
    try (var body = url.openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
