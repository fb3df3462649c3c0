package dev.retune.sandbox.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.retune.sandbox.faults.Faults;
import dev.retune.sandbox.faults.Match;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The HTTPS front: HTTP/1.1 on the loopback interface, a virtual thread per request, client
 * certificates asked for but not required, because a bearer token may come instead.
 */
public final class ApiServer implements AutoCloseable, Faults.Network {
  private static final int BACKLOG = 1024;

  static {
    // Read once by jdk.httpserver: without nodelay a small answer waits 40 ms for an ACK, and with
    // the default of 200 idle connections a fleet reconnects for every request.
    setUnlessSet("sun.net.httpserver.nodelay", "true");
    setUnlessSet("sun.net.httpserver.maxIdleConnections", "20000");
    setUnlessSet("sun.net.httpserver.idleInterval", "300");
  }

  private final SSLContext tls;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Router router;
  private @Nullable HttpsServer server;
  private int port;

  ApiServer(SSLContext tls, int port, Router router) {
    this.tls = tls;
    this.port = port;
    this.router = router;
  }

  void start() throws IOException {
    listen();
  }

  /** The port it listens on, also while it is gone. */
  public synchronized int port() {
    return port;
  }

  /** How many watches are running. */
  public int watches() {
    return router.watches().count();
  }

  @Override
  public synchronized void disconnect() {
    HttpsServer running = server;
    if (running != null) {
      server = null;
      router.watches().drop(Match.any());
      running.stop(0);
    }
  }

  @Override
  public synchronized void reconnect() {
    try {
      if (server == null) {
        listen();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void dropWatches(Match match) {
    router.watches().drop(match);
  }

  @Override
  public void expireWatches(Match match) {
    router.watches().expire(match);
  }

  @Override
  public void compact() {
    router.compact();
  }

  @Override
  public void close() {
    disconnect();
    threads.shutdownNow();
  }

  private synchronized void listen() throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpsServer fresh = HttpsServer.create(address, BACKLOG);
    fresh.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters settings = tls.getDefaultSSLParameters();
            settings.setWantClientAuth(true);
            parameters.setSSLParameters(settings);
          }
        });
    fresh.setExecutor(threads);
    fresh.createContext("/", this::handle);
    fresh.start();
    server = fresh;
    port = fresh.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    router.handle((HttpsExchange) exchange, port);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
