package dev.retune.kubelet.start;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.rules.Versions;
import dev.retune.kubelet.value.Words;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the kubelet's server needs for TLS: names of cipher suites and numbers of curves that the Go
 * it is built with knows ({@code InitializeTLS}), and both halves of a certificate or none.
 */
final class Tls {

  /**
   * The cipher suites of Go's crypto/tls, the insecure ones included; the same from Go 1.19
   * (kubelet 1.25) to Go 1.26 (kubelet 1.36). The last two are older names of the kubelet's own.
   */
  private static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
          "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
          "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
          "TLS_RSA_WITH_AES_128_CBC_SHA",
          "TLS_RSA_WITH_AES_128_CBC_SHA256",
          "TLS_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_RSA_WITH_AES_256_CBC_SHA",
          "TLS_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_RSA_WITH_RC4_128_SHA",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305");

  /** A curve from a minor on, by its number in TLS. */
  private record Curve(long id, String name, int since) {}

  /** The curves of Go 1.26; the field came with kubelet 1.36. */
  private static final List<Curve> CURVES =
      List.of(
          new Curve(23, "P-256", 36),
          new Curve(24, "P-384", 36),
          new Curve(25, "P-521", 36),
          new Curve(29, "X25519", 36),
          new Curve(4587, "SecP256r1MLKEM768", 36),
          new Curve(4588, "X25519MLKEM768", 36),
          new Curve(4589, "SecP384r1MLKEM1024", 36));

  /** Later one of the two files is as good as none: the server has no certificate to show. */
  private static final Versions HALF_EXITS = Versions.until(35);

  private Tls() {}

  static void check(Start start) {
    cipherSuites(start);
    curves(start);
    files(start);
  }

  /** A kubelet newer than the tables may be built with a Go that has more. */
  private static boolean isNewer(Start start) {
    return start.version().compareTo(KubeletVersion.newest()) > 0;
  }

  private static void cipherSuites(Start start) {
    int index = 0;
    for (Object element : start.list("tlsCipherSuites")) {
      String suite = String.valueOf(element);
      String field = "tlsCipherSuites[" + index++ + "]";
      if (!CIPHER_SUITES.contains(suite) && !isNewer(start)) {
        start.exits(
            field,
            Words.quoted(suite)
                + " is no cipher suite that Go has, such as"
                + " \"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\"",
            Words.didYouMean(suite, CIPHER_SUITES));
      }
    }
  }

  private static void curves(Start start) {
    List<Curve> known =
        CURVES.stream().filter(curve -> curve.since() <= start.version().minor()).toList();
    Set<Long> seen = new HashSet<>();
    int index = 0;
    for (Object element : start.list("tlsCurvePreferences")) {
      String field = "tlsCurvePreferences[" + index++ + "]";
      if (!(element instanceof Number number)) {
        continue;
      }
      long id = number.longValue();
      if (!isNewer(start) && known.stream().noneMatch(curve -> curve.id() == id)) {
        start.exits(field, id + " is no curve that Go has, only " + named(known));
      } else if (!seen.add(id)) {
        start.exits(field, "the curve " + id + " is there twice");
      }
    }
  }

  private static String named(List<Curve> curves) {
    return String.join(
        ", ", curves.stream().map(curve -> curve.id() + " (" + curve.name() + ")").toList());
  }

  /**
   * The kubelet makes a certificate of its own only when both are empty ({@code InitializeTLS}),
   * and reads both when it serves ({@code ListenAndServeKubeletServer}).
   */
  private static void files(Start start) {
    boolean certificate = !start.text("tlsCertFile").isEmpty();
    boolean key = !start.text("tlsPrivateKeyFile").isEmpty();
    if (certificate == key || !Listening.serves(start)) {
      return;
    }
    String given = certificate ? "tlsCertFile" : "tlsPrivateKeyFile";
    String missing = certificate ? "tlsPrivateKeyFile" : "tlsCertFile";
    if (HALF_EXITS.include(start.version())) {
      start.exits(given, "needs " + missing + " beside it, which is not set");
    } else if (start.isOn("serverTLSBootstrap")) {
      start.noEffect(given, "the certificate comes from the cluster (serverTLSBootstrap)");
    } else {
      start.noEffect(
          given,
          "needs "
              + missing
              + " beside it, which is not set, so the kubelet has no certificate and every"
              + " connection to its server fails");
    }
  }
}
