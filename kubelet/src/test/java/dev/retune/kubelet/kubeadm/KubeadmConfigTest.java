package dev.retune.kubelet.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.flags.TextFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KubeadmConfigTest {

  private static final byte[] CLUSTER =
      """
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      maxPods: 110
      clusterDNS: [10.96.0.10]
      evictionHard: {memory.available: 100Mi, nodefs.available: 10%}
      authentication: {x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}}
      """
          .getBytes(StandardCharsets.UTF_8);

  @Test
  @DisplayName("A node that adds nothing gets the cluster's document, byte for byte (AGENT-4)")
  void nothingToAdd() throws UnreadableException {
    assertThat(KubeadmConfig.compose(CLUSTER, NodeParts.NONE)).isSameAs(CLUSTER);
    assertThat(
            KubeadmConfig.compose(
                CLUSTER, patched(new TextFile("/p/kube-apiserver+merge.yaml", "{a: b}"))))
        .as("a patch for something else")
        .isSameAs(CLUSTER);
  }

  @Test
  @DisplayName("KEP-4656: the runtime's endpoint is the node's, and has the last word")
  void instanceConfig() throws UnreadableException {
    TextFile instance =
        new TextFile(
            "/var/lib/kubelet/instance-config.yaml",
            "containerRuntimeEndpoint: \"unix:///run/crio/crio.sock\"\n");
    TextFile patch =
        new TextFile(
            "/p/kubeletconfiguration.yaml", "containerRuntimeEndpoint: unix:///other.sock\n");

    assertThat(effective(new NodeParts(false, List.of(patch), Optional.of(instance))))
        .containsEntry("containerRuntimeEndpoint", "unix:///run/crio/crio.sock")
        .containsEntry("maxPods", 110L);
  }

  @Test
  @DisplayName("kubeadm#3034: where systemd-resolved runs, its file is the resolver's")
  void resolved() throws UnreadableException {
    assertThat(effective(new NodeParts(true, List.of(), Optional.empty())))
        .containsEntry("resolvConf", "/run/systemd/resolve/resolv.conf");
    TextFile mine = new TextFile("/p/kubeletconfiguration.json", "{\"resolvConf\": \"/mine\"}");
    assertThat(effective(new NodeParts(true, List.of(mine), Optional.empty())))
        .containsEntry("resolvConf", "/mine");
  }

  @Test
  @DisplayName("Patches of all three kinds are applied in order, several to a file")
  void kinds() throws UnreadableException {
    Map<String, @Nullable Object> effective =
        effective(
            patched(
                new TextFile(
                    "/p/kubeletconfiguration0+merge.yaml",
                    "maxPods: 50\nevictionHard: {nodefs.available: null}\n"),
                new TextFile(
                    "/p/kubeletconfiguration1+json.json",
                    """
                    [{"op": "test", "path": "/maxPods", "value": 50},
                     {"op": "replace", "path": "/maxPods", "value": 60},
                     {"op": "add", "path": "/clusterDNS/-", "value": "10.96.0.11"},
                     {"op": "add", "path": "/clusterDNS/0", "value": "10.96.0.9"},
                     {"op": "remove", "path": "/clusterDNS/1"},
                     {"op": "add", "path": "/featureGates", "value": {"NodeSwap": true}},
                     {"op": "move", "from": "/evictionHard/memory.available",
                      "path": "/evictionHard/imagefs.available"}]
                    """),
                new TextFile(
                    "/p/kubeletconfiguration2.yaml",
                    """
                    ---
                    podsPerCore: 5
                    ---
                    featureGates:
                      $patch: replace
                      ImageVolume: true
                    authentication: {x509: {$patch: delete}}
                    """)));

    assertThat(effective)
        .containsEntry("maxPods", 60L)
        .containsEntry("clusterDNS", List.of("10.96.0.9", "10.96.0.11"))
        .containsEntry("podsPerCore", 5L)
        .containsEntry("featureGates", Map.of("ImageVolume", true))
        .containsEntry("evictionHard", Map.of("imagefs.available", "100Mi"));
    assertThat(effective.get("authentication")).asString().doesNotContain("ca.crt");
  }

  @Test
  @DisplayName("A patch that kubeadm would stop at is refused, and the reason names the file")
  void refused() {
    assertRefused("/p/kubeletconfiguration+what.yaml", "{}", "json, merge and strategic");
    assertRefused("/p/kubeletconfiguration.yaml", "[1]", "an object is needed");
    assertRefused("/p/kubeletconfiguration.yaml", "a: [", "/p/kubeletconfiguration.yaml");
    assertRefused("/p/kubeletconfiguration+json.yaml", "maxPods: 5", "a list of operations");
    assertRefused(
        "/p/kubeletconfiguration+json.yaml", "[{op: remove, path: /nope}]", "no \"nope\"");
    assertRefused(
        "/p/kubeletconfiguration+json.yaml",
        "[{op: test, path: /maxPods, value: 5}]",
        "test of /maxPods fails");
    assertRefused(
        "/p/kubeletconfiguration+json.yaml",
        "[{op: add, path: /clusterDNS/9, value: x}]",
        "no index \"9\"");
    assertRefused("/p/kubeletconfiguration.yaml", "$retainKeys: [maxPods]", "$retainKeys");
    assertThatThrownBy(() ->
            KubeadmConfig.compose("kind: Pod".getBytes(StandardCharsets.UTF_8), NodeParts.NONE))
        .hasMessageContaining("the cluster's kubelet configuration");
  }

  @Test
  @DisplayName("Only .yaml and .json files for the kubelet are patches, as kubeadm names them")
  void names() throws UnreadableException {
    for (String name :
        List.of(
            "kubeletconfiguration.yml",
            "kubeletconfiguration",
            "mykubeletconfiguration.yaml",
            "README.md",
            "corednsdeployment.yaml")) {
      assertThat(Patch.of(new TextFile("/p/" + name, "maxPods: 5"))).as(name).isEmpty();
    }
    assertThat(Patch.of(new TextFile("/p/kubeletconfiguration-a0+strategic.json", "{}")))
        .singleElement()
        .extracting(Patch::kind)
        .isEqualTo(Patch.Kind.STRATEGIC);
    assertThat(Patch.of(new TextFile("/p/kubeletconfiguration.yaml", "# nothing\n"))).isEmpty();
  }

  private static void assertRefused(String file, String text, String reason) {
    assertThatThrownBy(() -> KubeadmConfig.compose(CLUSTER, patched(new TextFile(file, text))))
        .isInstanceOf(UnreadableException.class)
        .hasMessageContaining(file)
        .hasMessageContaining(reason);
  }

  private static NodeParts patched(TextFile... files) {
    return new NodeParts(false, Arrays.asList(files), Optional.empty());
  }

  private static Map<String, @Nullable Object> effective(NodeParts parts)
      throws UnreadableException {
    return KubeletConfig.judge(KubeadmConfig.compose(CLUSTER, parts), new KubeletVersion(36))
        .effective();
  }
}
