package dev.retune.agent.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.retune.api.NodeKubeletStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Serves the agent's metrics at {@code /metrics} and its own health at {@code /healthz}. */
public final class MetricsServer implements AutoCloseable {
  private final HttpServer server;
  private volatile NodeKubeletStatus status = NodeKubeletStatus.UNKNOWN;

  private MetricsServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts to serve.
   *
   * @param address where to listen; port 0 takes a free one
   * @throws IOException when the address is in use or is not one of this machine
   */
  public static MetricsServer start(InetSocketAddress address) throws IOException {
    try {
      var metrics = new MetricsServer(HttpServer.create(address, 16));
      metrics.server.createContext("/metrics", metrics::scrape);
      metrics.server.createContext("/healthz", exchange -> answer(exchange, "text/plain", "ok"));
      metrics.server.start();
      return metrics;
    } catch (IOException taken) {
      throw new IOException(
          "cannot listen on --metrics-address "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + taken.getMessage(),
          taken);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Makes this the status that is served from now on. */
  public void show(NodeKubeletStatus latest) {
    status = latest;
  }

  private void scrape(HttpExchange exchange) throws IOException {
    answer(exchange, "text/plain; version=0.0.4; charset=utf-8", Exposition.of(status));
  }

  private static void answer(HttpExchange exchange, String type, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
