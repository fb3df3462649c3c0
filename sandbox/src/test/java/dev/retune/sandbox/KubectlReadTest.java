package dev.retune.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people type to look at things. */
class KubectlReadTest {
  @RegisterExtension static final Fixture FIXTURE = Fixture.start().withWidgets();

  private final Kubectl kubectl = FIXTURE.kubectl();

  @BeforeAll
  static void objects() {
    Kubectl.assume();
    FIXTURE
        .sandbox()
        .apply(
            """
            apiVersion: v1
            kind: Node
            metadata:
              name: n1
              labels: {node-role.kubernetes.io/control-plane: ""}
            spec:
              taints: [{key: example.org/t, effect: NoSchedule}]
            status:
              nodeInfo: {kubeletVersion: v1.36.2, osImage: Debian, kernelVersion: 6.18.0,
                containerRuntimeVersion: containerd://2.2.0, architecture: amd64, operatingSystem: linux}
              addresses: [{type: InternalIP, address: 10.0.0.7}]
              capacity: {cpu: "4", memory: 8Gi, pods: "110"}
              allocatable: {cpu: "4", memory: 8Gi, pods: "110"}
              conditions: [{type: Ready, status: "True", reason: KubeletReady, message: is posting}]
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: n2}
            ---
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: n1, namespace: kube-node-lease}
            spec: {holderIdentity: n1, renewTime: "2026-01-01T00:00:00.000000Z"}
            ---
            apiVersion: v1
            kind: Event
            metadata: {name: n1.1, namespace: default}
            involvedObject: {apiVersion: v1, kind: Node, name: n1, uid: n1}
            reason: KubeletConfigChanged
            message: Kubelet restarting to use local config
            source: {component: kubelet}
            type: Normal
            count: 3
            firstTimestamp: "2026-01-01T00:00:00Z"
            lastTimestamp: "2026-01-01T00:00:00Z"
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: one, namespace: kube-system, labels: {app: a}}
            data: {key: value, other: value}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: two, namespace: kube-system, labels: {app: b}}
            ---
            apiVersion: example.org/v1
            kind: Widget
            metadata: {name: w1}
            spec: {color: red}
            """);
  }

  @Test
  @DisplayName("version, api-versions and api-resources tell what is served")
  void discovery() {
    assertThat(kubectl.ok("version")).contains("Server Version: v1.36");
    assertThat(kubectl.ok("api-versions")).contains("example.org/v1", "v1", "events.k8s.io/v1");
    assertThat(kubectl.ok("api-resources", "-o", "wide"))
        .containsPattern("configmaps +cm +v1 +true +ConfigMap +create,delete,deletecollection")
        .containsPattern("nodes +no +v1 +false +Node")
        .containsPattern("widgets +wi +example.org/v1 +true +Widget .* all");
    assertThat(kubectl.ok("get", "--raw", "/readyz")).isEqualTo("ok");
  }

  @Test
  @DisplayName("nodes are shown as kubectl users know them")
  void nodes() {
    assertThat(kubectl.ok("get", "nodes"))
        .containsPattern("NAME +STATUS +ROLES +AGE +VERSION")
        .containsPattern("n1 +Ready +control-plane +\\S+ +v1.36.2")
        .containsPattern("n2 +Unknown +<none>");
    assertThat(kubectl.ok("get", "nodes", "-o", "wide"))
        .containsPattern("10.0.0.7 +<none> +Debian +6.18.0 +containerd://2.2.0");
    assertThat(kubectl.ok("describe", "node", "n1"))
        .contains("HolderIdentity:  n1")
        .contains("example.org/t:NoSchedule")
        .contains("KubeletReady");
  }

  @Test
  @DisplayName("labels, fields, namespaces and output formats select and shape what is shown")
  void configMaps() {
    assertThat(kubectl.ok("get", "cm", "-A", "-l", "app in (a)"))
        .containsPattern("NAMESPACE +NAME +DATA +AGE")
        .containsPattern("kube-system +one +2")
        .doesNotContain("two");
    assertThat(kubectl.ok("get", "cm", "-A", "--field-selector", "metadata.name=two", "-o", "name"))
        .isEqualTo("configmap/two\n");
    assertThat(kubectl.ok("get", "cm", "one", "-n", "kube-system", "-o", "yaml"))
        .contains("key: value")
        .contains("resourceVersion:");
    assertThat(
            kubectl.ok(
                "get", "cm", "-n", "kube-system", "-o", "jsonpath={.items[*].metadata.name}"))
        .isEqualTo("one two");
    assertThat(kubectl.ok("get", "cm", "-n", "kube-system", "--chunk-size=1", "-o", "name"))
        .hasLineCount(2);
    assertThat(
            kubectl.ok(
                "get", "cm", "-n", "kube-system", "--sort-by=.metadata.name", "--no-headers"))
        .hasLineCount(2);
    assertThat(kubectl.ok("describe", "cm", "one", "-n", "kube-system"))
        .contains("key:\n----\nvalue");
    assertThat(kubectl.run("get", "cm", "none").err())
        .isEqualTo("Error from server (NotFound): configmaps \"none\" not found\n");
  }

  @Test
  @DisplayName("a custom kind brings its own columns, explanations and categories")
  void customKinds() {
    assertThat(kubectl.ok("get", "wi"))
        .containsPattern("NAME +COLOR +AGE")
        .containsPattern("w1 +red +\\d+");
    assertThat(kubectl.ok("get", "widgets", "-o", "wide")).containsPattern("w1 +red +7 +\\d+");
    assertThat(kubectl.ok("get", "all")).contains("widget.example.org/w1");
    assertThat(kubectl.ok("describe", "widget", "w1")).contains("Color:  red");
    assertThat(kubectl.ok("explain", "widget.spec.color")).contains("Its color.").contains("green");
    assertThat(kubectl.ok("get", "crd", "widgets.example.org")).contains("CREATED AT");
    kubectl.ok("wait", "--for=condition=Established", "crd/widgets.example.org", "--timeout=10s");
  }

  @Test
  @DisplayName("explain knows the built-in kinds")
  void explain() {
    assertThat(kubectl.ok("explain", "node.spec.taints.effect")).contains("NoSchedule");
    assertThat(kubectl.ok("explain", "configmap", "--recursive"))
        .contains("immutable\t<boolean>")
        .contains("ownerReferences\t<[]OwnerReference>");
  }

  @Test
  @DisplayName("events are shown by get, by events and by describe")
  void events() {
    assertThat(kubectl.ok("get", "events", "-A"))
        .containsPattern("Normal +KubeletConfigChanged +node/n1 +Kubelet restarting");
    assertThat(kubectl.ok("events", "--for", "node/n1")).contains("Kubelet restarting");
    assertThat(kubectl.ok("get", "events.events.k8s.io")).contains("KubeletConfigChanged");
  }

  @Test
  @DisplayName("get --watch prints the changes as they come")
  void watch() throws Exception {
    FIXTURE.sandbox().apply("{apiVersion: v1, kind: Namespace, metadata: {name: watched}}");
    Process watching =
        kubectl.start(Map.of(), "get", "cm", "-n", "watched", "--watch", "--output-watch-events");
    try (BufferedReader lines = watching.inputReader()) {
      String map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: m, namespace: watched}%s}";
      FIXTURE.sandbox().apply(map.formatted(""));
      assertThat(lines.readLine()).matches("EVENT +NAME +DATA +AGE");
      assertThat(lines.readLine()).matches("ADDED +m +0 +.*");
      FIXTURE.sandbox().apply(map.formatted(", data: {a: b}"));
      assertThat(lines.readLine()).matches("MODIFIED +m +1 +.*");
    } finally {
      watching.destroy();
    }
  }

  @Test
  @DisplayName("auth whoami and can-i answer for the certificate's owner and for whom it acts as")
  void auth() {
    assertThat(kubectl.ok("auth", "whoami"))
        .contains("kubernetes-admin")
        .contains("system:masters");
    assertThat(kubectl.ok("auth", "whoami", "--as=joe")).contains("joe");
    assertThat(kubectl.ok("auth", "can-i", "delete", "nodes")).isEqualTo("yes\n");
    assertThat(kubectl.ok("auth", "can-i", "--list")).contains("*.*");
  }
}
