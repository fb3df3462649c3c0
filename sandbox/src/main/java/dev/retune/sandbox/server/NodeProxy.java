package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.retune.sandbox.pki.Identity;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.BuiltIns;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.server.RequestInfo.Target;
import dev.retune.sandbox.store.Key;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * {@code /api/v1/nodes/NODE/proxy/…}: forwards to the kubelet of the node, as a member of
 * system:masters. {@code NODE:PORT} and {@code https:NODE:PORT} (or {@code http:}) go to another
 * port of the node.
 *
 * <p>Kubelets sign their own serving certificates unless told otherwise, and an API server without
 * {@code --kubelet-certificate-authority}, which is how kubeadm sets it up, accepts any; so does
 * this one.
 */
final class NodeProxy {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  private final Registry registry;
  private final HttpClient client;

  NodeProxy(Registry registry, Identity identity) throws GeneralSecurityException {
    this.registry = registry;
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(identity.keyManagers(), new TrustManager[] {new AnyKubelet()}, null);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(tls)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  private record Endpoint(String scheme, String host, int port) {}

  void forward(Request request, Target target) throws IOException, InterruptedException {
    Endpoint endpoint = endpoint(target.name());
    String path =
        target.rest().stream()
            .map(segment -> URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/", "/", ""));
    if (request.uri().getRawPath().endsWith("/") && !path.endsWith("/")) {
      path += "/";
    }
    String query = request.uri().getRawQuery();
    String host = endpoint.host().contains(":") ? "[" + endpoint.host() + "]" : endpoint.host();
    URI uri =
        URI.create(
            endpoint.scheme()
                + "://"
                + host
                + ":"
                + endpoint.port()
                + path
                + (query == null ? "" : "?" + query));
    HttpRequest.Builder forwarded =
        HttpRequest.newBuilder(uri)
            .timeout(ANSWER_TIMEOUT)
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request.header("Content-Type").ifPresent(type -> forwarded.header("Content-Type", type));
    request.header("Accept").ifPresent(type -> forwarded.header("Accept", type));
    HttpResponse<InputStream> response;
    try {
      response = client.send(forwarded.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw ApiFailure.unavailable(
          "error trying to reach service: %s: %s"
              .formatted(uri.getAuthority(), e.getMessage() == null ? e : e.getMessage()));
    }
    HttpExchange exchange = request.answer();
    try (InputStream body = response.body()) {
      response
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      exchange.sendResponseHeaders(response.statusCode(), 0);
      try (OutputStream out = exchange.getResponseBody()) {
        body.transferTo(out);
      }
    }
    exchange.close();
  }

  /** Reads {@code NODE}, {@code NODE:PORT} and {@code SCHEME:NODE:PORT}. */
  private Endpoint endpoint(String reference) {
    List<String> parts = List.of(reference.split(":", -1));
    String scheme = parts.size() == 3 ? parts.getFirst() : "";
    String name = parts.size() == 3 ? parts.get(1) : parts.getFirst();
    String port = parts.size() == 1 ? "" : parts.getLast();
    boolean known = scheme.isEmpty() || scheme.equals("https") || scheme.equals("http");
    if (parts.size() > 3 || !known) {
      throw ApiFailure.badRequest("invalid node request \"" + reference + "\"");
    }
    ObjectNode node = registry.get(BuiltIns.NODES, new Key("", name)).tree();
    int kubeletPort =
        node.path("status").path("daemonEndpoints").path("kubeletEndpoint").path("Port").asInt(0);
    int chosen = port.isEmpty() ? kubeletPort : number(port, reference);
    if (chosen == 0) {
      throw ApiFailure.unavailable(
          "node %s has no status.daemonEndpoints.kubeletEndpoint.Port".formatted(name));
    }
    boolean tls = scheme.isEmpty() ? chosen == kubeletPort : scheme.equals("https");
    return new Endpoint(tls ? "https" : "http", address(node, name), chosen);
  }

  private static int number(String port, String reference) {
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw ApiFailure.badRequest("invalid node request \"" + reference + "\"");
    }
  }

  private static String address(ObjectNode node, String name) {
    for (JsonNode address : node.path("status").path("addresses")) {
      if (address.path("type").asText().equals("InternalIP")) {
        return address.path("address").asText();
      }
    }
    throw ApiFailure.unavailable("no preferred addresses found; node " + name + " has none");
  }

  private static final class AnyKubelet extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
