package dev.retune.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.UnreadableException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RelativePathsTest {

  @Test
  @DisplayName("AGENT-9 A config that moves to another directory keeps what its paths mean")
  void absolute() throws UnreadableException {
    String document =
        """
        kind: KubeletConfiguration
        staticPodPath: manifests
        resolvConf: ../resolv.conf
        tlsCertFile: /pki/kubelet.crt
        tlsPrivateKeyFile: ''
        authentication: {x509: {clientCAFile: ./pki//ca.crt}, webhook: {enabled: true}}
        """;

    assertThat(tree(RelativePaths.absolute(bytes(document), "/etc/kubernetes")))
        .containsEntry("kind", "KubeletConfiguration")
        .containsEntry("staticPodPath", "/etc/kubernetes/manifests")
        .containsEntry("resolvConf", "/etc/resolv.conf")
        .containsEntry("tlsCertFile", "/pki/kubelet.crt")
        .containsEntry("tlsPrivateKeyFile", "")
        .containsEntry(
            "authentication",
            Map.of(
                "x509", Map.of("clientCAFile", "/etc/kubernetes/pki/ca.crt"),
                "webhook", Map.of("enabled", true)));
  }

  @Test
  @DisplayName("AGENT-4 A config without relative paths stays what it is, byte for byte")
  void untouched() throws UnreadableException {
    byte[] document = bytes("# mine\nmaxPods:   5\nstaticPodPath: /m\n");

    assertThat(RelativePaths.absolute(document, "/etc")).isSameAs(document);
    assertThat(RelativePaths.directory("/etc/kubernetes/k.yaml")).isEqualTo("/etc/kubernetes");
    assertThat(RelativePaths.directory("/k.yaml")).isEqualTo("/");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> tree(byte[] document) throws UnreadableException {
    return (Map<String, @Nullable Object>)
        Objects.requireNonNull(Trees.of(Document.read(document).root()));
  }
}
