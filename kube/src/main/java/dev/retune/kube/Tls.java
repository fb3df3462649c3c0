package dev.retune.kube;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS side of a {@link KubeConfig}: whom to trust and which certificate to show. Files are read
 * again when they have changed (looked at before each request, which costs a stat each).
 */
final class Tls {

  private final KubeConfig config;
  private final List<Path> files = new ArrayList<>();
  private @Nullable SSLContext context;
  private List<String> state = List.of();

  Tls(KubeConfig config) {
    this.config = config;
    config.authority().ifPresent(this::remember);
    config
        .credentials()
        .certificate()
        .ifPresent(certificate -> {
          remember(certificate.certificate());
          remember(certificate.key());
        });
  }

  private void remember(Material material) {
    if (material instanceof Material.InFile(Path file) && !files.contains(file)) {
      files.add(file);
    }
  }

  /** The context for now; another instance than the last time when a file has changed. */
  synchronized SSLContext context() throws IOException {
    List<String> now = new ArrayList<>(files.size());
    for (Path file : files) {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      now.add(attributes.fileKey() + " " + attributes.size() + " " + attributes.lastModifiedTime());
    }
    SSLContext last = context;
    if (last != null && now.equals(state)) {
      return last;
    }
    try {
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(keyManagers(), trustManagers(), null);
      context = made;
      state = now;
      return made;
    } catch (GeneralSecurityException e) {
      if (last != null) {
        // A rotation in the middle of being written: what worked so far goes on until it is whole.
        return last;
      }
      throw new IOException(
          "context \""
              + config.context()
              + "\" of the kubeconfig cannot be used: "
              + e.getMessage(),
          e);
    }
  }

  private KeyManager @Nullable [] keyManagers() throws IOException, GeneralSecurityException {
    Optional<Credentials.ClientCertificate> certificate = config.credentials().certificate();
    if (certificate.isEmpty()) {
      return null;
    }
    byte[] certificatePem = certificate.get().certificate().read();
    byte[] keyPem = certificate.get().key().read();
    try {
      return new KeyManager[] {
        new OneKey(
            Pem.certificates(certificatePem).toArray(X509Certificate[]::new),
            Pem.privateKey(keyPem))
      };
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException(
          "client certificate " + certificate.get().certificate() + ": " + e.getMessage(), e);
    }
  }

  private TrustManager @Nullable [] trustManagers() throws IOException, GeneralSecurityException {
    if (config.insecure()) {
      return new TrustManager[] {new TrustAnyone()};
    }
    if (config.authority().isEmpty()) {
      return null;
    }
    Set<TrustAnchor> anchors = new HashSet<>();
    try {
      for (X509Certificate authority : Pem.certificates(config.authority().get().read())) {
        anchors.add(new TrustAnchor(authority, null));
      }
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException(
          "certificate-authority " + config.authority().get() + ": " + e.getMessage(), e);
    }
    // By anchors and not by a KeyStore, whose default kind is PKCS #12: 30 classes for nothing.
    var parameters = new PKIXBuilderParameters(anchors, null);
    parameters.setRevocationEnabled(false); // as it is when a KeyStore is given
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(parameters));
    return factory.getTrustManagers();
  }

  /** The same certificate for every server, whatever authorities it names. */
  private static final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";
    private final X509Certificate[] chain;
    private final PrivateKey key;

    OneKey(X509Certificate[] chain, PrivateKey key) {
      this.chain = chain;
      this.key = key;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return List.of(keyTypes).contains(chain[0].getPublicKey().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }

  /** For {@code insecure-skip-tls-verify: true}, which the kubeconfig's author asked for. */
  private static final class TrustAnyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
