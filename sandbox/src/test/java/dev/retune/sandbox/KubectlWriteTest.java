package dev.retune.sandbox;

import static dev.retune.sandbox.Fixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people type to change things. */
class KubectlWriteTest {
  @RegisterExtension static final Fixture FIXTURE = Fixture.start().withWidgets();

  private final Kubectl kubectl = FIXTURE.kubectl();
  @TempDir private Path files;

  @BeforeAll
  static void kubectlIsThere() {
    Kubectl.assume();
  }

  @Test
  @DisplayName(
      "create configmap from files and literals, with a hash, which kubectl sends as protobuf")
  void createConfigMap() throws IOException {
    Path file = Files.writeString(files.resolve("kubelet.yaml"), "maxPods: 50\n");
    Path binary = Files.write(files.resolve("binary"), new byte[] {0, (byte) 0xff, 7});
    kubectl.ok(
        "create",
        "configmap",
        "made",
        "--from-file=kubelet=" + file,
        "--from-literal=a=b",
        "--from-file=binary=" + binary);
    assertThat(kubectl.ok("get", "cm", "made", "-o", "jsonpath={.data.kubelet}|{.data.a}"))
        .isEqualTo("maxPods: 50\n|b");
    assertThat(kubectl.ok("get", "cm", "made", "-o", "jsonpath={.binaryData.binary}"))
        .isEqualTo("AP8H");
    assertThat(kubectl.ok("create", "cm", "hashed", "--from-literal=a=b", "--append-hash"))
        .matches("configmap/hashed-[a-z0-9]{10} created\n");
  }

  @Test
  @DisplayName("the other kinds that kubectl creates as protobuf arrive complete")
  void createOthers() {
    kubectl.ok("create", "namespace", "made");
    kubectl.ok("create", "secret", "generic", "s", "-n", "made", "--from-literal=password=x");
    kubectl.ok("create", "serviceaccount", "sa", "-n", "made");
    kubectl.ok("create", "role", "r", "-n", "made", "--verb=get,list", "--resource=configmaps");
    kubectl.ok("create", "rolebinding", "rb", "-n", "made", "--role=r", "--user=joe", "--group=g");
    kubectl.ok("create", "clusterrole", "made:r", "--verb=get", "--resource=nodes");
    kubectl.ok("create", "clusterrolebinding", "made:rb", "--clusterrole=made:r", "--user=joe");
    assertThat(kubectl.ok("get", "secret", "s", "-n", "made", "-o", "jsonpath={.data.password}"))
        .isEqualTo("eA==");
    assertThat(kubectl.ok("get", "role", "r", "-n", "made", "-o", "jsonpath={.rules[0].verbs}"))
        .isEqualTo("[\"get\",\"list\"]");
    assertThat(kubectl.ok("get", "rolebinding", "rb", "-n", "made", "-o", "wide"))
        .contains("Role/r")
        .contains("joe");
    assertThat(kubectl.ok("delete", "namespace", "made", "--timeout=20s")).contains("deleted");
    assertThat(kubectl.run("get", "secret", "s", "-n", "made").err()).contains("NotFound");
  }

  @Test
  @DisplayName("apply creates, says unchanged, configures, and takes away what is no longer said")
  void apply() throws IOException {
    String name = name("applied");
    Path file = map(name, "a: b, c: d");
    assertThat(kubectl.ok("apply", "-f", file.toString())).endsWith(" created\n");
    assertThat(kubectl.ok("apply", "-f", file.toString())).endsWith(" unchanged\n");
    kubectl.ok("patch", "cm", name, "-p", "{\"data\":{\"other\":\"stays\"}}");
    map(name, "a: e");
    assertThat(kubectl.run("diff", "-f", file.toString()).out())
        .contains("-  a: b")
        .contains("+  a: e");
    assertThat(kubectl.ok("apply", "-f", file.toString())).endsWith(" configured\n");
    assertThat(kubectl.ok("get", "cm", name, "-o", "jsonpath={.data}"))
        .isEqualTo("{\"a\":\"e\",\"other\":\"stays\"}");
  }

  @Test
  @DisplayName("apply --server-side owns its fields, and others have to force their way")
  void serverSideApply() throws IOException {
    String name = name("ssa");
    Path file = map(name, "a: b, c: d");
    kubectl.ok("apply", "--server-side", "--field-manager=one", "-f", file.toString());
    assertThat(kubectl.ok("get", "cm", name, "-o", "jsonpath={.metadata.managedFields[*].manager}"))
        .isEqualTo("one");
    map(name, "a: x");
    Kubectl.Result conflict =
        kubectl.run("apply", "--server-side", "--field-manager=two", "-f", file.toString());
    assertThat(conflict.exit()).isNotZero();
    assertThat(conflict.err()).contains("conflict").contains(".data.a");
    kubectl.ok(
        "apply",
        "--server-side",
        "--force-conflicts",
        "--field-manager=two",
        "-f",
        file.toString());
    kubectl.ok("apply", "--server-side", "--field-manager=two", "-f", file.toString());
    map(name, "c: d");
    kubectl.ok("apply", "--server-side", "--field-manager=one", "-f", file.toString());
    assertThat(kubectl.ok("get", "cm", name, "-o", "jsonpath={.data}"))
        .isEqualTo("{\"a\":\"x\",\"c\":\"d\"}");
  }

  @Test
  @DisplayName("three kinds of patch")
  void patch() {
    String name = name("patched");
    node(name);
    kubectl.ok(
        "patch",
        "node",
        name,
        "--subresource=status",
        "-p",
        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
    kubectl.ok(
        "patch",
        "node",
        name,
        "--subresource=status",
        "-p",
        "{\"status\":{\"conditions\":[{\"type\":\"PIDPressure\",\"status\":\"False\"}]}}");
    assertThat(kubectl.ok("get", "node", name, "-o", "jsonpath={.status.conditions[*].type}"))
        .contains("Ready")
        .contains("PIDPressure");
    kubectl.ok("patch", "node", name, "--type=merge", "-p", "{\"spec\":{\"unschedulable\":true}}");
    kubectl.ok(
        "patch",
        "node",
        name,
        "--type=json",
        "-p",
        "[{\"op\":\"test\",\"path\":\"/spec/unschedulable\",\"value\":true},"
            + "{\"op\":\"remove\",\"path\":\"/spec/unschedulable\"}]");
    assertThat(kubectl.ok("get", "node", name, "-o", "jsonpath={.spec}")).isEqualTo("{}");
  }

  @Test
  @DisplayName("label, annotate, cordon, uncordon and taint change a node")
  void nodes() {
    String name = name("node");
    node(name);
    kubectl.ok("label", "node", name, "zone=a");
    assertThat(kubectl.run("label", "node", name, "zone=b").err()).contains("--overwrite is false");
    kubectl.ok("annotate", "node", name, "note=x");
    kubectl.ok("cordon", name);
    kubectl.ok("taint", "node", name, "key=value:NoSchedule");
    assertThat(kubectl.ok("get", "node", name, "--show-labels"))
        .contains("SchedulingDisabled")
        .contains("zone=a");
    assertThat(kubectl.ok("get", "node", name, "-o", "jsonpath={.spec.taints[*].key}"))
        .isEqualTo("key");
    kubectl.ok("taint", "node", name, "key-");
    kubectl.ok("uncordon", name);
    kubectl.ok("label", "node", name, "zone-");
    assertThat(kubectl.ok("get", "node", name, "-o", "jsonpath={.spec}|{.metadata.labels}"))
        .isEqualTo("{}|");
    assertThat(kubectl.ok("delete", "node", name)).contains("deleted");
  }

  @Test
  @DisplayName("edit stores what the editor leaves, replace and delete need no more than a file")
  void editAndReplace() throws IOException {
    String name = name("edited");
    Path file = map(name, "a: before");
    kubectl.ok("create", "-f", file.toString());
    Path editor =
        Files.writeString(
            files.resolve("editor.sh"), "#!/bin/sh\nsed -i 's/a: before/a: after/' \"$1\"\n");
    Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
    Kubectl.Result edited =
        kubectl.run(Map.of("KUBE_EDITOR", editor.toString()), "edit", "configmap", name);
    assertThat(edited.all()).contains("configmap/" + name + " edited");
    assertThat(kubectl.ok("get", "cm", name, "-o", "jsonpath={.data.a}")).isEqualTo("after");
    kubectl.ok("replace", "-f", file.toString());
    assertThat(kubectl.ok("get", "cm", name, "-o", "jsonpath={.data.a}")).isEqualTo("before");
    assertThat(kubectl.ok("delete", "-f", file.toString(), "--wait=true")).contains("deleted");
    assertThat(kubectl.run("delete", "-f", file.toString()).exit()).isNotZero();
  }

  @Test
  @DisplayName("what is wrong is said in Kubernetes' words: types, unknown fields, immutability")
  void refusals() throws IOException {
    assertThat(apply("data: {a: 1}"))
        .contains(
            "json: cannot unmarshal number into Go struct field ConfigMap.data of type string");
    assertThat(apply("dta: {a: b}")).contains("strict decoding error: unknown field \"dta\"");
    String name = name("final");
    Path file =
        Files.writeString(
            files.resolve("final.yaml"),
            "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, immutable: true, data: {a: b}}"
                .formatted(name));
    kubectl.ok("apply", "-f", file.toString());
    assertThat(kubectl.run("patch", "cm", name, "-p", "{\"data\":{\"a\":\"c\"}}").err())
        .contains("data: Forbidden: field is immutable when `immutable` is set");
    Kubectl.Result lenient =
        kubectl.run(
            "apply",
            "--validate=warn",
            "-f",
            Files.writeString(
                    files.resolve("odd.yaml"),
                    "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: odd}, dta: {a: b}}")
                .toString());
    assertThat(lenient.err()).contains("Warning: unknown field \"dta\"");
    assertThat(lenient.out()).contains("configmap/odd created");
    Path stranger =
        Files.writeString(
            files.resolve("stranger.yaml"),
            "---\n{apiVersion: nobody.example.org/v1, kind: Stranger, metadata: {name: x}}");
    assertThat(kubectl.run("apply", "-f", stranger.toString()).err())
        .contains("no matches for kind \"Stranger\"");
  }

  @Test
  @DisplayName("custom objects get defaults, are checked by schema and CEL, and keep their status")
  void customObjects() throws IOException {
    Path file = widget("w1", "color: green");
    assertThat(kubectl.ok("apply", "-f", file.toString())).endsWith(" created\n");
    assertThat(kubectl.ok("apply", "-f", file.toString())).endsWith(" unchanged\n");
    assertThat(kubectl.ok("get", "wi", "w1", "-o", "jsonpath={.spec.size}")).isEqualTo("7");
    assertThat(kubectl.run("apply", "-f", widget("w2", "color: pink").toString()).err())
        .contains("spec.color: Unsupported value: \"pink\"");
    assertThat(kubectl.run("apply", "-f", widget("w2", "color: red, size: 20").toString()).err())
        .contains("red widgets are small");
    assertThat(kubectl.run("apply", "-f", widget("w2", "colour: red").toString()).err())
        .contains("spec.colour");
    kubectl.ok(
        "patch",
        "widget",
        "w1",
        "--type=merge",
        "--subresource=status",
        "-p",
        "{\"status\":{\"phase\":\"Good\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
    kubectl.ok("wait", "widget/w1", "--for=condition=Ready", "--timeout=10s");
    kubectl.ok("wait", "widget/w1", "--for=jsonpath={.status.phase}=Good", "--timeout=10s");
    kubectl.ok("apply", "-f", widget("w1", "color: blue").toString());
    assertThat(kubectl.ok("get", "widget", "w1", "-o", "jsonpath={.spec.color}|{.status.phase}"))
        .isEqualTo("blue|Good");
    assertThat(kubectl.ok("delete", "widget", "w1")).contains("deleted");
  }

  private String apply(String content) throws IOException {
    Path file =
        Files.writeString(
            files.resolve("wrong.yaml"),
            "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: wrong}, %s}"
                .formatted(content));
    return kubectl.run("apply", "-f", file.toString()).err();
  }

  private Path map(String name, String data) throws IOException {
    return Files.writeString(
        files.resolve(name + ".yaml"),
        "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: {%s}}"
            .formatted(name, data));
  }

  private Path widget(String name, String spec) throws IOException {
    return Files.writeString(
        files.resolve(name + ".yaml"),
        "---\n{apiVersion: example.org/v1, kind: Widget, metadata: {name: %s}, spec: {%s}}"
            .formatted(name, spec));
  }

  private static void node(String name) {
    FIXTURE.sandbox().apply("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(name));
  }
}
