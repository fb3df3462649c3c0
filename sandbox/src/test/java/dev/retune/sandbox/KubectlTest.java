package dev.retune.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What people type, against the sandbox. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlTest {
  private Sandbox sandbox;
  private Kubectl kubectl;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    Kubectl.assume();
    sandbox = Sandbox.start(SandboxOptions.in(directory.resolve("sandbox")));
    kubectl = new Kubectl(directory.resolve("home"), sandbox.adminKubeconfig());
  }

  @AfterAll
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  @DisplayName("kubectl version names the Kubernetes the sandbox follows")
  void version() {
    assertThat(kubectl.ok("version")).contains("Server Version: v1.36");
  }

  @Test
  @DisplayName("kubectl create configmap, which sends protobuf, stores the data")
  void createConfigMap() {
    kubectl.ok("create", "configmap", "from-literal", "--from-literal=key=value");
    assertThat(kubectl.ok("get", "cm", "from-literal", "-o", "jsonpath={.data.key}"))
        .isEqualTo("value");
  }
}
