package dev.retune.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeClientTest {

  private static final Duration SECONDS = Duration.ofSeconds(5);

  @TempDir Path directory;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private KubeClient client() {
    return client(server.config(Credentials.anonymous()));
  }

  private static KubeClient client(KubeConfig config) {
    return new KubeClient(config, SECONDS, SECONDS);
  }

  private static Credentials certificate(Material certificate, Material key) {
    return new Credentials(
        Optional.of(new Credentials.ClientCertificate(certificate, key)),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  @DisplayName("get, create, update and delete send what the API expects")
  void verbs() throws Exception {
    server.answer((request, exchange) ->
        TestServer.json(exchange, 200, "{\"m\":\"" + request.method() + "\"}"));
    try (KubeClient client = client()) {
      assertThat(client.get("/api/v1/nodes/n1?x=1")).isEqualTo(Map.of("m", "GET"));
      assertThat(client.create("/api/v1/nodes", Map.of("a", 1))).isEqualTo(Map.of("m", "POST"));
      assertThat(client.update("/api/v1/nodes/n1", Map.of("b", 2))).isEqualTo(Map.of("m", "PUT"));
      assertThat(client.delete("/api/v1/nodes/n1")).isEqualTo(Map.of("m", "DELETE"));
      assertThat(client.getText("/healthz")).isEqualTo("{\"m\":\"GET\"}");
    }
    assertThat(server.requests)
        .extracting(TestServer.Request::path, TestServer.Request::body)
        .startsWith(
            tuple("/api/v1/nodes/n1?x=1", ""),
            tuple("/api/v1/nodes", "{\"a\":1}"),
            tuple("/api/v1/nodes/n1", "{\"b\":2}"));
    assertThat(server.requests.get(1).header("Content-type")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @CsvSource({
    "rsa-pkcs8.crt, rsa-pkcs8.key, 'CN=system:node:n1,O=system:nodes'",
    "rsa-pkcs8.crt, rsa-pkcs1.key, 'CN=system:node:n1,O=system:nodes'",
    "ec-sec1.crt, ec-sec1.key, 'CN=system:node:n2,O=system:nodes'",
    "ec-sec1.crt, ec-pkcs8.key, 'CN=system:node:n2,O=system:nodes'",
  })
  @DisplayName("a client certificate is the identity, whatever form its key has")
  void clientCertificate(String certificate, String key, String identity) throws Exception {
    Credentials credentials = certificate(Pki.material(certificate), Pki.material(key));
    try (KubeClient client = client(server.config(credentials))) {
      client.get("/");
    }
    assertThat(server.requests.getFirst().identity().replace(" ", "")).isEqualTo(identity);
  }

  @Test
  @DisplayName("bug 38: a rotated certificate file is used from the next request on")
  void rotation() throws Exception {
    Path pem = directory.resolve("kubelet-client-current.pem");
    Files.writeString(pem, Pki.text("rsa-pkcs8.crt") + Pki.text("rsa-pkcs1.key"));
    Credentials credentials = certificate(new Material.InFile(pem), new Material.InFile(pem));
    try (KubeClient client = client(server.config(credentials))) {
      client.get("/");
      client.get("/");

      Path next = directory.resolve("next");
      Files.writeString(next, Pki.text("ec-sec1.crt") + Pki.text("ec-sec1.key"));
      Files.move(next, pem, StandardCopyOption.ATOMIC_MOVE);
      client.get("/");

      Files.writeString(pem, "half a certi");
      client.get("/");
    }
    assertThat(server.requests)
        .extracting(request -> request.identity().replaceAll(",.*", ""))
        .containsExactly(
            "CN=system:node:n1", "CN=system:node:n1", "CN=system:node:n2", "CN=system:node:n2");
  }

  @Test
  @DisplayName("tokens, token files (read anew) and passwords go into the Authorization header")
  void authorization() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "one\n");
    Credentials credentials =
        new Credentials(Optional.empty(), Optional.of(new Material.InFile(file)), Optional.empty());
    try (KubeClient client = client(server.config(credentials))) {
      client.get("/");
      Files.writeString(file, "two");
      client.get("/");
    }
    Credentials password =
        new Credentials(
            Optional.empty(), Optional.empty(), Optional.of(new Credentials.Password("me", "pw")));
    try (KubeClient client = client(server.config(password))) {
      client.get("/");
    }
    assertThat(server.requests)
        .extracting(request -> request.header("Authorization"))
        .containsExactly("Bearer one", "Bearer two", "Basic bWU6cHc=");
  }

  @Test
  @DisplayName("a server that the authority has not signed, or of another name, is not talked to")
  void trust() throws Exception {
    KubeConfig good = server.config(Credentials.anonymous());
    KubeConfig otherAuthority =
        trusting(good, Optional.of(Pki.material("other-ca.crt")), false, Optional.empty());
    try (KubeClient client = client(otherAuthority)) {
      assertThatThrownBy(() -> client.get("/"))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(ApiException.class)
          .hasMessageContaining(server.url().toString());
    }
    KubeConfig anyone = trusting(good, Optional.empty(), true, Optional.empty());
    try (KubeClient client = client(anyone)) {
      assertThat(client.get("/")).isEmpty();
    }
    try (TestServer named = new TestServer("named", 0)) {
      KubeConfig wrongName = named.config(Credentials.anonymous());
      try (KubeClient client = client(wrongName)) {
        assertThatThrownBy(() -> client.get("/")).isInstanceOf(IOException.class);
      }
      try (KubeClient client =
          client(
              trusting(
                  wrongName,
                  wrongName.authority(),
                  false,
                  Optional.of("kubernetes.default.svc")))) {
        assertThat(client.get("/")).isEmpty();
      }
      try (KubeClient client =
          client(trusting(wrongName, Optional.empty(), true, Optional.empty()))) {
        assertThat(client.get("/")).isEmpty();
      }
    }
  }

  private static KubeConfig trusting(
      KubeConfig config, Optional<Material> authority, boolean insecure, Optional<String> name) {
    return new KubeConfig(
        config.server(),
        authority,
        insecure,
        name,
        config.proxy(),
        config.credentials(),
        config.namespace(),
        "t");
  }

  @Test
  @DisplayName("a Status becomes code, reason and message")
  void status() throws Exception {
    server.answer(
        (_, exchange) -> TestServer.status(exchange, 404, "NotFound", "nodes \"n1\" not found"));
    try (KubeClient client = client()) {
      assertThatThrownBy(() -> client.get("/api/v1/nodes/n1"))
          .hasMessage("nodes \"n1\" not found")
          .asInstanceOf(type(ApiException.class))
          .satisfies(e -> {
            assertThat(e.code()).isEqualTo(404);
            assertThat(e.reason()).isEqualTo("NotFound");
            assertThat(e.isNotFound()).isTrue();
          });
      assertThat(client.find("/api/v1/nodes/n1")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 403, 500})
  @DisplayName("an answer that is no Status still tells its code, also to a create")
  void noStatus(int code) throws Exception {
    server.answer((_, exchange) -> TestServer.json(exchange, code, "go away"));
    try (KubeClient client = client()) {
      assertThatThrownBy(() -> client.get("/")).hasMessageContaining("HTTP status " + code);
      assertThatThrownBy(() -> client.create("/", Map.of()))
          .asInstanceOf(type(ApiException.class))
          .returns(code, ApiException::code);
    }
    assertThat(server.requests).hasSize(2);
  }

  @Test
  @DisplayName(
      "a 429 is waited out when its Retry-After fits into the read timeout, else told at once")
  void tooManyRequests() throws Exception {
    AtomicInteger count = new AtomicInteger();
    server.answer((_, exchange) -> {
      if (count.getAndIncrement() < 2) {
        exchange.getResponseHeaders().add("Retry-After", "0");
        TestServer.status(exchange, 429, "TooManyRequests", "slow down");
      } else {
        TestServer.json(exchange, 200, "{}");
      }
    });
    try (KubeClient client = client()) {
      assertThat(client.create("/", Map.of())).isEmpty();
      assertThat(count).hasValue(3);

      server.answer((_, exchange) -> {
        exchange.getResponseHeaders().add("Retry-After", "30");
        TestServer.status(exchange, 429, "TooManyRequests", "slow down");
      });
      assertThatThrownBy(() -> client.get("/"))
          .asInstanceOf(type(ApiException.class))
          .returns(Optional.of(Duration.ofSeconds(30)), ApiException::retryAfter);
    }
  }

  @Test
  @DisplayName("modify starts again from the new object when somebody else was faster")
  void conflict() throws Exception {
    AtomicInteger version = new AtomicInteger();
    server.answer((request, exchange) -> {
      if (request.method().equals("GET")) {
        TestServer.json(exchange, 200, "{\"v\":" + version.incrementAndGet() + "}");
      } else if (version.get() < 3) {
        TestServer.status(exchange, 409, "Conflict", "changed meanwhile");
      } else {
        TestServer.json(exchange, 200, request.body());
      }
    });
    try (KubeClient client = client()) {
      Map<String, @Nullable Object> result =
          client.modifyStatus(
              "/x",
              object -> {
                Tree.put(object, true, "status", "ok");
                return object;
              });
      assertThat(result).isEqualTo(Tree.object("v", 3L, "status", Map.of("ok", true)));
    }
    assertThat(server.requests)
        .extracting(TestServer.Request::method, TestServer.Request::path)
        .filteredOn(t -> t.toList().getFirst().equals("PUT"))
        .hasSize(3)
        .allMatch(t -> t.toList().get(1).equals("/x/status"));
  }

  @Test
  @DisplayName("modify does not write what is not changed, and gives up on another refusal")
  void noChange() throws Exception {
    server.answer((_, exchange) -> TestServer.json(exchange, 200, "{\"a\":{\"b\":[1]}}"));
    try (KubeClient client = client()) {
      client.modify("/x", object -> object);
      assertThat(server.requests).hasSize(1);

      server.answer((request, exchange) -> {
        if (request.method().equals("GET")) {
          TestServer.json(exchange, 200, "{}");
        } else {
          TestServer.status(exchange, 409, "AlreadyExists", "is there");
        }
      });
      assertThatThrownBy(() -> client.modify("/x", _ -> Tree.object("c", 1)))
          .asInstanceOf(type(ApiException.class))
          .returns(true, ApiException::isAlreadyExists);
    }
  }

  @Test
  @DisplayName("a collection is read page by page")
  void pages() throws Exception {
    server.answer((request, exchange) ->
        TestServer.json(
            exchange,
            200,
            request.path().contains("continue=a%2Fb")
                ? "{\"metadata\":{},\"items\":[{\"n\":2}]}"
                : "{\"metadata\":{\"continue\":\"a/b\"},\"items\":[{\"n\":1}]}"));
    try (KubeClient client = client()) {
      assertThat(client.list("/api/v1/nodes?labelSelector=x"))
          .isEqualTo(List.of(Map.of("n", 1L), Map.of("n", 2L)));
    }
  }

  @Test
  @DisplayName("no server, a silent server and a closed client end in time and name the server")
  void unreachable() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    KubeConfig good = server.config(Credentials.anonymous());
    KubeConfig nobody =
        new KubeConfig(
            URI.create("https://127.0.0.1:" + port),
            good.authority(),
            false,
            Optional.empty(),
            Optional.empty(),
            good.credentials(),
            Optional.empty(),
            "t");
    try (KubeClient client = client(nobody)) {
      assertThatThrownBy(() -> client.get("/"))
          .isNotInstanceOf(ApiException.class)
          .hasMessageStartingWith("no answer from https://127.0.0.1:" + port);
    }
    CountDownLatch never = new CountDownLatch(1);
    server.answer((_, _) -> awaitQuietly(never));
    try (KubeClient client = client().withReadTimeout(Duration.ofMillis(200))) {
      assertThatThrownBy(() -> client.get("/")).hasMessageContaining("timed out");
      assertThatThrownBy(() -> client.create("/", Map.of())).hasMessageContaining("timed out");
    }
    KubeClient client = client();
    CountDownLatch asked = new CountDownLatch(1);
    server.answer((_, _) -> {
      asked.countDown();
      awaitQuietly(never);
    });
    FutureTask<Map<String, @Nullable Object>> call = new FutureTask<>(() -> client.get("/"));
    Thread.ofPlatform().start(call);
    assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
    client.close();
    assertThatThrownBy(() -> call.get(2, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    never.countDown();
  }

  @Test
  @DisplayName("a create is sent once even when the kept connection dies under it")
  void noSecondCreate() throws Exception {
    AtomicInteger creates = new AtomicInteger();
    server.answer((request, exchange) -> {
      if (request.method().equals("POST")) {
        creates.incrementAndGet();
        throw new IOException("connection dropped on purpose");
      }
      TestServer.json(exchange, 200, "{}");
    });
    try (KubeClient client = client()) {
      client.get("/");
      assertThatThrownBy(() -> client.create("/", Map.of())).isInstanceOf(IOException.class);
    }
    assertThat(creates).hasValue(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
