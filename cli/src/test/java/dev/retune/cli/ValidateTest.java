package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  @DisplayName("what ends a kubelet at its start refuses; what has no effect is a warning")
  void preconditions() throws Exception {
    var exits = validate(HEAD + "evictionHard: {memory.avail: 100Mi}\n", "-o", "json");
    assertThat(exits.exitCode()).isEqualTo(1);
    var tree = Json.parseObject(exits.out().getBytes(StandardCharsets.UTF_8));
    assertThat(tree).containsEntry("verdict", "valid").containsEntry("accepted", false);
    assertThat(Tree.maps(tree, "preconditions"))
        .singleElement()
        .satisfies(one ->
            assertThat(one)
                .containsEntry("field", "evictionHard[memory.avail]")
                .containsEntry("consequence", "exits")
                .containsKey("message"));
    assertThat(validate(HEAD + "evictionHard: {memory.avail: 100Mi}\n").out())
        .contains("kubelet 1.36 would not start with it", "evictionHard[memory.avail]");

    var idle = HEAD + "topologyManagerPolicyOptions: {prefer-closest-numa-nodes: \"true\"}\n";
    var warned = validate(idle, "--kubelet-version", "1.30");
    assertThat(warned.exitCode()).isZero();
    assertThat(warned.out()).contains("warning: topologyManagerPolicyOptions: ");
    var strict = validate(idle, "--kubelet-version", "1.30", "--strict", "-o", "json");
    assertThat(strict.exitCode()).isEqualTo(1);
    assertThat(strict.out()).contains("\"consequence\": \"noEffect\"");
  }

  @Test
  @DisplayName("AGENT-19 a field that a flag sets is shown with the flag, its file and line")
  void shadowed(@TempDir Path directory) throws Exception {
    var flags = directory.resolve("kubeadm-flags.env");
    Files.writeString(flags, "\nKUBELET_KUBEADM_ARGS=\"--max-pods=110 --node-ip=10.0.0.1\"\n");
    var document = HEAD + "maxPods: 50\n";
    var result = validate(document, "--kubelet-args", flags.toString());
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("warning: maxPods has no effect: --max-pods=110 (" + flags + ":2)");
    assertThat(validate(document, "--kubelet-args", flags.toString(), "--strict").exitCode())
        .isEqualTo(1);

    var json = validate(document, "--kubelet-args", flags.toString(), "-o", "json");
    var tree = Json.parseObject(json.out().getBytes(StandardCharsets.UTF_8));
    assertThat(Tree.maps(tree, "shadowed"))
        .containsExactly(
            Tree.object(
                "field",
                "maxPods",
                "flag",
                "--max-pods",
                "value",
                "110",
                "source",
                flags + ":2",
                "differs",
                true));
  }

  @Test
  @DisplayName("a flag that the version does not have refuses, as the kubelet exits with it")
  void unknownFlag(@TempDir Path directory) throws Exception {
    var flags = directory.resolve("kubeadm-flags.env");
    Files.writeString(flags, "KUBELET_KUBEADM_ARGS=--network-plugin=cni\nGODEBUG=madvdontneed=1\n");
    var result = validate(HEAD, "--kubelet-args", flags.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("refuses its flags", "--network-plugin", flags + ":1")
        .doesNotContain("GODEBUG", "madvdontneed");
  }

  @Test
  @DisplayName("a unit's flags come from its ExecStart and the files it names, and no others")
  void unit(@TempDir Path directory) throws Exception {
    var unit = directory.resolve("10-kubeadm.conf");
    Files.writeString(
        unit,
        """
        [Service]
        Environment="CONFIG=--config=/var/lib/kubelet/config.yaml"
        EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
        EnvironmentFile=-/etc/default/kubelet
        ExecStart=/usr/bin/kubelet $CONFIG $KUBELET_KUBEADM_ARGS
        """);
    var flags = directory.resolve("kubeadm-flags.env");
    Files.writeString(flags, "KUBELET_KUBEADM_ARGS=--max-pods=7\nOTHER=--cgroup-driver=systemd\n");
    var given = List.of("--kubelet-args", unit.toString(), "--kubelet-args", flags.toString());
    var document = HEAD + "maxPods: 50\ncgroupDriver: cgroupfs\n";
    var result = validate(document, given.toArray(String[]::new));
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("--max-pods=7 (/var/lib/kubelet/kubeadm-flags.env:1)")
        .doesNotContain("cgroupDriver");
    assertThat(result.err()).contains("the unit reads /etc/default/kubelet too");

    var other = Files.copy(flags, directory.resolve("node-1.env"));
    var unused =
        validate(HEAD, "--kubelet-args", unit.toString(), "--kubelet-args", other.toString());
    assertThat(unused.exitCode()).isEqualTo(2);
    assertThat(unused.err()).contains("node-1.env", "reads no file of that name", "kubeadm-flags");

    Files.writeString(unit, "[Service]\nEnvironment=A=--max-pods=3\n");
    assertThat(validate(HEAD, "--kubelet-args", unit.toString()).err()).contains("no ExecStart=");
    assertThat(validate(HEAD, "--kubelet-args", "-").exitCode()).isEqualTo(2);
  }
}
