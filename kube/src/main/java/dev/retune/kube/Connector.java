package dev.retune.kube;

import dev.retune.kube.Sockets.Naming;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Opens requests to one server, with the credentials of now, over connections of its own. */
final class Connector {

  static {
    LateDefault.use();
  }

  private final KubeConfig config;
  private final Tls tls;
  private final Duration connectTimeout;
  private final Proxy proxy;
  private @Nullable SSLContext context;
  private @Nullable Sockets sockets;
  private boolean aborted;

  Connector(KubeConfig config, Tls tls, Duration connectTimeout) {
    this.config = config;
    this.tls = tls;
    this.connectTimeout = connectTimeout;
    this.proxy =
        config
            .proxy()
            .map(url ->
                new Proxy(
                    Proxy.Type.HTTP,
                    InetSocketAddress.createUnresolved(
                        url.getHost(), url.getPort() < 0 ? 80 : url.getPort())))
            .orElse(Proxy.NO_PROXY);
  }

  /** One with the same credentials and no connection in common. */
  Connector sibling() {
    return new Connector(config, tls, connectTimeout);
  }

  void prepare() throws IOException {
    if (config.server().getScheme().equals("https")) {
      sockets();
    }
  }

  /** A request for {@code path} (with query), not sent yet. */
  HttpURLConnection open(String method, String path, Duration readTimeout) throws IOException {
    URI url = URI.create(config.server() + path);
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection(proxy);
    if (connection instanceof HttpsURLConnection https) {
      https.setSSLSocketFactory(sockets());
      if (naming() == Naming.BY_CONNECTION) {
        // Asked only when the name was found not to be the certificate's. Any verifier that is not
        // the JDK's own makes the connection look for itself.
        https.setHostnameVerifier((name, session) -> false);
      }
    }
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout(milliseconds(connectTimeout));
    connection.setReadTimeout(milliseconds(readTimeout));
    connection.setRequestProperty("Accept", "application/json");
    connection.setRequestProperty("User-Agent", "retune");
    Optional<Material> token = config.credentials().bearerToken();
    Optional<Credentials.Password> password = config.credentials().password();
    if (token.isPresent()) {
      String text = new String(token.get().read(), StandardCharsets.UTF_8).strip();
      connection.setRequestProperty("Authorization", "Bearer " + text);
    } else if (password.isPresent()) {
      String pair = password.get().user() + ":" + password.get().password();
      connection.setRequestProperty(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    return connection;
  }

  /** Ends what is under way, and refuses what comes. */
  synchronized void abort() {
    aborted = true;
    if (sockets != null) {
      sockets.abort();
    }
  }

  /** Lets the connections that are open now be silent for so long. */
  synchronized void allowSilence(Duration silence) throws IOException {
    if (sockets != null) {
      sockets.allowSilence(milliseconds(silence));
    }
  }

  /** A changed certificate means another factory, and with it connections that show it. */
  private synchronized Sockets sockets() throws IOException {
    if (aborted) {
      throw new IOException("the client is closed");
    }
    SSLContext now = tls.context();
    Sockets current = sockets;
    if (current == null || !now.equals(context)) {
      current = new Sockets(now.getSocketFactory(), config.tlsServerName(), naming());
      sockets = current;
      context = now;
    }
    return current;
  }

  /**
   * A socket of the JDK that looks at the name also asks whether the authority is a public one, and
   * for that reads all those of the runtime: 0.1 s of processor time at each start, and classes
   * that stay. An authority of the kubeconfig's own is none of them.
   */
  private Naming naming() {
    if (config.insecure()) {
      return Naming.NOT_AT_ALL;
    }
    return config.authority().isPresent() && config.tlsServerName().isEmpty()
        ? Naming.BY_CONNECTION
        : Naming.BY_SOCKET;
  }

  private static int milliseconds(Duration duration) {
    return Math.clamp(duration.toMillis(), 1, Integer.MAX_VALUE);
  }
}
