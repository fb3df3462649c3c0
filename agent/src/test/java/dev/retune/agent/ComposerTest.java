package dev.retune.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.retune.agent.core.Assignment;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.Payload;
import dev.retune.agent.core.Payload.NotMerged;
import dev.retune.agent.node.LocalKubelet;
import dev.retune.api.Composition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.OnInvalid;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.kubeadm.NodeParts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ComposerTest {
  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
  private static final KubeletVersion VERSION = KubeletVersion.parse("v1.36.2");

  private final Composer composer = new Composer();

  private static LocalKubelet local(String config) {
    return new LocalKubelet(
        "/usr/bin/kubelet",
        List.of(),
        List.of(),
        Optional.of(new TextFile("/var/lib/kubelet/config.yaml", HEADER + config)),
        List.of(),
        NodeParts.NONE,
        List.of());
  }

  private Payload compose(Composition composition, String document, LocalKubelet local) {
    var assignment =
        new Assignment(
            Optional.empty(), true, composition, Duration.ZERO, OnInvalid.KeepActive, 1, "");
    return composer.compose(
        new Payload.Found("uid", "1", Optional.of(Document.of(HEADER + document))),
        Optional.of(assignment),
        local,
        VERSION);
  }

  private Document merged(String overlay, String localConfig) {
    return ((Payload.Found) compose(Composition.Overlay, overlay, local(localConfig)))
        .document()
        .orElseThrow();
  }

  @Test
  @DisplayName("AGENT-9 Replace: the document is given to the kubelet byte by byte")
  void replace() {
    var payload = compose(Composition.Replace, "maxPods: 5\n", local("maxPods: 7\n"));
    assertThat(payload)
        .asInstanceOf(type(Payload.Found.class))
        .extracting(found -> found.document().orElseThrow())
        .isEqualTo(Document.of(HEADER + "maxPods: 5\n"));
  }

  @Test
  @DisplayName("AGENT-9 Overlay: maps are merged per key, lists are replaced, the rest is local")
  void overlay() {
    var document =
        merged(
            "evictionHard: {memory.available: 5%}\nclusterDNS: [10.0.0.2]\n",
            "evictionHard: {nodefs.available: 9%}\nclusterDNS: [10.0.0.1, 10.1.0.1]\nmaxPods: 7\n");
    assertThat(document.text())
        .contains("\"memory.available\" : \"5%\"", "\"nodefs.available\" : \"9%\"")
        .contains("\"clusterDNS\" : [ \"10.0.0.2\" ]", "\"maxPods\" : 7");
    assertThat(document.mergedFrom().orElseThrow()).startsWith(HEADER + "evictionHard");
  }

  @Test
  @DisplayName("AGENT-9 Overlay: another local config makes another config")
  void localChange() {
    assertThat(merged("maxPods: 5\n", "podPidsLimit: 7\n").hash())
        .isEqualTo(merged("maxPods: 5\n", "podPidsLimit: 7\n").hash())
        .isNotEqualTo(merged("maxPods: 5\n", "podPidsLimit: 8\n").hash());
  }

  @Test
  @DisplayName(
      "bug 32: AGENT-9 a slip in an overlay is refused; one in the local config is the kubelet's")
  void slips() {
    assertThat(compose(Composition.Overlay, "maxPod: 5\n", local("")))
        .asInstanceOf(type(NotMerged.class))
        .extracting(refused -> refused.ruling().message())
        .asString()
        .contains("maxPod");
    assertThat(merged("maxPods: 5\n", "podPidLimit: 7\n").text()).contains("\"maxPods\" : 5");
  }

  @Test
  @DisplayName("AGENT-9 without a local config there is nothing to merge over, and it says why")
  void noLocalConfig() {
    assertThat(compose(Composition.Overlay, "maxPods: 5\n", LocalKubelet.UNKNOWN))
        .asInstanceOf(type(NotMerged.class))
        .extracting(refused -> refused.ruling().reason())
        .isEqualTo("NoLocalConfig");
  }

  @Test
  @DisplayName("AGENT-9 a local config that cannot be read: refused, naming the file")
  void unreadableLocalConfig() {
    assertThat(compose(Composition.Overlay, "maxPods: 5\n", local("{{{")))
        .asInstanceOf(type(NotMerged.class))
        .extracting(refused -> refused.ruling().message())
        .asString()
        .contains("/var/lib/kubelet/config.yaml");
  }

  @Test
  @DisplayName("AGENT-9 relative paths of the local config go on to mean files beside it")
  void relativePaths() {
    assertThat(merged("maxPods: 5\n", "tlsCertFile: pki/kubelet.crt\n").text())
        .contains("\"tlsCertFile\" : \"/var/lib/kubelet/pki/kubelet.crt\"");
  }

  @Test
  @DisplayName("kubeadm: its own ConfigMap is made this node's as kubeadm makes it")
  void kubeadm() {
    var node =
        new LocalKubelet(
            "/usr/bin/kubelet",
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            new NodeParts(
                false,
                List.of(
                    new TextFile(
                        "/etc/kubernetes/patches/kubeletconfiguration.yaml", "maxPods: 60\n")),
                Optional.of(
                    new TextFile(
                        "/var/lib/kubelet/instance-config.yaml",
                        HEADER + "containerRuntimeEndpoint: unix:///run/crio/crio.sock\n"))),
            List.of());
    var source = ConfigMapNodeConfigSource.reference("kube-system", "kubelet-config", "kubelet");
    var payload =
        composer.compose(
            new Payload.Found(
                "uid", "1", Optional.of(Document.of(HEADER + "maxPods: 50\npodPidsLimit: 9\n"))),
            Optional.of(
                new Assignment(
                    Optional.of(source),
                    true,
                    Composition.Replace,
                    Duration.ZERO,
                    OnInvalid.KeepActive,
                    1,
                    "")),
            node,
            VERSION);
    assertThat(((Payload.Found) payload).document().orElseThrow().text())
        .contains("\"maxPods\" : 60", "\"podPidsLimit\" : 9", "unix:///run/crio/crio.sock");
  }
}
