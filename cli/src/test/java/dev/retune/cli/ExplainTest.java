package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExplainTest {
  @Test
  @DisplayName("a field: type, default, versions, flags, what changing it takes and what to see to")
  void field() {
    var page = Cli.run("explain", "maxPods");
    assertThat(page.exitCode()).isZero();
    assertThat(page.out())
        .contains(
            "KIND:       KubeletConfiguration\n",
            "FIELD: maxPods <integer>\n",
            "DEFAULT:\n    110\n",
            "VERSIONS:\n    since 1.25 or earlier\n",
            "--max-pods (a whole number)",
            "TO CHANGE IT TAKES:\n    a restart of the kubelet; pods go on\n",
            "    A: running pods may be rejected",
            "SEE TO:");
  }

  @Test
  @DisplayName("a default that moved is shown with the versions, a gate with its stage and default")
  void moved() {
    assertThat(Cli.run("explain", "eventRecordQPS").out())
        .containsPattern("DEFAULT:\n    5 +from 1.25 to 1.26\n    50 +from 1.27 to 1.36\n");
    assertThat(Cli.run("explain", "memorySwap", "--kubelet-version", "1.30").out())
        .contains("swapBehavior <string>");
    assertThat(Cli.run("explain", "memorySwap.swapBehavior", "--kubelet-version", "1.30").out())
        .contains("kubelet 1.30", "NodeSwap (beta, on by default)");
  }

  @Test
  @DisplayName("a field within objects and lists, also as messages spell it")
  void nested() {
    assertThat(Cli.run("explain", "authentication.webhook.cacheTTL").out())
        .contains("FIELD: authentication.webhook.cacheTTL <duration>", "2m0s");
    assertThat(Cli.run("explain", "registerWithTaints[0].key").out())
        .contains("FIELD: registerWithTaints.key <string>");
    assertThat(Cli.run("explain", "evictionHard[memory.available]").out())
        .contains("FIELD: evictionHard <map[string]string>");
  }

  @Test
  @DisplayName("an unknown field: exit code 1 and the one that was meant")
  void unknown() {
    var result = Cli.run("explain", "maxPod");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("\"maxPod\"; did you mean \"maxPods\"?");
    assertThat(Cli.run("explain", "authentication.webhok").err()).contains("did you mean");
  }

  @Test
  @DisplayName("a field that came later, or went: exit code 1 and the version that has it")
  void otherVersion() {
    var early = Cli.run("explain", "failCgroupV1", "--kubelet-version", "1.25");
    assertThat(early.exitCode()).isEqualTo(1);
    assertThat(early.err())
        .contains("kubelet 1.25 has no field \"failCgroupV1\"", "it came with 1.");
    assertThat(Cli.run("explain", "maxPods", "--kubelet-version", "1.19").exitCode()).isEqualTo(2);
  }

  @Test
  @DisplayName("without a field: all of a version, with type and cost")
  void list() throws Exception {
    var all = Cli.run("explain");
    assertThat(all.exitCode()).isZero();
    assertThat(all.out())
        .startsWith("FIELD ")
        .containsPattern("maxPods +integer +restart\n")
        .containsPattern("cpuManagerPolicy +string +state-file\n")
        .containsPattern("podLogsDir +string +drain\n")
        .doesNotContain("apiVersion");
    assertThat(Cli.run("explain", "--kubelet-version", "1.25").out())
        .doesNotContain("failCgroupV1");
    var json = Cli.run("explain", "-o", "json");
    assertThat(Json.parse(json.out().getBytes(StandardCharsets.UTF_8)))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .contains(Tree.object("field", "maxPods", "type", "integer", "cost", "restart"));
  }

  @Test
  @DisplayName("-o json has all of it under names of its own")
  void json() throws Exception {
    var result = Cli.run("explain", "maxPods", "-o", "json");
    var tree = Json.parseObject(result.out().getBytes(StandardCharsets.UTF_8));
    assertThat(tree)
        .containsOnlyKeys(
            "field",
            "type",
            "kubeletVersion",
            "since",
            "until",
            "defaults",
            "featureGates",
            "flags",
            "classes",
            "cost",
            "handling",
            "fields");
    assertThat(Tree.maps(tree, "defaults"))
        .containsExactly(Tree.object("since", "1.25", "until", "1.36", "value", 110L));
    assertThat(Tree.strings(tree, "classes")).contains("A");
    assertThat(tree).containsEntry("cost", "restart");
  }
}
