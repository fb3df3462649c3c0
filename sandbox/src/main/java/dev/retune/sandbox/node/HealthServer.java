package dev.retune.sandbox.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** {@code /healthz} in plain HTTP on healthzBindAddress and healthzPort. */
final class HealthServer {

  private HealthServer() {}

  /**
   * Serves until the process ends.
   *
   * @throws IOException when the address is taken
   */
  static void start(InetSocketAddress address, FaultOrders faults) throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
    server.createContext("/", exchange -> answer(exchange, 404, "404 page not found\n"));
    server.createContext("/healthz", exchange -> healthz(exchange, faults));
    server.start();
  }

  private static void healthz(HttpExchange exchange, FaultOrders faults) throws IOException {
    if (faults.healthzHangs()) {
      hang();
    } else if (faults.healthzFails()) {
      answer(
          exchange, 500, "[+]ping ok\n[-]syncloop failed: reason withheld\nhealthz check failed\n");
    } else {
      answer(exchange, 200, "ok");
    }
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void answer(HttpExchange exchange, int code, String text) throws IOException {
    answer(exchange, code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  static void answer(HttpExchange exchange, int code, String type, byte[] body) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      if ("close".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Connection"))) {
        // As net/http of Go answers; the JDK's server closes and does not say so.
        exchange.getResponseHeaders().set("Connection", "close");
      }
      exchange.sendResponseHeaders(code, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }
}
