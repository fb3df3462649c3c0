package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.cli.playground.Playground;
import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffTest {
  private static final String HEAD =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  @TempDir private Path directory = Path.of("");

  private Cli.Result diff(String left, String right, String... more) throws Exception {
    var a = Files.writeString(directory.resolve("a.yaml"), left);
    var args = new ArrayList<>(List.of("diff", a.toString(), "-"));
    args.addAll(List.of(more));
    return Cli.run(Map.of(), right, args.toArray(String[]::new));
  }

  @Test
  @DisplayName("a default that is written down is no difference: nothing, exit code 0")
  void same() throws Exception {
    var result = diff(HEAD, HEAD + "maxPods: 110\n");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEmpty();
    assertThat(diff(HEAD, HEAD, "-o", "unified").out()).isEmpty();
    var json = diff(HEAD, HEAD, "-o", "json");
    assertThat(json.exitCode()).isZero();
    assertThat(Json.parseObject(json.out().getBytes(StandardCharsets.UTF_8)))
        .containsEntry("changes", List.of())
        .containsEntry("cost", null);
  }

  @Test
  @DisplayName("differences: exit code 1, each with its class and cost, and the highest in words")
  void differences() throws Exception {
    var result = diff(HEAD, HEAD + "maxPods: 50\npodLogsDir: /logs\n");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("FIELD ")
        .containsPattern("maxPods +110 +50 +A,E,C +restart\n")
        .containsPattern("podLogsDir +/var/log/pods +/logs +D,C +drain\n")
        .endsWith("\nTo change this takes a drain of the node, then a restart of the kubelet.\n");
  }

  @Test
  @DisplayName("-o json: every change with field, kind, values, classes, cost and handling")
  void json() throws Exception {
    var result =
        diff(HEAD, HEAD + "maxPods: 50\nevictionHard: {nodefs.available: 5%}\n", "-o=json");
    assertThat(result.exitCode()).isEqualTo(1);
    var tree = Json.parseObject(result.out().getBytes(StandardCharsets.UTF_8));
    assertThat(tree)
        .containsOnlyKeys("from", "to", "changes", "cost")
        .containsEntry("cost", "restart");
    assertThat(Tree.string(tree, "to", "kubeletVersion")).contains("1.36");
    var changes = Tree.maps(tree, "changes");
    assertThat(changes)
        .allSatisfy(change ->
            assertThat(change)
                .containsOnlyKeys("field", "kind", "from", "to", "classes", "cost", "handling"));
    assertThat(changes)
        .anySatisfy(change ->
            assertThat(change)
                .containsEntry("field", "maxPods")
                .containsEntry("kind", "changed")
                .containsEntry("from", 110L)
                .containsEntry("to", 50L)
                .containsEntry("classes", List.of("A", "E", "C")));
    assertThat(changes)
        .anySatisfy(change ->
            assertThat(change)
                .containsEntry("field", "evictionHard[memory.available]")
                .containsEntry("kind", "removed"));
  }

  @Test
  @DisplayName("-o unified: the effective configs as diff -u shows them")
  void unified() throws Exception {
    var result = diff(HEAD, HEAD + "maxPods: 50\n", "-o", "unified");
    assertThat(result.exitCode()).isEqualTo(1);
    var lines = result.out().lines().toList();
    assertThat(lines.get(0)).isEqualTo("--- " + directory.resolve("a.yaml"));
    assertThat(lines.get(1)).isEqualTo("+++ -");
    assertThat(lines.get(2)).matches("@@ -\\d+,7 \\+\\d+,7 @@");
    assertThat(lines).contains("-maxPods: 110", "+maxPods: 50").hasSize(3 + 8);
  }

  @Test
  @DisplayName("the same document for two versions: what an upgrade would move")
  void versions() throws Exception {
    var result = diff(HEAD, HEAD, "--from-version", "1.26", "--kubelet-version", "1.36");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).containsPattern("eventRecordQPS +5 +50");
  }

  @Test
  @DisplayName("what cannot be compared: exit code 2 and the place; what is refused: a warning")
  void trouble() throws Exception {
    var unreadable = diff(HEAD, HEAD + "maxPods: many\n");
    assertThat(unreadable.exitCode()).isEqualTo(2);
    assertThat(unreadable.err()).contains("error: -: kubelet 1.36 cannot read it: 3:", "maxPods");
    assertThat(Cli.run("diff", "/nonexistent/a", "-").exitCode()).isEqualTo(2);
    assertThat(Cli.run("diff", "-", "-").exitCode()).isEqualTo(2);
    assertThat(Cli.run("diff", "node/", "-").err()).contains("node/ names no node");
    assertThat(Cli.run("diff", "a").exitCode()).isEqualTo(2);
    var noCluster = Map.of("HOME", "/nonexistent");
    assertThat(Cli.run(noCluster, HEAD, "diff", "node/node-1", "-").exitCode()).isEqualTo(2);

    var refused = diff(HEAD, HEAD + "maxPods: -5\n");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("warning: -: kubelet 1.36 refuses it: 3:1: maxPods");
  }

  @Test
  @DisplayName("node/NAME is what that node's kubelet runs, judged for its version")
  void node() throws Exception {
    try (var playground = Playground.start(Optional.of(directory.resolve("playground")), 0, 1)) {
      assertThat(playground.awaitReady(Duration.ofMinutes(1))).isTrue();
      var env = Map.of("KUBECONFIG", playground.sandbox().adminKubeconfig().toString());
      var live = Cli.run(env, "", "config", "node-1");
      var changed = live.out().replaceFirst("maxPods: \\d+", "maxPods: 51");
      var result = Cli.run(env, changed, "diff", "node/node-1", "-", "-o", "json");
      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isEqualTo(1);
      var tree = Json.parseObject(result.out().getBytes(StandardCharsets.UTF_8));
      assertThat(Tree.maps(tree, "changes"))
          .singleElement()
          .satisfies(change -> assertThat(change).containsEntry("field", "maxPods"));
      assertThat(Cli.run(env, "", "diff", "node/node-1", "node/node-1").exitCode()).isZero();
      assertThat(Cli.run(env, "", "diff", "node/node-1", "node/nobody").exitCode()).isEqualTo(2);
    }
  }
}
