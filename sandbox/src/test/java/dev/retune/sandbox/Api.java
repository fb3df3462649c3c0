package dev.retune.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.store.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Plain HTTP requests to a sandbox, as a member of system:masters with a bearer token. */
final class Api implements AutoCloseable {
  static final String MERGE = "application/merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";
  static final String APPLY = "application/apply-patch+yaml";
  private static final String TOKEN = "token-of-the-tests";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final URI server;
  private final HttpClient client;

  Api(Sandbox sandbox) {
    this.server = sandbox.server();
    sandbox.token(TOKEN, "tester", List.of("system:masters"));
    this.client =
        HttpClient.newBuilder()
            .sslContext(trusting(sandbox))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /** An answer: its code, its body and what else a test may want of it. */
  record Answer(int code, JsonNode body, HttpResponse<String> response) {
    String reason() {
      return body.path("reason").asText();
    }

    String message() {
      return body.path("message").asText();
    }

    String revision() {
      return body.path("metadata").path("resourceVersion").asText();
    }
  }

  Answer get(String path) {
    return send("GET", path, "", "");
  }

  Answer post(String path, String body) {
    return send("POST", path, "application/yaml", body);
  }

  Answer put(String path, JsonNode body) {
    return send("PUT", path, "application/json", body.toString());
  }

  Answer patch(String path, String contentType, String body) {
    return send("PATCH", path, contentType, body);
  }

  Answer delete(String path) {
    return send("DELETE", path, "", "");
  }

  Answer delete(String path, String options) {
    return send("DELETE", path, "application/json", options);
  }

  Answer send(String method, String path, String contentType, String body) {
    try {
      return request(
          builder(path).method(method, HttpRequest.BodyPublishers.ofString(body)), contentType);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  /** A request without a token, or with headers of its own. */
  Answer request(HttpRequest.Builder builder, String contentType) throws IOException {
    if (!contentType.isEmpty()) {
      builder.header("Content-Type", contentType);
    }
    try {
      HttpResponse<String> response =
          client.send(
              builder.timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      String type = response.headers().firstValue("Content-Type").orElse("");
      JsonNode body =
          type.startsWith("application/json")
              ? Json.MAPPER.readTree(response.body())
              : Json.object();
      return new Answer(response.statusCode(), body, response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  HttpRequest.Builder builder(String path) {
    return HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + TOKEN);
  }

  HttpRequest.Builder anonymous(String path) {
    return HttpRequest.newBuilder(server.resolve(path));
  }

  Watch watch(String path) {
    return new Watch(path);
  }

  /** A client that asks and never reads the answer. */
  Stalled stalled(String path) throws IOException {
    SSLSocket socket = (SSLSocket) client.sslContext().getSocketFactory().createSocket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    socket.getOutputStream().write(rawRequest(path, "").getBytes(StandardCharsets.US_ASCII));
    return new Stalled(socket);
  }

  /** The status line that answers an attempt to open a WebSocket. */
  String upgrade(String path) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            client
                .sslContext()
                .getSocketFactory()
                .createSocket(server.getHost(), server.getPort())) {
      String upgrade =
          String.join(
              "\r\n",
              "Connection: Upgrade",
              "Upgrade: websocket",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "");
      socket.getOutputStream().write(rawRequest(path, upgrade).getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }

  private String rawRequest(String path, String headers) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n%s\r\n"
        .formatted(path, server.getAuthority(), TOKEN, headers);
  }

  /** See {@link #stalled}. */
  record Stalled(SSLSocket socket) implements AutoCloseable {
    boolean isOpen() {
      return !socket.isClosed();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  static ObjectNode object(JsonNode node) {
    return (ObjectNode) node;
  }

  /** A running watch, read line by line in a thread of its own. */
  final class Watch implements AutoCloseable {
    private static final String END = "";
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final InputStream stream;

    private Watch(String path) {
      try {
        HttpResponse<InputStream> response =
            client.send(builder(path).build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
          throw new AssertionError("watch: " + response.statusCode());
        }
        stream = response.body();
      } catch (IOException e) {
        throw new AssertionError(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
      Thread.ofVirtual().start(this::read);
    }

    /** The next event. Fails when there is none for a while or the stream has ended. */
    JsonNode next() {
      String line = line();
      if (line.equals(END)) {
        throw new AssertionError("the stream has ended");
      }
      try {
        return Json.MAPPER.readTree(line);
      } catch (IOException e) {
        throw new AssertionError(line, e);
      }
    }

    /** The next event as {@code TYPE name}. */
    String brief() {
      JsonNode event = next();
      String name = event.path("object").path("metadata").path("name").asText("");
      return (event.path("type").asText() + " " + name).strip();
    }

    /** Passes over what is still to come. */
    void skipToEnd() {
      String line = line();
      while (!line.equals(END)) {
        line = line();
      }
    }

    boolean hasEnded() {
      return line().equals(END);
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }

    private String line() {
      try {
        String line = lines.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
          throw new AssertionError("no event within " + PATIENCE);
        }
        return line;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    private void read() {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        reader.lines().filter(line -> !line.isBlank()).forEach(lines::add);
      } catch (IOException | UncheckedIOException broken) {
        lines.add(END);
        return;
      }
      lines.add(END);
    }
  }

  private static SSLContext trusting(Sandbox sandbox) {
    try (InputStream ca = Files.newInputStream(sandbox.caCertificate())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(ca));
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return tls;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
