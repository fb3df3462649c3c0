package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpgradeCheckTest {
  private static final String HEAD =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static Cli.Result check(String document, String from, String to, String... more) {
    var args = new ArrayList<>(List.of("upgrade-check", "-", "--from", from, "--to", to));
    args.addAll(List.of(more));
    return Cli.run(Map.of(), document, args.toArray(String[]::new));
  }

  @Test
  @DisplayName("a new kubelet that starts: exit code 0, with the defaults that move")
  void starts() {
    var result = check(HEAD, "1.26", "1.27");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith("EFFECT ")
        .containsPattern("CHANGES +eventRecordQPS +the default moves from 5 to 50")
        .contains("-: kubelet 1.27 starts with it; CHANGES ");
    assertThat(check(HEAD, "1.36", "1.36").out())
        .isEqualTo("-: kubelet 1.36 starts with it; nothing changes\n");
  }

  @Test
  @DisplayName("a gate that is gone breaks the new kubelet: exit code 1, the worst first")
  void breaks() throws Exception {
    var document = HEAD + "featureGates: {CSIMigration: true}\n";
    var result = check(document, "1.25", "1.36");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out().lines().toList().get(1)).startsWith("BREAKS    featureGates[");
    assertThat(result.out()).contains("kubelet 1.36 does not start with it; BREAKS 1");

    var json = check(document, "1.25", "1.36", "-o", "json");
    assertThat(json.exitCode()).isEqualTo(1);
    var tree = Json.parseObject(json.out().getBytes(StandardCharsets.UTF_8));
    assertThat(tree).containsOnlyKeys("source", "from", "to", "findings");
    assertThat(Tree.bool(tree, "from", "starts")).contains(true);
    assertThat(Tree.bool(tree, "to", "starts")).contains(false);
    assertThat(Tree.maps(tree, "findings").getFirst())
        .containsOnlyKeys("effect", "field", "message")
        .containsEntry("effect", "breaks");
  }

  @Test
  @DisplayName("bug 14: a flag that the new kubelet has no more breaks it")
  void flags(@TempDir Path directory) throws Exception {
    var flags = directory.resolve("kubeadm-flags.env");
    Files.writeString(flags, "KUBELET_KUBEADM_ARGS=--container-runtime=remote\n");
    var result = check(HEAD, "1.26", "1.27", "--kubelet-args", flags.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).containsPattern("BREAKS +--container-runtime +");
  }

  @Test
  @DisplayName("what both kubelets refuse is no news, but exit code 1 and said")
  void refusedByBoth() {
    var result = check(HEAD + "maxPods: -5\n", "1.35", "1.36");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("kubelet 1.36 does not start with it", "3:1: maxPods: -5");
    assertThat(result.err()).contains("warning: kubelet 1.35 does not start with it either");
  }

  @Test
  @DisplayName("versions and exactly one file have to be given: exit code 2")
  void usage(@TempDir Path directory) throws Exception {
    var file = Files.writeString(directory.resolve("a.yaml"), HEAD).toString();
    assertThat(Cli.run("upgrade-check", "-f", file, "--from", "1.35", "--to", "1.36").exitCode())
        .isZero();
    assertThat(Cli.run("upgrade-check", file, "--to", "1.36").exitCode()).isEqualTo(2);
    assertThat(Cli.run("upgrade-check", "--from", "1.35", "--to", "1.36").exitCode()).isEqualTo(2);
    assertThat(
            Cli.run("upgrade-check", file, "-f", file, "--from", "1.35", "--to", "1.36").exitCode())
        .isEqualTo(2);
    var old = Cli.run("upgrade-check", file, "--from", "1.19", "--to", "1.36");
    assertThat(old.exitCode()).isEqualTo(2);
    assertThat(old.err()).contains("--from: kubelet 1.19 is older");
  }
}
