package dev.retune.agent.metrics;

import dev.retune.api.NodeKubeletStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Serves the agent's metrics at {@code /metrics} and its own health at {@code /healthz}: one
 * request per connection, one connection at a time.
 *
 * <p>It is a socket and not the JDK's HTTP server, because that one wakes once a second with nobody
 * there, and costs a node more memory than the rest of the agent's HTTP (docs/decisions/0012).
 */
public final class MetricsServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(MetricsServer.class.getName());

  /** How long a client may take to ask: the next one waits for it. */
  private static final Duration ASKING = Duration.ofSeconds(2);

  private static final int LONGEST_REQUEST = 8 * 1024;
  private static final int WAITING_CLIENTS = 16;

  private final ServerSocket socket;
  private volatile NodeKubeletStatus status = NodeKubeletStatus.UNKNOWN;

  private MetricsServer(ServerSocket socket) {
    this.socket = socket;
  }

  /**
   * Starts to serve.
   *
   * @param address where to listen; port 0 takes a free one
   * @throws IOException when the address is in use or is not one of this machine
   */
  public static MetricsServer start(InetSocketAddress address) throws IOException {
    try {
      var metrics =
          new MetricsServer(
              new ServerSocket(address.getPort(), WAITING_CLIENTS, address.getAddress()));
      Thread.ofPlatform().name("metrics").daemon().start(metrics::serve);
      return metrics;
    } catch (IOException taken) {
      throw new IOException(
          "cannot listen on --metrics-address "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + taken.getMessage(),
          taken);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(
        InetAddress.ofLiteral(socket.getInetAddress().getHostAddress()), socket.getLocalPort());
  }

  /** Makes this the status that is served from now on. */
  public void show(NodeKubeletStatus latest) {
    status = latest;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        client.getOutputStream().write(answer(request(client)));
      } catch (IOException gone) {
        if (!socket.isClosed()) {
          LOG.log(Level.DEBUG, "a client of the metrics went away: " + gone.getMessage());
        }
      }
    }
  }

  /** Everything up to the empty line, or as much as came in time and is allowed. */
  private static String request(Socket client) throws IOException {
    long end = System.nanoTime() + ASKING.toNanos();
    var text = new ByteArrayOutputStream(512);
    InputStream in = client.getInputStream();
    byte[] part = new byte[512];
    while (text.size() < LONGEST_REQUEST) {
      client.setSoTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
      int count = in.read(part);
      if (count < 0) {
        break;
      }
      text.write(part, 0, count);
      if (text.toString(StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
        break;
      }
    }
    return text.toString(StandardCharsets.ISO_8859_1);
  }

  private byte[] answer(String request) {
    String[] words = request.lines().findFirst().orElse("").split(" ", -1);
    if (words.length != 3 || !request.contains("\r\n\r\n")) {
      return answer("400 Bad Request", "text/plain", "this is not a request for HTTP\n", true);
    }
    boolean body = !words[0].equals("HEAD");
    if (body && !words[0].equals("GET")) {
      return answer("405 Method Not Allowed", "text/plain", "there is only GET and HEAD\n", true);
    }
    int query = words[1].indexOf('?');
    return switch (query < 0 ? words[1] : words[1].substring(0, query)) {
      case "/metrics" ->
          answer("200 OK", "text/plain; version=0.0.4; charset=utf-8", Exposition.of(status), body);
      case "/healthz" -> answer("200 OK", "text/plain", "ok", body);
      default -> answer("404 Not Found", "text/plain", "there is /metrics and /healthz\n", body);
    };
  }

  private static byte[] answer(String code, String type, String text, boolean withBody) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    var all = new ByteArrayOutputStream(body.length + 160);
    all.writeBytes(
        ("HTTP/1.1 "
                + code
                + "\r\nContent-Type: "
                + type
                + "\r\nContent-Length: "
                + body.length
                + "\r\nConnection: close\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    if (withBody) {
      all.writeBytes(body);
    }
    return all.toByteArray();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException closed) {
      LOG.log(Level.DEBUG, "the metrics' socket did not close", closed);
    }
  }
}
