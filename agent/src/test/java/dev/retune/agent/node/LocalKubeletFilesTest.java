package dev.retune.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.kubelet.flags.TextFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKubeletFilesTest {
  private static final String CONFIG = "kind: KubeletConfiguration\nmaxPods: 110\n";
  private static final String FLAGS =
      "KUBELET_KUBEADM_ARGS=\"--node-ip=10.0.0.1 --pod-infra-container-image=pause:3.9\"\n";

  @TempDir Path root;

  @BeforeEach
  void kubeadmNode() throws IOException {
    put("usr/lib/systemd/system/kubelet.service", resource("kubelet.service"));
    put("usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", resource("10-kubeadm.conf"));
    put("var/lib/kubelet/kubeadm-flags.env", FLAGS);
    put("var/lib/kubelet/config.yaml", CONFIG);
  }

  @Test
  @DisplayName("AGENT-17 a kubeadm node's unit, drop-in, flags and config are read, with lines")
  void kubeadm() {
    var kubelet = read();

    assertThat(kubelet.executable()).isEqualTo("/usr/bin/kubelet");
    assertThat(kubelet.arguments().stream().map(a -> a.text() + " @ " + a.origin()))
        .contains(
            "--config=/var/lib/kubelet/config.yaml"
                + " @ /usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf:4",
            "--node-ip=10.0.0.1 @ /var/lib/kubelet/kubeadm-flags.env:1");
    assertThat(kubelet.configArguments()).containsExactly("--config=/var/lib/kubelet/config.yaml");
    assertThat(kubelet.config()).contains(new TextFile("/var/lib/kubelet/config.yaml", CONFIG));
    assertThat(kubelet.dropIns()).isEmpty();
    assertThat(kubelet.problems()).isEmpty();
  }

  @Test
  @DisplayName("AGENT-17 what Retune put there is left out, on either kind of unit")
  void withoutRetune() throws IOException {
    var before = read();
    put(
        "etc/systemd/system/kubelet.service.d/90-retune.conf",
        "[Service]\nEnvironmentFile=-/var/lib/retune/kubelet.env\n");
    put("var/lib/retune/kubelet.env", "KUBELET_CONFIG_ARGS=--config=/var/lib/retune/x\n");
    assertThat(read()).isEqualTo(before);

    put("etc/systemd/system/kubelet.service", "[Service]\nExecStart=/opt/kubelet --config=/c\n");
    Files.delete(root.resolve("usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf"));
    put("c", CONFIG);
    put(
        "etc/systemd/system/kubelet.service.d/90-retune.conf",
        """
        [Service]
        EnvironmentFile=-/var/lib/retune/kubelet.env
        ExecStart=
        ExecStart=/opt/kubelet --config=/c $RETUNE_KUBELET_ARGS
        """);
    put("var/lib/retune/kubelet.env", "RETUNE_KUBELET_ARGS=--config=/var/lib/retune/x\n");
    var other = read();
    assertThat(other.arguments()).extracting("text").containsExactly("--config=/c");
    assertThat(other.configArguments()).isEmpty();
    assertThat(other.config().map(TextFile::name)).contains("/c");
  }

  @Test
  @DisplayName("AGENT-17 the file of variables that a person wrote into his own drop-in counts not")
  void ownEnvironmentFile() throws IOException {
    put(
        "etc/systemd/system/kubelet.service.d/20-mine.conf",
        "[Service]\nEnvironmentFile=/var/lib/retune/kubelet.env\n");

    assertThat(read().problems()).isEmpty();
    assertThat(read().configArguments()).containsExactly("--config=/var/lib/kubelet/config.yaml");
  }

  @Test
  @DisplayName("Drop-ins are taken as systemd takes them: by name, the strongest directory first")
  void dropInOrder() throws IOException {
    put("etc/systemd/system/kubelet.service.d/50-b.conf", extra("--v=2"));
    put("run/systemd/system/kubelet.service.d/60-a.conf", extra("--v=3"));
    put("usr/lib/systemd/system/service.d/60-a.conf", extra("--v=4"));
    put("usr/lib/systemd/system/kubelet.service.d/60-a.conf", extra("--v=5"));
    put("etc/systemd/system/kubelet.service.d/60-a.conf.bak", extra("--v=6"));
    assertThat(read().arguments()).extracting("text").contains("--v=3").doesNotContain("--v=2");

    Files.createSymbolicLink(
        root.resolve("etc/systemd/system/kubelet.service.d/60-a.conf"), Path.of("/dev/null"));
    assertThat(read().arguments())
        .as("masked: one drop-in of that name hides all of it")
        .extracting("text")
        .contains("--v=2");
  }

  @Test
  @DisplayName("A unit that is masked, or is not there, starts nothing: a problem that says so")
  void noUnit() throws IOException {
    Files.createDirectories(root.resolve("etc/systemd/system"));
    Files.createSymbolicLink(
        root.resolve("etc/systemd/system/kubelet.service"), Path.of("/dev/null"));
    assertThat(read().problems()).singleElement().asString().contains("kubelet.service", "masked");

    Files.delete(root.resolve("etc/systemd/system/kubelet.service"));
    Files.delete(root.resolve("usr/lib/systemd/system/kubelet.service"));
    assertThat(read().problems()).singleElement().asString().contains("--kubelet-unit");
    assertThat(read().executable()).isEmpty();
  }

  @Test
  @DisplayName("--config-dir: *.conf in the kubelet's order, links to files but not to directories")
  void configDir() throws IOException {
    put("etc/default/kubelet", "KUBELET_EXTRA_ARGS=--config-dir=/etc/kubelet.d\n");
    for (String file : List.of("10.conf", "10-a.conf", "10/x.conf", "40.conf/y.conf", "30.CONF")) {
      put("etc/kubelet.d/" + file, file);
    }
    put("etc/kubelet.d/README", "no drop-in");
    put("elsewhere/target", "linked");
    put("elsewhere/below/z.conf", "not followed");
    Files.createSymbolicLink(
        root.resolve("etc/kubelet.d/20.conf"), Path.of("../../elsewhere/target"));
    Files.createSymbolicLink(root.resolve("etc/kubelet.d/25"), Path.of("../../elsewhere/below"));

    assertThat(read().dropIns())
        .containsExactly(
            new TextFile("/etc/kubelet.d/10/x.conf", "10/x.conf"),
            new TextFile("/etc/kubelet.d/10-a.conf", "10-a.conf"),
            new TextFile("/etc/kubelet.d/10.conf", "10.conf"),
            new TextFile("/etc/kubelet.d/20.conf", "linked"),
            new TextFile("/etc/kubelet.d/40.conf/y.conf", "40.conf/y.conf"));
    assertThat(read().problems()).isEmpty();
  }

  @Test
  @DisplayName("What a kubelet does not start with, or silently does not read, is a problem")
  void problems() throws IOException {
    put("etc/default/kubelet", "KUBELET_EXTRA_ARGS=--config-dir=/etc/kubelet.d\n");
    assertThat(read().problems())
        .singleElement()
        .asString()
        .contains("/etc/kubelet.d", "not exist");

    put("real/a.conf", CONFIG);
    Files.createSymbolicLink(root.resolve("etc/kubelet.d"), Path.of("../real"));
    assertThat(read().dropIns()).isEmpty();
    assertThat(read().problems()).singleElement().asString().contains("symbolic link");

    put("etc/default/kubelet", "KUBELET_EXTRA_ARGS=--config-dir=/etc/kubelet.d/\n");
    assertThat(read().dropIns())
        .extracting(TextFile::name)
        .containsExactly("/etc/kubelet.d/a.conf");

    Files.createSymbolicLink(root.resolve("real/b.conf"), Path.of("gone"));
    Files.delete(root.resolve("var/lib/kubelet/config.yaml"));
    put("etc/systemd/system/kubelet.service.d/50.conf", "[Service]\nEnvironmentFile=/must\n");
    assertThat(read().problems())
        .hasSize(3)
        .anySatisfy(p -> assertThat(p).contains("/etc/kubelet.d/b.conf", "does not start"))
        .anySatisfy(p -> assertThat(p).contains("/var/lib/kubelet/config.yaml", "does not start"))
        .anySatisfy(p -> assertThat(p).contains("/must", "EnvironmentFile=-/must"));
    assertThat(read().config()).isEmpty();
  }

  @Test
  @DisplayName("AGENT-17 all is watched whose change matters, also what is not there yet")
  void watched() throws IOException {
    put("etc/default/kubelet", "KUBELET_EXTRA_ARGS=--config-dir=/etc/kubelet.d\n");
    put("etc/kubelet.d/10/x.conf", CONFIG);
    put("shared/config.yaml", CONFIG);
    Path config = root.resolve("var/lib/kubelet/config.yaml");
    Files.delete(config);
    Files.createSymbolicLink(config, Path.of("../../../shared/config.yaml"));
    Files.delete(root.resolve("var/lib/kubelet/kubeadm-flags.env"));

    assertThat(reader().watched())
        .contains(
            root.resolve("usr/lib/systemd/system"),
            root.resolve("usr/lib/systemd/system/kubelet.service.d"),
            root.resolve("var/lib/kubelet/kubeadm-flags.env"),
            root.resolve("etc/default/kubelet"),
            root.resolve("usr/bin/kubelet"),
            config,
            config.toRealPath(),
            root.resolve("etc/kubelet.d"),
            root.resolve("etc/kubelet.d/10"))
        .doesNotContain(root.resolve("etc/systemd/system"));
  }

  private LocalKubelet read() {
    return reader().read();
  }

  private LocalKubelet.Reader reader() {
    return new LocalKubeletFiles(
        new UnitFiles(root, "kubelet.service"),
        Set.of(Path.of("/var/lib/retune/kubelet.env")),
        new KubeadmFiles(root, Optional.empty()));
  }

  private static String extra(String flags) {
    return "[Service]\nEnvironment=KUBELET_EXTRA_ARGS=" + flags + "\n";
  }

  private void put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            LocalKubeletFilesTest.class.getResourceAsStream("/kubeadm/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
