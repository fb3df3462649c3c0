package dev.retune.sandbox.pki;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * A key and the certificate that says whose it is.
 *
 * @param issuer the certificate of who signed it; its own for an authority
 */
public record Identity(PrivateKey key, X509Certificate certificate, X509Certificate issuer) {
  private static final char[] NO_PASSWORD = new char[0];

  /** The certificate in PEM. */
  public String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key in PEM, PKCS #8, not encrypted. */
  public String keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** What an {@code SSLContext} needs to present this identity. */
  public KeyManager[] keyManagers() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("it", key, NO_PASSWORD, new X509Certificate[] {certificate, issuer});
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, NO_PASSWORD);
      return factory.getKeyManagers();
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static String pem(String what, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }
}
