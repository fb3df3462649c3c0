package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import dev.retune.kubelet.KubeletVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultsTest {
  @Test
  @DisplayName("the defaults of every version are a document that this version takes")
  void accepted(@TempDir Path directory) throws Exception {
    var head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    var empty = Files.writeString(directory.resolve("empty.yaml"), head).toString();
    for (KubeletVersion version : KubeletVersion.known()) {
      var defaults = Cli.run("defaults", "--kubelet-version", version.toString());
      assertThat(defaults.exitCode()).isZero();
      assertThat(defaults.out()).startsWith(head).contains("maxPods: 110\n");
      var args = new String[] {"validate", "-", "--kubelet-version", version.toString()};
      var verdict = Cli.run(Map.of(), defaults.out(), args);
      assertThat(verdict.exitCode()).as(verdict.out()).isZero();
      args = new String[] {"diff", empty, "-", "--kubelet-version", version.toString()};
      var difference = Cli.run(Map.of(), defaults.out(), args);
      assertThat(difference.exitCode()).as(difference.out()).isZero();
    }
  }

  @Test
  @DisplayName("--diff shows what differs in another version, as a table or for programs")
  void differences() throws Exception {
    var table = Cli.run("defaults", "--kubelet-version", "1.26", "--diff", "1.36");
    assertThat(table.exitCode()).isZero();
    assertThat(table.out())
        .startsWith("FIELD ")
        .containsPattern("eventRecordQPS +5 +50\n")
        .containsPattern("failCgroupV1 +<none> +true\n")
        .doesNotContain("maxPods");
    assertThat(table.out().lines().findFirst().orElseThrow()).contains("1.26", "1.36");

    var json = Cli.run("defaults", "--kubelet-version", "1.26", "--diff", "1.36", "-o", "json");
    var tree = Json.parseObject(json.out().getBytes(StandardCharsets.UTF_8));
    assertThat(tree).containsEntry("from", "1.26").containsEntry("to", "1.36");
    assertThat(Tree.maps(tree, "changes"))
        .contains(Tree.object("field", "eventRecordQPS", "kind", "changed", "from", 5L, "to", 50L));

    assertThat(Cli.run("defaults", "--diff", "1.36").out()).isEmpty();
  }

  @Test
  @DisplayName("-o json is the same document; a version nobody knows is usage")
  void formats() throws Exception {
    var json = Cli.run("defaults", "-o", "json");
    var tree = Json.parseObject(json.out().getBytes(StandardCharsets.UTF_8));
    assertThat(tree.keySet()).startsWith("apiVersion", "kind");
    for (String version : new String[] {"1.19", "1.99", "new"}) {
      assertThat(Cli.run("defaults", "--kubelet-version", version).exitCode()).isEqualTo(2);
      assertThat(Cli.run("defaults", "--diff", version).exitCode()).isEqualTo(2);
    }
  }
}
