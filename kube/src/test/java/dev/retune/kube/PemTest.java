package dev.retune.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemTest {

  @ParameterizedTest
  @CsvSource({
    "rsa-pkcs8.key, rsa-pkcs8.crt, SHA256withRSA",
    "rsa-pkcs1.key, rsa-pkcs8.crt, SHA256withRSA",
    "ec-sec1.key,   ec-sec1.crt,   SHA256withECDSA",
    "ec-pkcs8.key,  ec-sec1.crt,   SHA256withECDSA",
    "ed25519.key,   ed25519.crt,   Ed25519",
  })
  @DisplayName("every form of private key signs what its certificate verifies")
  void keys(String key, String certificate, String algorithm) throws Exception {
    PrivateKey privateKey = Pem.privateKey(Pki.bytes(key));
    PublicKey publicKey = Pem.certificates(Pki.bytes(certificate)).getFirst().getPublicKey();

    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(privateKey);
    signature.update(new byte[] {1, 2, 3});
    byte[] signed = signature.sign();

    signature.initVerify(publicKey);
    signature.update(new byte[] {1, 2, 3});
    assertThat(signature.verify(signed)).isTrue();
  }

  @Test
  @DisplayName("certificate and key may stand in one file, as the kubelet writes them")
  void together() throws Exception {
    byte[] both =
        (Pki.text("ec-sec1.crt") + Pki.text("ec-sec1.key")).getBytes(StandardCharsets.US_ASCII);

    assertThat(Pem.certificates(both)).hasSize(1);
    assertThat(Pem.privateKey(both).getAlgorithm()).isEqualTo("EC");
  }

  @Test
  @DisplayName(
      "a file without what is wanted, a cut-off one and a protected key are refused in words")
  void refused() {
    assertThatThrownBy(() -> Pem.certificates(Pki.bytes("ec-sec1.key")))
        .hasMessageContaining("BEGIN CERTIFICATE");
    assertThatThrownBy(() -> Pem.privateKey(Pki.bytes("ec-sec1.crt")))
        .hasMessageContaining("PRIVATE KEY");
    assertThatThrownBy(() -> Pem.privateKey(Pki.bytes("encrypted.key")))
        .hasMessageContaining("decrypt it first");
    byte[] cut =
        "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ==\n-----END EC PRIVATE KEY-----\n"
            .getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> Pem.privateKey(cut)).hasMessageContaining("cut off");
  }
}
