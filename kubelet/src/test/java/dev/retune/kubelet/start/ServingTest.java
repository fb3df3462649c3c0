package dev.retune.kubelet.start;

import static dev.retune.kubelet.start.Starts.fields;
import static dev.retune.kubelet.start.Starts.messages;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.NodeFacts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kubelet's own server and the runtime it talks to. */
class ServingTest {

  @Test
  @DisplayName("AGENT-6 A cipher suite that Go does not have ends the kubelet, with a suggestion")
  void cipherSuites() {
    String known =
        "tlsCipherSuites: [TLS_AES_128_GCM_SHA256, TLS_RSA_WITH_RC4_128_SHA,"
            + " TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305]\n";
    String unknown = "tlsCipherSuites: [TLS_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA265]\n";

    for (int minor : new int[] {25, 36}) {
      assertThat(fields(known, minor)).isEmpty();
      assertThat(fields(unknown, minor)).containsExactly("tlsCipherSuites[1]");
    }
    assertThat(messages(unknown, 36, NodeFacts.UNKNOWN))
        .singleElement()
        .asString()
        .contains("exits", "did you mean \"TLS_AES_128_GCM_SHA256\"?");
    assertThat(
            KubeletConfig.preconditions(
                Map.of("tlsCipherSuites", List.of("TLS_NEW"), "tlsCurvePreferences", List.of(5000)),
                new KubeletVersion(99),
                NodeFacts.UNKNOWN))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'29, 4588, 23, 24, 25, 4587, 4589',''",
    "'0',tlsCurvePreferences[0]",
    "'29, -1',tlsCurvePreferences[1]",
    "'65536',tlsCurvePreferences[0]",
    "'30',tlsCurvePreferences[0]",
    "'29, 23, 29',tlsCurvePreferences[2]"
  })
  @DisplayName("AGENT-6 A curve that Go does not have, or has twice, ends kubelet 1.36")
  void curves(String ids, String field) {
    assertThat(fields("tlsCurvePreferences: [" + ids + "]\n", 36))
        .isEqualTo(field.isEmpty() ? List.of() : List.of(field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tlsCertFile", "tlsPrivateKeyFile"})
  @DisplayName("AGENT-6 A certificate without its key, or the other way round, serves nothing")
  void halfCertificate(String field) {
    String half = field + ": /etc/pki/kubelet.pem\n";

    assertThat(fields(half, 25)).containsExactly(field);
    assertThat(fields(half, 35)).containsExactly(field);
    assertThat(fields(half, 36)).containsExactly(field + " -");
    assertThat(fields(half + "serverTLSBootstrap: true\n", 35)).containsExactly(field);
    assertThat(fields(half + "serverTLSBootstrap: true\n", 36)).containsExactly(field + " -");
    assertThat(fields("tlsCertFile: /a\ntlsPrivateKeyFile: /b\n", 35)).isEmpty();
    assertThat(fields(half + "enableServer: false\n", 35)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"none", "localhost", "10.0.0", "10.0.0.256", "::1::", "fe80::1%eth0", ":"})
  @DisplayName("AGENT-6 An address that is no IP ends the kubelet where it listens")
  void badAddress(String address) {
    String document = "address: '" + address + "'\n";

    assertThat(fields(document, 25)).containsExactly("address");
    assertThat(fields(document, 36)).containsExactly("address");
    assertThat(fields(document + "enableServer: false\n", 36)).isEmpty();
    assertThat(fields(document + "enableServer: false\nreadOnlyPort: 10255\n", 36))
        .containsExactly("address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "010.0.0.1",
        "::",
        "::1",
        "fe80::1",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::ffff:1.2.3.4",
        "1:2:3:4:5:6:1.2.3.4"
      })
  @DisplayName("AGENT-6 Addresses in all the forms that a kubelet reads are addresses")
  void address(String address) {
    assertThat(fields("address: '" + address + "'\n", 36)).isEmpty();
  }

  @Test
  @DisplayName("AGENT-6 One port for both servers ends the kubelet")
  void ports() {
    assertThat(fields("readOnlyPort: 10250\n", 25)).containsExactly("readOnlyPort");
    assertThat(fields("port: 10300\nreadOnlyPort: 10300\n", 36)).containsExactly("readOnlyPort");
    assertThat(fields("readOnlyPort: 10255\n", 36)).isEmpty();
    assertThat(fields("readOnlyPort: 10250\nenableServer: false\n", 36)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "tcp://127.0.0.1:1,true",
    "npipe:////./pipe/containerd,true",
    "TCP://x:1,true",
    "unix:///run/crio/crio.sock,false",
    "/run/crio/crio.sock,false"
  })
  @DisplayName("AGENT-6 Since 1.27 an endpoint that is no Unix socket ends the kubelet")
  void endpoints(String endpoint, boolean exits) {
    for (String field : List.of("containerRuntimeEndpoint", "imageServiceEndpoint")) {
      String document = field + ": '" + endpoint + "'\n";

      assertThat(fields(document, 27)).isEqualTo(exits ? List.of(field) : List.of());
      assertThat(fields(document, 36)).isEqualTo(exits ? List.of(field) : List.of());
      // Kubelet 1.26 does not have the fields, and goes on without them.
      assertThat(fields(document, 26)).isEmpty();
    }
  }
}
