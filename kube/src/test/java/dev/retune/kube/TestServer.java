package dev.retune.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;

/** An HTTPS server on a free port that answers as each test says and remembers who asked what. */
final class TestServer implements AutoCloseable {

  /** What one request was. */
  record Request(
      String method, String path, String body, String identity, Map<String, List<String>> headers) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }
  }

  /** What to answer. */
  interface Answer {
    void to(Request request, HttpExchange exchange) throws IOException;
  }

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Answer answer = (_, exchange) -> json(exchange, 200, "{}");

  TestServer() throws Exception {
    this("server", 0);
  }

  TestServer(String certificate, int port) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "server",
        Pem.privateKey(Pki.bytes(certificate + ".key")),
        new char[0],
        Pem.certificates(Pki.bytes(certificate + ".crt")).toArray(X509Certificate[]::new));
    KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(keys, new char[0]);
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, null);
    authorities.setCertificateEntry("ca", Pem.certificates(Pki.bytes("ca.crt")).getFirst());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(authorities);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);

    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = tls.getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("https://127.0.0.1:" + port());
  }

  int port() {
    return server.getAddress().getPort();
  }

  KubeConfig config(Credentials credentials) {
    return new KubeConfig(
        url(),
        Optional.of(Pki.material("ca.crt")),
        false,
        Optional.empty(),
        Optional.empty(),
        credentials,
        Optional.empty(),
        "test");
  }

  void answer(Answer next) {
    answer = next;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String identity = "";
      try {
        identity = ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName();
      } catch (SSLPeerUnverifiedException e) {
        identity = "nobody";
      }
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              body,
              identity,
              Map.copyOf(exchange.getRequestHeaders()));
      requests.add(request);
      answer.to(request, exchange);
    }
  }

  static void json(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static void status(HttpExchange exchange, int code, String reason, String message)
      throws IOException {
    json(
        exchange,
        code,
        new String(
            Json.write(
                Tree.object("kind", "Status", "reason", reason, "message", message, "code", code)),
            StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
