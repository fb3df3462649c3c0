package dev.retune.sandbox.node;

import dev.retune.kube.Pem;
import dev.retune.kube.Tree;
import dev.retune.sandbox.pki.Authority;
import dev.retune.sandbox.pki.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The certificate a kubelet serves with: tlsCertFile and tlsPrivateKeyFile, or else {@code
 * kubelet.crt} and {@code kubelet.key} in {@code --cert-dir}, made by itself when they are not
 * there.
 */
final class ServingCertificate {

  private static final char[] NO_PASSWORD = new char[0];

  private ServingCertificate() {}

  static KeyManager[] of(
      Map<String, @Nullable Object> config, Path directory, String node, Clock clock)
      throws IOException, GeneralSecurityException {
    Path certificate = file(config, "tlsCertFile").orElse(directory.resolve("kubelet.crt"));
    Path key = file(config, "tlsPrivateKeyFile").orElse(directory.resolve("kubelet.key"));
    if (!Files.exists(certificate) && file(config, "tlsCertFile").isEmpty()) {
      Identity made =
          Authority.create(node + "-ca", clock.instant())
              .server(
                  node,
                  List.of(node),
                  List.of(InetAddress.getLoopbackAddress().getAddress()),
                  clock.instant());
      Files.writeString(key, made.keyPem());
      Files.writeString(certificate, made.certificatePem());
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry(
        "serving",
        Pem.privateKey(Files.readAllBytes(key)),
        NO_PASSWORD,
        Pem.certificates(Files.readAllBytes(certificate)).toArray(new X509Certificate[0]));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static Optional<Path> file(Map<String, @Nullable Object> config, String field) {
    return Tree.string(config, field).filter(name -> !name.isEmpty()).map(Path::of);
  }
}
