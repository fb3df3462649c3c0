package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ValidateTest {
  private static final String HEAD =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static Cli.Result validate(String document, String... more) {
    var args = new String[more.length + 2];
    args[0] = "validate";
    args[1] = "-";
    System.arraycopy(more, 0, args, 2, more.length);
    return Cli.run(Map.of(), document, args);
  }

  @Test
  @DisplayName("a document that a kubelet takes: exit code 0")
  void valid() {
    var result = validate(HEAD + "maxPods: 50\n");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo("-: valid for kubelet 1.36\n");
  }

  @Test
  @DisplayName("AGENT-6 one that cannot be read, one that is refused, one with a typo: exit code 1")
  void refused() {
    assertThat(validate("{0xdeadbeef}").exitCode()).isEqualTo(1);
    var invalid = validate(HEAD + "maxPods: -5\n");
    assertThat(invalid.exitCode()).isEqualTo(1);
    assertThat(invalid.out()).contains("maxPods");
    var typo = validate(HEAD + "maxPod: 5\n");
    assertThat(typo.exitCode()).isEqualTo(1);
    assertThat(typo.out()).contains("maxPod", "refused by Retune");
  }

  @Test
  @DisplayName("KUBELET-1 another version judges by its own facts; a version too old is usage")
  void versions() {
    assertThat(validate(HEAD, "--kubelet-version", "1.25").exitCode()).isZero();
    var old = validate(HEAD, "--kubelet-version", "1.19");
    assertThat(old.exitCode()).isEqualTo(2);
    assertThat(old.err()).contains("1.19", "1.25 to 1.36");
    assertThat(validate(HEAD, "--kubelet-version", "new").exitCode()).isEqualTo(2);
  }

  @Test
  @DisplayName("-o json has the verdict and every complaint")
  void json() throws Exception {
    var result = validate(HEAD + "maxPods: -5\n", "-o", "json");
    assertThat(result.exitCode()).isEqualTo(1);
    var tree = Json.parseObject(result.out().getBytes(StandardCharsets.UTF_8));
    assertThat(tree).containsEntry("verdict", "invalid").containsEntry("accepted", false);
    assertThat(Tree.maps(tree, "errors")).isNotEmpty();
  }

  @Test
  @DisplayName("a file that is not there: exit code 2 and its name")
  void missing() {
    var result = Cli.run("validate", "/nonexistent/a.yaml");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("/nonexistent/a.yaml");
    assertThat(Cli.run("validate").exitCode()).isEqualTo(2);
  }
}
