package dev.retune.kube;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * The JDK's default TLS sockets, made when one is asked for. HttpsURLConnection asks for the
 * default factory when it is made, before it can be told another, and the JDK then reads all
 * certificate authorities of the runtime: a tenth of a second and 2 MiB for nothing where, as here,
 * each connection has a factory of its own.
 */
final class LateDefault extends SSLSocketFactory {

  private LateDefault() {}

  /** Puts it in place for the whole process, once. */
  static void use() {
    HttpsURLConnection.setDefaultSSLSocketFactory(new LateDefault());
  }

  private static SSLSocketFactory made() {
    try {
      return SSLContext.getDefault().getSocketFactory();
    } catch (NoSuchAlgorithmException broken) {
      throw new IllegalStateException("this Java runtime has no TLS", broken);
    }
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return made().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return made().getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return made().createSocket();
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    return made().createSocket(plain, host, port, autoClose);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return made().createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return made().createSocket(host, port, local, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return made().createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return made().createSocket(host, port, local, localPort);
  }
}
