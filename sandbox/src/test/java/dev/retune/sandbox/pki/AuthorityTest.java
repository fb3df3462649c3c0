package dev.retune.sandbox.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  @DisplayName("what the authority signs forms a valid path, and only for its time")
  void path() throws GeneralSecurityException {
    Authority authority = Authority.create("ca", NOW);
    Identity client = authority.client("joe", List.of("a", "b"), NOW);
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(client.issuer(), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(NOW));
    assertThat(
            CertPathValidator.getInstance("PKIX")
                .validate(
                    CertificateFactory.getInstance("X.509")
                        .generateCertPath(List.of(client.certificate())),
                    parameters))
        .isNotNull();
    Date late = Date.from(NOW.plus(Duration.ofDays(366)));
    assertThatThrownBy(() -> client.certificate().checkValidity(late))
        .isInstanceOf(CertificateExpiredException.class);
    client.certificate().checkValidity(Date.from(NOW.minus(Duration.ofMinutes(59))));
  }

  @Test
  @DisplayName("another authority of the same name has not signed it")
  void anotherAuthority() throws GeneralSecurityException {
    Identity client = Authority.create("ca", NOW).client("joe", List.of(), NOW);
    Identity stranger = Authority.create("ca", NOW).client("joe", List.of(), NOW);
    assertThatThrownBy(() -> client.certificate().verify(stranger.issuer().getPublicKey()))
        .isInstanceOf(SignatureException.class);
  }

  @Test
  @DisplayName("names, purposes and addresses are in the certificate as Kubernetes reads them")
  void contents() throws GeneralSecurityException {
    Authority authority = Authority.create("ca", NOW);
    X509Certificate client =
        authority.client("system:node:n1", List.of("system:nodes"), NOW).certificate();
    assertThat(client.getSubjectX500Principal().getName())
        .isEqualTo("CN=system:node:n1,O=system:nodes");
    assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(client.getBasicConstraints()).isEqualTo(-1);
    assertThat(client.getKeyUsage()).startsWith(true, false);
    X509Certificate server =
        authority
            .server("s", List.of("a.example"), List.of(new byte[] {127, 0, 0, 1}), NOW)
            .certificate();
    assertThat(server.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(List.of(2, "a.example"), List.of(7, "127.0.0.1"));
    X509Certificate ca = authority.client("x", List.of(), NOW).issuer();
    assertThat(ca.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
    assertThat(ca.getKeyUsage()[5]).isTrue();
  }
}
