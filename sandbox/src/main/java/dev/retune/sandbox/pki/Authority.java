package dev.retune.sandbox.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The cluster's certificate authority: EC P-256 keys and X.509 v3 certificates (RFC 5280), written
 * here because the JDK can sign but offers no API to make a certificate. Making one takes about a
 * millisecond; a {@code keytool} process takes half a second.
 */
public final class Authority {
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String ORGANIZATION = "2.5.4.10";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /** keyCertSign and cRLSign; then digitalSignature; each with its count of unused bits. */
  private static final byte[] CA_USAGE = Der.bits(new byte[] {0x06}, 1);

  private static final byte[] LEAF_USAGE = Der.bits(new byte[] {(byte) 0x80}, 7);

  /** Clocks of machines that talk to each other differ. */
  private static final Duration SKEW = Duration.ofHours(1);

  private static final Duration LIFETIME = Duration.ofDays(365);

  private final SecureRandom random = new SecureRandom();
  private final Identity self;
  private final byte[] name;

  private Authority(KeyPair keys, String commonName, Instant now) throws GeneralSecurityException {
    this.name = name(commonName, List.of());
    byte[] extensions =
        Der.sequence(
            extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.yes())),
            extension(KEY_USAGE, true, CA_USAGE));
    X509Certificate certificate =
        sign(keys.getPrivate(), name, name, keys.getPublic(), extensions, now);
    this.self = new Identity(keys.getPrivate(), certificate, certificate);
  }

  /** A new authority that signs itself. */
  public static Authority create(String commonName, Instant now) throws GeneralSecurityException {
    return new Authority(newKeys(), commonName, now);
  }

  /** The authority's own certificate in PEM: what clients must trust. */
  public String certificatePem() {
    return self.certificatePem();
  }

  /** Trusts what this authority signed, and nothing else. */
  public TrustManager[] trustManagers() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("ca", self.certificate());
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return factory.getTrustManagers();
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** A client: Kubernetes takes the common name for the user and the organizations for groups. */
  public Identity client(String user, List<String> groups, Instant now)
      throws GeneralSecurityException {
    KeyPair keys = newKeys();
    byte[] extensions =
        Der.sequence(
            extension(KEY_USAGE, true, LEAF_USAGE),
            extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.oid(CLIENT_AUTH))));
    return issue(keys, name(user, groups), extensions, now);
  }

  /**
   * A server.
   *
   * @param addresses IPv4 or IPv6 addresses, four or sixteen bytes each
   */
  public Identity server(String commonName, List<String> names, List<byte[]> addresses, Instant now)
      throws GeneralSecurityException {
    KeyPair keys = newKeys();
    List<byte[]> alternatives = new ArrayList<>();
    for (String dns : names) {
      alternatives.add(Der.primitive(DNS_NAME, dns.getBytes(StandardCharsets.US_ASCII)));
    }
    for (byte[] address : addresses) {
      alternatives.add(Der.primitive(IP_ADDRESS, address));
    }
    byte[] extensions =
        Der.sequence(
            extension(KEY_USAGE, true, LEAF_USAGE),
            extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.oid(SERVER_AUTH))),
            extension(ALTERNATIVE_NAMES, false, Der.sequence(alternatives.toArray(new byte[0][]))));
    return issue(keys, name(commonName, List.of()), extensions, now);
  }

  private Identity issue(KeyPair keys, byte[] subject, byte[] extensions, Instant now)
      throws GeneralSecurityException {
    X509Certificate certificate =
        sign(self.key(), name, subject, keys.getPublic(), extensions, now);
    return new Identity(keys.getPrivate(), certificate, self.certificate());
  }

  private X509Certificate sign(
      PrivateKey signer,
      byte[] issuer,
      byte[] subject,
      PublicKey key,
      byte[] extensions,
      Instant now)
      throws GeneralSecurityException {
    byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
    byte[] body =
        Der.sequence(
            Der.constructed(0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(127, random).add(BigInteger.ONE)),
            algorithm,
            issuer,
            Der.sequence(Der.time(now.minus(SKEW)), Der.time(now.plus(LIFETIME))),
            subject,
            key.getEncoded(),
            Der.constructed(3, extensions));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(signer, random);
    signature.update(body);
    byte[] certificate = Der.sequence(body, algorithm, Der.bits(signature.sign(), 0));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate));
  }

  private static byte[] name(String commonName, List<String> organizations) {
    List<byte[]> parts = new ArrayList<>();
    for (String organization : organizations) {
      parts.add(Der.set(Der.sequence(Der.oid(ORGANIZATION), Der.text(organization))));
    }
    parts.add(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.text(commonName))));
    return Der.sequence(parts.toArray(new byte[0][]));
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }
}
