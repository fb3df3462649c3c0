package dev.retune.kube;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes TLS sockets for {@link javax.net.ssl.HttpsURLConnection} and keeps hold of them, because
 * closing the socket is the only way to end a read from another thread: {@code disconnect()} waits
 * for the very lock that the reader holds.
 *
 * <p>Only the layered form is offered. HttpsURLConnection then connects the plain socket itself
 * (also through a proxy) and asks for TLS on top of it.
 */
final class Sockets extends SSLSocketFactory {

  /** Who holds the server's certificate against the name that it is asked by. */
  enum Naming {
    /** The TLS socket, against the name that it was made for. */
    BY_SOCKET,
    /** HttpsURLConnection, against the name in the URL, after the handshake. */
    BY_CONNECTION,
    /** Nobody. */
    NOT_AT_ALL
  }

  private final SSLSocketFactory tls;
  private final Optional<String> serverName;
  private final Naming naming;
  private final List<Socket> open = new ArrayList<>();
  private boolean aborted;

  Sockets(SSLSocketFactory tls, Optional<String> serverName, Naming naming) {
    this.tls = tls;
    this.serverName = serverName;
    this.naming = naming;
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    noticeDeadPeers(plain);
    SSLSocket socket =
        (SSLSocket) tls.createSocket(plain, serverName.orElse(host), port, autoClose);
    if (naming == Naming.BY_SOCKET) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    synchronized (open) {
      if (aborted) {
        plain.close();
        throw new SocketException("the client is closed");
      }
      open.removeIf(Socket::isClosed);
      open.add(plain);
    }
    return socket;
  }

  /**
   * Ends every read and write that is under way with a {@link SocketException}, and refuses new
   * connections: HttpURLConnection tries a GET again by itself.
   */
  void abort() {
    synchronized (open) {
      aborted = true;
      for (Socket socket : open) {
        try {
          socket.close();
        } catch (IOException e) {
          System.getLogger(Sockets.class.getName())
              .log(System.Logger.Level.DEBUG, "a connection did not close", e);
        }
      }
      open.clear();
    }
  }

  /** Changes the read timeout of connections that are in use; it holds from their next read on. */
  void allowSilence(int milliseconds) throws IOException {
    synchronized (open) {
      for (Socket socket : open) {
        if (!socket.isClosed()) {
          socket.setSoTimeout(milliseconds);
        }
      }
    }
  }

  /**
   * A watch may be silent for minutes, so the kernel asks whether the other side is still there:
   * after 30 s of silence, thrice, 5 s apart. The options are there on Linux when the runtime has
   * the module jdk.net.
   */
  @SuppressWarnings("unchecked")
  private static void noticeDeadPeers(Socket socket) throws IOException {
    socket.setKeepAlive(true);
    for (SocketOption<?> option : socket.supportedOptions()) {
      switch (option.name()) {
        case "TCP_KEEPIDLE" -> socket.setOption((SocketOption<Integer>) option, 30);
        case "TCP_KEEPINTERVAL" -> socket.setOption((SocketOption<Integer>) option, 5);
        case "TCP_KEEPCOUNT" -> socket.setOption((SocketOption<Integer>) option, 3);
        default -> {}
      }
    }
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw layeredOnly();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw layeredOnly();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw layeredOnly();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw layeredOnly();
  }

  private static SocketException layeredOnly() {
    return new SocketException("TLS is put on a connected socket only");
  }
}
