package dev.retune.sandbox.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.retune.kube.Json;
import dev.retune.kube.Pem;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The kubelet's own API on {@code port}: {@code /healthz} and {@code /configz} over TLS, for
 * clients with a certificate of the authority in authentication.x509.clientCAFile. Every such
 * client is allowed; a real kubelet with webhook authorization would ask the API server first.
 */
final class KubeletServer {

  private static final byte[] UNAUTHORIZED =
      "Unauthorized".getBytes(java.nio.charset.StandardCharsets.UTF_8);

  private final Map<String, @Nullable Object> config;
  private final Optional<X509TrustManager> clients;

  private KubeletServer(Map<String, @Nullable Object> config, Optional<X509TrustManager> clients) {
    this.config = config;
    this.clients = clients;
  }

  /** Serves until the process ends. */
  static void start(
      InetSocketAddress address,
      Map<String, @Nullable Object> config,
      Path certificates,
      String node,
      Clock clock)
      throws IOException, GeneralSecurityException {
    KubeletServer kubelet = new KubeletServer(config, clientAuthority(config));
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(
        ServingCertificate.of(config, certificates, node, clock),
        new TrustManager[] {new AskedLater()},
        null);
    HttpsServer server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
    server.createContext(
        "/", exchange -> HealthServer.answer(exchange, 404, "404 page not found\n"));
    server.createContext(
        "/healthz",
        exchange ->
            kubelet.guarded(
                exchange,
                "text/plain; charset=utf-8",
                "ok".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    server.createContext("/configz", kubelet::configz);
    server.start();
  }

  private static Optional<X509TrustManager> clientAuthority(Map<String, @Nullable Object> config)
      throws IOException, GeneralSecurityException {
    Optional<String> file =
        Tree.string(config, "authentication", "x509", "clientCAFile")
            .filter(name -> !name.isEmpty());
    if (file.isEmpty()) {
      return Optional.empty();
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int count = 0;
    for (X509Certificate authority : Pem.certificates(Files.readAllBytes(Path.of(file.get())))) {
      store.setCertificateEntry("ca-" + count++, authority);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return Optional.of((X509TrustManager) factory.getTrustManagers()[0]);
  }

  private void configz(HttpExchange exchange) throws IOException {
    guarded(exchange, "application/json", Json.write(Map.of("kubeletconfig", config)));
  }

  private void guarded(HttpExchange exchange, String type, byte[] body) throws IOException {
    boolean anonymous = Tree.bool(config, "authentication", "anonymous", "enabled").orElse(false);
    if (trusted(exchange)) {
      HealthServer.answer(exchange, 200, type, body);
    } else if (!anonymous) {
      HealthServer.answer(exchange, 401, "text/plain; charset=utf-8", UNAUTHORIZED);
    } else if (Tree.string(config, "authorization", "mode").orElse("").equals("AlwaysAllow")) {
      HealthServer.answer(exchange, 200, type, body);
    } else {
      HealthServer.answer(
          exchange,
          403,
          "Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource=configz)");
    }
  }

  private boolean trusted(HttpExchange exchange) {
    if (clients.isEmpty()) {
      return false;
    }
    try {
      Certificate[] chain = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates();
      X509Certificate[] certificates = new X509Certificate[chain.length];
      for (int i = 0; i < chain.length; i++) {
        certificates[i] = (X509Certificate) chain[i];
      }
      clients.get().checkClientTrusted(certificates, "UNKNOWN");
      return true;
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      return false;
    }
  }

  /**
   * Lets every certificate through the handshake: like a Go server, this one judges it per request
   * and answers 401.
   */
  private static final class AskedLater extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
