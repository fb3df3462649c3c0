package dev.retune.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.store.WayBackFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeInstallerTest {
  private static final List<String> RETUNE = List.of("/usr/local/bin/retune");

  @TempDir Path root;

  @BeforeEach
  void kubeadmNode() throws IOException {
    put("usr/lib/systemd/system/kubelet.service", resource("kubelet.service"));
    put("usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", resource("10-kubeadm.conf"));
  }

  @Test
  @DisplayName("AGENT-8 on a kubeadm node the drop-in only reads a file that need not be there")
  void kubeadm() throws Exception {
    installer().install(RETUNE);

    assertThat(dropIn())
        .contains(
            """
            [Service]
            EnvironmentFile=-/var/lib/retune/kubelet.env
            EnvironmentFile=-/run/retune/kubelet.env
            """)
        .doesNotContain("ExecStart");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(root.resolve("var/lib/retune"))))
        .isEqualTo("rwx------");
  }

  @Test
  @DisplayName(
      "AGENT-8 a unit without KUBELET_CONFIG_ARGS gets its command again with ours appended")
  void otherUnit() throws Exception {
    put(
        "etc/systemd/system/kubelet.service",
        "[Service]\nExecStart=/opt/bin/kubelet --config=/etc/kubelet.yaml \\\n  --v=2\n");
    Files.delete(root.resolve("usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf"));

    installer().install(RETUNE);

    assertThat(dropIn())
        .contains(
            "ExecStart=\nExecStart=/opt/bin/kubelet --config=/etc/kubelet.yaml  --v=2"
                + " $RETUNE_KUBELET_ARGS\n");
    installer().install(RETUNE);
    assertThat(dropIn()).as("not appended twice").containsOnlyOnce("$RETUNE_KUBELET_ARGS");
  }

  @Test
  @DisplayName("the agent's unit starts at boot with the options of the command line")
  void agentUnit() throws Exception {
    installer().install(RETUNE);

    assertThat(Files.readString(root.resolve("etc/systemd/system/retune-agent.service")))
        .contains(
            "ExecStart=/usr/local/bin/retune agent --node-name=node1"
                + " --kubeconfig=/etc/kubernetes/kubelet.conf --dynamic-config-dir=/var/lib/retune"
                + " --kubelet-unit=kubelet.service --kubelet-binary=/usr/bin/kubelet"
                + " --kubelet-healthz=http://127.0.0.1:10248/healthz"
                + " --metrics-address=127.0.0.1:9446\n")
        .contains("Restart=always");
    assertThat(
            Files.readSymbolicLink(
                root.resolve("etc/systemd/system/multi-user.target.wants/retune-agent.service")))
        .isEqualTo(Path.of("/etc/systemd/system/retune-agent.service"));
  }

  @Test
  @DisplayName(
      "AGENT-15 the dead man's switch: a script outside of all that is ours, a timer at boot")
  void deadMansSwitch() throws Exception {
    installer().install(RETUNE);

    assertThat(Files.readString(root.resolve("etc/systemd/system/retune-way-back.service")))
        .contains("ConditionPathExists=/var/lib/retune-way-back/armed\n")
        .contains("Environment=RETUNE_KUBELET_UNIT=kubelet.service\n")
        .contains("Environment=RETUNE_DIRECTORY=/var/lib/retune\n")
        .contains("ExecStart=/bin/sh /etc/retune/way-back\n");
    assertThat(Files.readString(root.resolve("etc/systemd/system/retune-way-back.timer")))
        .contains("OnActiveSec=90s\nAccuracySec=100ms\nUnit=retune-way-back.service\n");
    assertThat(
            Files.readSymbolicLink(
                root.resolve("etc/systemd/system/multi-user.target.wants/retune-way-back.timer")))
        .isEqualTo(Path.of("/etc/systemd/system/retune-way-back.timer"));
    assertThat(Files.readString(root.resolve("etc/retune/way-back")))
        .startsWith("#!/bin/sh\n")
        .contains("\nformat=" + WayBackFiles.FORMAT + "\n");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(root.resolve("var/lib/retune-way-back"))))
        .isEqualTo("rwx------");
  }

  @Test
  @DisplayName(
      "AGENT-15, -18 uninstalling an armed node: nothing goes back later, state files do now")
  void uninstallArmed() throws Exception {
    put("var/lib/kubelet/config.yaml", "");
    put("var/lib/kubelet/cpu_manager_state", "none");
    var before = tree();
    installer().install(RETUNE);
    put("var/lib/retune-way-back/armed", "format 1\nend\n");
    put("run/retune/kubelet.env", "KUBELET_CONFIG_ARGS=--config=/x\n");
    put("var/lib/kubelet/cpu_manager_state", "static");
    put("var/lib/kubelet/cpu_manager_state.before-retune", "none");
    put("var/lib/kubelet/memory_manager_state", "Static");
    put("var/lib/kubelet/memory_manager_state.before-retune", "");

    installer().uninstall(true, Release.DEFAULT_PREFIX);

    var after = tree();
    after.keySet().removeIf(file -> file.startsWith("etc") || file.startsWith("run"));
    after.keySet().removeAll(List.of("var/lib/retune"));
    assertThat(after).isEqualTo(before);
    assertThat(root.resolve("etc/retune")).doesNotExist();
    assertThat(root.resolve("run/retune")).doesNotExist();
  }

  @Test
  @DisplayName("installing again changes nothing and says so")
  void idempotent() throws Exception {
    installer().install(RETUNE);
    var before = tree();

    assertThat(installer().install(RETUNE)).containsExactly("nothing to do");
    assertThat(tree()).isEqualTo(before);
  }

  @Test
  @DisplayName("uninstalling leaves the node as it was, also when a config of ours is active")
  void uninstall() throws Exception {
    var before = tree();
    installer().install(RETUNE);
    put("var/lib/retune/kubelet.env", "KUBELET_CONFIG_ARGS=--config=/var/lib/retune/x\n");
    put("var/lib/retune/store/checkpoints/u/1/kubelet", "{}");

    installer().uninstall(false, Release.DEFAULT_PREFIX);

    var after = tree();
    after
        .keySet()
        .removeAll(
            List.of(
                "etc",
                "etc/systemd",
                "etc/systemd/system",
                "etc/systemd/system/multi-user.target.wants",
                "var",
                "var/lib"));
    assertThat(after).isEqualTo(before);
    assertThat(installer().uninstall(false, Release.DEFAULT_PREFIX))
        .containsExactly("nothing to do");
  }

  @Test
  @DisplayName("where there is no kubelet, nothing is written and the error says what to name")
  void noKubelet() throws Exception {
    Files.delete(root.resolve("usr/lib/systemd/system/kubelet.service"));
    var before = tree();

    assertThatThrownBy(() -> installer().install(RETUNE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("kubelet.service")
        .hasMessageContaining("--kubelet-unit");
    assertThat(tree()).isEqualTo(before);
  }

  private NodeInstaller installer() {
    return new NodeInstaller(
        root,
        new AgentOptions(
            "node1",
            AgentOptions.DEFAULT_KUBECONFIG,
            AgentOptions.DEFAULT_DIRECTORY,
            AgentOptions.DEFAULT_UNIT,
            AgentOptions.DEFAULT_BINARY,
            AgentOptions.DEFAULT_HEALTHZ,
            Optional.empty(),
            AgentOptions.DEFAULT_METRICS));
  }

  private String dropIn() throws IOException {
    return Files.readString(root.resolve("etc/systemd/system/kubelet.service.d/90-retune.conf"));
  }

  private void put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(NodeInstallerTest.class.getResourceAsStream("/kubeadm/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Every file below the root with its content. */
  private SortedMap<String, String> tree() throws IOException {
    var tree = new TreeMap<String, String>();
    try (var files = Files.walk(root)) {
      for (Path file : files.toList()) {
        String name = root.relativize(file).toString();
        if (!name.isEmpty()) {
          tree.put(
              name,
              Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readString(file) : "");
        }
      }
    }
    return tree;
  }
}
