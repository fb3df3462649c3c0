package dev.retune.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is in {@code deploy/}, put into a cluster as people do it. */
class DeployTest {
  @RegisterExtension static final Fixture FIXTURE = Fixture.start();

  private static final String ARGS =
      "jsonpath={.spec.template.spec.containers[0].args} {.spec.template.spec.hostPID}";

  private final Kubectl kubectl = FIXTURE.kubectl();
  private final Path deploy = Path.of(System.getProperty("retune.root"), "deploy");

  @BeforeAll
  static void kubectlIsThere() {
    Kubectl.assume();
  }

  @Test
  @DisplayName(
      "kubectl apply -k deploy/ puts all in place, and again changes nothing; deploy/uninstall turns"
          + " the installer around")
  void apply() {
    assertThat(kubectl.ok("apply", "-k", deploy.toString()).lines())
        .hasSizeGreaterThanOrEqualTo(8)
        .allMatch(line -> line.endsWith(" created"))
        .contains("namespace/retune-system created", "daemonset.apps/retune-installer created");
    assertThat(installer()).isEqualTo("[\"install\"] true");
    assertThat(kubectl.ok("apply", "-k", deploy.toString()).lines())
        .allMatch(line -> line.endsWith(" unchanged"));

    assertThat(kubectl.ok("apply", "-k", deploy.resolve("uninstall").toString()).lines())
        .containsExactlyInAnyOrder(
            "namespace/retune-system unchanged",
            "serviceaccount/retune-installer unchanged",
            "daemonset.apps/retune-installer configured");
    assertThat(installer()).isEqualTo("[\"uninstall\"] true");

    // With the namespace goes what is in it, maybe before kubectl asks for that.
    assertThat(
            kubectl
                .ok("delete", "-k", deploy.toString(), "--ignore-not-found", "--timeout=30s")
                .lines())
        .contains("namespace \"retune-system\" deleted");
  }

  private String installer() {
    return kubectl.ok("get", "ds", "retune-installer", "-n", "retune-system", "-o", ARGS);
  }
}
