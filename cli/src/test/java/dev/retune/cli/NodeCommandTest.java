package dev.retune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCommandTest {
  @TempDir private Path root;

  private Cli.Result node(String... args) {
    var all = new String[args.length + 5];
    all[0] = "node";
    System.arraycopy(args, 0, all, 1, args.length);
    all[args.length + 1] = "--root";
    all[args.length + 2] = root.toString();
    all[args.length + 3] = "--node-name";
    all[args.length + 4] = "n1";
    return Cli.run(all);
  }

  @Test
  @DisplayName(
      "AGENT-8 install adds a drop-in and a unit to an image, uninstall leaves it as it was")
  void installAndUninstall() throws Exception {
    var units = Files.createDirectories(root.resolve("etc/systemd/system"));
    var unit = units.resolve("kubelet.service");
    Files.writeString(unit, "[Service]\nExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS\n");

    var installed = node("install", "--retune", "/usr/local/bin/retune");
    assertThat(installed.err()).isEmpty();
    assertThat(installed.exitCode()).isZero();
    assertThat(units.resolve("kubelet.service.d/90-retune.conf")).exists();
    assertThat(units.resolve("retune-agent.service"))
        .content()
        .contains("/usr/local/bin/retune agent", "--node-name=n1");

    assertThat(node("uninstall").exitCode()).isZero();
    assertThat(unit).exists();
    assertThat(units.resolve("kubelet.service.d")).doesNotExist();
    assertThat(units.resolve("retune-agent.service")).doesNotExist();
  }

  @Test
  @DisplayName("from a checkout: exit code 2, nothing written, and how to get an archive")
  void checkout() throws Exception {
    var units = Files.createDirectories(root.resolve("etc/systemd/system"));
    Files.writeString(
        units.resolve("kubelet.service"),
        "[Service]\nExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS\n");

    var result = node("install");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("dist/package", "--retune FILE");
    assertThat(root.resolve("opt")).doesNotExist();
    assertThat(units.resolve("retune-agent.service")).doesNotExist();
  }

  @Test
  @DisplayName("a prefix is an absolute path, and is of no use with --retune")
  void prefix() {
    var relative = node("uninstall", "--prefix", "opt");
    assertThat(relative.exitCode()).isEqualTo(2);
    assertThat(relative.err()).contains("--prefix opt", "absolute");
    var both = node("install", "--prefix", "/srv/retune", "--retune", "/usr/local/bin/retune");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("--retune");
  }

  @Test
  @DisplayName("an image without a kubelet: exit code 1, and the unit that is missing")
  void noKubelet() {
    var result = node("install", "--retune", "/usr/local/bin/retune");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("kubelet.service");
  }

  @Test
  @DisplayName("node alone shows what there is")
  void alone() {
    var result = Cli.run("node");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("install", "uninstall");
  }
}
