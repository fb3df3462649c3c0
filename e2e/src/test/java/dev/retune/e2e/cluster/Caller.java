package dev.retune.e2e.cluster;

import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import dev.retune.kube.Yaml;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Any request to an API server with the certificate of a kubeconfig that {@link TestCluster} wrote:
 * one cluster, one user, all inside. What comes back is looked at, not turned into errors.
 */
public final class Caller implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final char[] NO_PASSWORD = new char[0];

  private final URI server;
  private final HttpClient client;

  private Caller(URI server, HttpClient client) {
    this.server = server;
    this.client = client;
  }

  /** An answer of the API server. */
  public record Answer(int code, String body) {
    /** {@code message} of a Status; the whole body when it is none. */
    public String message() throws IOException {
      Map<String, @Nullable Object> tree = Json.parseObject(body.getBytes(StandardCharsets.UTF_8));
      return Tree.string(tree, "message").orElse(body);
    }
  }

  public static Caller of(Path kubeconfig) throws IOException, GeneralSecurityException {
    @SuppressWarnings("unchecked") // keys of a kubeconfig are strings
    var tree =
        (Map<String, @Nullable Object>)
            Objects.requireNonNull(Yaml.parseAll(Files.readString(kubeconfig)).getFirst());
    var cluster = Tree.maps(tree, "clusters").getFirst();
    var user = Tree.maps(tree, "users").getFirst();
    SSLContext tls = SSLContext.getInstance("TLS");
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(
        "own",
        key(data(user, "user", "client-key-data")),
        NO_PASSWORD,
        new Certificate[] {certificate(data(user, "user", "client-certificate-data"))});
    keys.init(own, NO_PASSWORD);
    KeyStore authority = KeyStore.getInstance("PKCS12");
    authority.load(null, null);
    authority.setCertificateEntry(
        "ca", certificate(data(cluster, "cluster", "certificate-authority-data")));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(authority);
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return new Caller(
        URI.create(Tree.string(cluster, "cluster", "server").orElseThrow()),
        HttpClient.newBuilder()
            .sslContext(tls)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build());
  }

  /**
   * Sends a request and waits for the whole answer.
   *
   * @param contentType empty for a request without a body
   */
  public Answer send(String method, String path, String contentType, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private static byte[] data(Map<String, @Nullable Object> entry, String part, String field) {
    return Base64.getDecoder().decode(Tree.string(entry, part, field).orElseThrow());
  }

  private static Certificate certificate(byte[] pem) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem));
  }

  private static PrivateKey key(byte[] pem) throws GeneralSecurityException {
    String inside =
        new String(pem, StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(inside)));
  }
}
