package dev.retune.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.kube.KubeConfig;
import dev.retune.kube.KubeConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigsTest {
  @TempDir private Path directory;

  @Test
  @DisplayName("a node's kubeconfig means the same to the agent as to the commands")
  void same() throws IOException, KubeConfigException {
    Path file = directory.resolve("kubelet.conf");
    Files.writeString(
        file,
        """
        apiVersion: v1
        clusters:
        - cluster:
            certificate-authority-data: YQ==
            server: https://10.0.0.1:6443
            insecure-skip-tls-verify: false
          name: default-cluster
        contexts:
        - context:
            cluster: default-cluster
            namespace: default
            user: default-auth
          name: default-context
        current-context: default-context
        kind: Config
        preferences: {}
        users:
        - name: default-auth
          user:
            client-certificate: /var/lib/kubelet/pki/kubelet-client-current.pem
            client-key: /var/lib/kubelet/pki/kubelet-client-current.pem
        """);

    var config = Kubeconfigs.load(file);

    var other = KubeConfig.load(file, Optional.empty());
    assertThat(config.server()).isEqualTo(other.server());
    assertThat(config.credentials()).isEqualTo(other.credentials());
    assertThat(config.insecure()).isFalse();
    assertThat(config.context()).isEqualTo("default-context");
  }

  @Test
  @DisplayName("a kubeconfig that is no YAML is named")
  void unreadable() throws IOException {
    Path file = Files.writeString(directory.resolve("kubelet.conf"), "a: [");
    assertThatThrownBy(() -> Kubeconfigs.load(file))
        .isInstanceOf(KubeConfigException.class)
        .hasMessageContaining("kubelet.conf");
  }
}
