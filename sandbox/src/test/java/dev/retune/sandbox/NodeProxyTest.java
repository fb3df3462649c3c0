package dev.retune.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.retune.sandbox.Api.Answer;
import dev.retune.sandbox.pki.Authority;
import dev.retune.sandbox.pki.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NodeProxyTest {
  @RegisterExtension static final Fixture FIXTURE = Fixture.start();

  private static HttpsServer kubelet;
  private static HttpServer plain;
  private final Api api = FIXTURE.api();

  @BeforeAll
  static void start() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    kubelet = HttpsServer.create(any, 0);
    SSLContext tls = kubeletTls();
    kubelet.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters settings = tls.getDefaultSSLParameters();
            settings.setNeedClientAuth(true);
            parameters.setSSLParameters(settings);
          }
        });
    kubelet.createContext("/", NodeProxyTest::echo);
    kubelet.start();
    plain = HttpServer.create(any, 0);
    plain.createContext("/", NodeProxyTest::echo);
    plain.start();
    FIXTURE
        .sandbox()
        .apply(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: n1}
            status:
              addresses: [{type: Hostname, address: n1}, {type: InternalIP, address: 127.0.0.1}]
              daemonEndpoints: {kubeletEndpoint: {Port: %d}}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: silent}
            """
                .formatted(kubelet.getAddress().getPort()));
  }

  @AfterAll
  static void stop() {
    kubelet.stop(0);
    plain.stop(0);
  }

  @Test
  @DisplayName("a node's proxy asks its kubelet as a member of system:masters, signed by the CA")
  void asMaster() {
    Answer answer = api.get("/api/v1/nodes/n1/proxy/configz?a=b%20c");
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.body().path("path").asText()).isEqualTo("/configz?a=b%20c");
    assertThat(answer.body().path("who").asText())
        .contains("O=system:masters")
        .contains("CN=kube-apiserver-kubelet-client");
  }

  @Test
  @DisplayName("methods, bodies, paths and codes pass through")
  void passesThrough() {
    Answer answer = api.send("POST", "/api/v1/nodes/n1/proxy/run/x%20y/", "text/plain", "hello");
    assertThat(answer.body().path("path").asText()).isEqualTo("/run/x%20y/");
    assertThat(answer.body().path("method").asText()).isEqualTo("POST");
    assertThat(answer.body().path("body").asText()).isEqualTo("hello");
    assertThat(api.get("/api/v1/nodes/n1/proxy/teapot").code()).isEqualTo(418);
  }

  @Test
  @DisplayName("another port of the node is reached as NODE:PORT and SCHEME:NODE:PORT")
  void ports() {
    int tlsPort = kubelet.getAddress().getPort();
    int plainPort = plain.getAddress().getPort();
    for (String reference :
        List.of(
            "n1:" + tlsPort, "https:n1:" + tlsPort, "n1:" + plainPort, "http:n1:" + plainPort)) {
      assertThat(api.get("/api/v1/nodes/" + reference + "/proxy/healthz").code())
          .as(reference)
          .isEqualTo(200);
    }
    assertThat(api.get("/api/v1/nodes/ftp:n1:21/proxy/").code()).isEqualTo(400);
    assertThat(api.get("/api/v1/nodes/n1:http/proxy/").code()).isEqualTo(400);
  }

  @Test
  @DisplayName("a node that is not there, says nothing of its kubelet or does not answer")
  void failures() {
    assertThat(api.get("/api/v1/nodes/nowhere/proxy/configz").code()).isEqualTo(404);
    assertThat(api.get("/api/v1/nodes/silent/proxy/configz").message())
        .contains("silent")
        .contains("kubeletEndpoint");
    Answer refused = api.get("/api/v1/nodes/https:n1:1/proxy/configz");
    assertThat(refused.code()).isEqualTo(503);
    assertThat(refused.message()).contains("127.0.0.1:1");
  }

  private static SSLContext kubeletTls() throws Exception {
    Identity own =
        Authority.create("n1@1", Instant.now())
            .server("n1", List.of("n1"), List.of(), Instant.now());
    KeyStore clients = KeyStore.getInstance("PKCS12");
    clients.load(null, null);
    try (InputStream ca = Files.newInputStream(FIXTURE.sandbox().caCertificate())) {
      clients.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(ca));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(clients);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(own.keyManagers(), trust.getTrustManagers(), null);
    return tls;
  }

  private static void echo(HttpExchange exchange) throws IOException {
    String who =
        exchange instanceof HttpsExchange secure
            ? secure.getSSLSession().getPeerPrincipal().getName()
            : "";
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    byte[] answer =
        """
        {"path": "%s", "method": "%s", "body": "%s", "who": "%s"}
        """
            .formatted(exchange.getRequestURI(), exchange.getRequestMethod(), body, who)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    int code = exchange.getRequestURI().getPath().equals("/teapot") ? 418 : 200;
    exchange.sendResponseHeaders(code, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }
}
