package dev.retune.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.api.FieldSource;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.effective.EffectiveConfig;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.CommandLine;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.kubeadm.KubeadmConfig;
import dev.retune.kubelet.kubeadm.NodeParts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeadmFilesTest {
  private static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  @TempDir Path root;

  @Test
  @DisplayName(
      "A node without anything of its own, and without the default directory, adds nothing")
  void nothing() throws IOException {
    assertThat(new KubeadmFiles(root, Optional.empty()).read()).isEqualTo(NodeParts.NONE);
    assertThatThrownBy(() -> new KubeadmFiles(root, Optional.of(Path.of("/p"))).read())
        .hasMessageContaining("--kubeadm-patches /p");
  }

  @Test
  @DisplayName("Instance config, resolver and patches are read as kubeadm walks them")
  void parts() throws Exception {
    put("etc/kubernetes/patches/kubeletconfiguration1+merge.yaml", "maxPods: 60\n");
    put("etc/kubernetes/patches/kubeletconfiguration0.yaml", "maxPods: 50\n");
    put("etc/kubernetes/patches/more/kubeletconfiguration.json", "{\"podsPerCore\": 4}");
    put("etc/kubernetes/patches/kube-apiserver.yaml", "spec: {}\n");
    put("var/lib/kubelet/instance-config.yaml", "containerRuntimeEndpoint: unix:///crio.sock\n");
    put("run/systemd/resolve/resolv.conf", "");

    NodeParts parts = new KubeadmFiles(root, Optional.empty()).read();

    assertThat(parts.resolved()).isTrue();
    assertThat(parts.instanceConfig().map(TextFile::name))
        .contains("/var/lib/kubelet/instance-config.yaml");
    assertThat(parts.patches().stream().map(file -> Path.of(file.name()).getFileName().toString()))
        .containsExactly(
            "kube-apiserver.yaml",
            "kubeletconfiguration0.yaml",
            "kubeletconfiguration1+merge.yaml",
            "kubeletconfiguration.json");
    byte[] document =
        KubeadmConfig.compose((HEADER + "maxPods: 110\n").getBytes(StandardCharsets.UTF_8), parts);
    assertThat(new String(document, StandardCharsets.UTF_8))
        .contains("\"maxPods\" : 60", "\"podsPerCore\" : 4", "unix:///crio.sock", "/run/systemd");
  }

  @Test
  @DisplayName("AGENT-19 status tells the fields that flags, drop-ins and the node itself decide")
  void fieldSources() {
    KubeletVersion version = KubeletVersion.parse("1.36");
    TextFile config =
        new TextFile(
            "/var/lib/kubelet/config.yaml",
            HEADER + "maxPods: 50\nregisterNode: true\ncontainerRuntimeEndpoint: unix:///crio\n");
    TextFile instance =
        new TextFile(
            KubeadmFiles.INSTANCE_CONFIG.toString(), "containerRuntimeEndpoint: unix:///crio\n");
    Target target =
        Target.of(version)
            .with(CommandLine.parse(Argument.ofCommandLine(List.of("--max-pods=60")), version))
            .with(List.of(new TextFile("/d/1.conf", HEADER + "clusterDNS: [10.0.0.1]\n")));
    EffectiveConfig effective =
        EffectiveConfig.of(Optional.of(config), List.of(config, instance), target);

    assertThat(FieldSources.of(effective, config.name(), List.of(instance.name())))
        .containsExactly(
            new FieldSource("clusterDNS", "[\"10.0.0.1\"]", "/d/1.conf:3"),
            new FieldSource("maxPods", "60", "--max-pods=60 (the command line)"),
            new FieldSource(
                "containerRuntimeEndpoint",
                "unix:///crio",
                "/var/lib/kubelet/instance-config.yaml:1"));
    assertThat(FieldSources.shadowed(effective.judgement().shadowed()))
        .singleElement()
        .extracting(field -> field.field() + " " + field.by() + " " + field.source())
        .isEqualTo("maxPods --max-pods the command line");
  }

  private void put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
  }
}
