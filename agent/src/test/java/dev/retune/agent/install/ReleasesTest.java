package dev.retune.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.agent.AgentOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleasesTest {
  private static final FileTime BUILT = FileTime.fromMillis(1_767_225_600_000L);

  @TempDir Path root;
  @TempDir Path unpacked;

  @BeforeEach
  void node() throws IOException {
    put(
        root.resolve("etc/systemd/system/kubelet.service"),
        "[Service]\nExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS\n");
  }

  @Test
  @DisplayName("a release is copied to its version, current names it, and the unit starts current")
  void install() throws Exception {
    var done = install(archive("1.0", "a"));

    assertThat(done).anyMatch(line -> line.startsWith("copied "));
    assertThat(Files.readSymbolicLink(prefix().resolve("current"))).isEqualTo(Path.of("1.0"));
    assertThat(prefix().resolve("current/lib/cli.jar")).content().isEqualTo("a");
    assertThat(prefix().resolve("1.0/runtime/legal/other")).isSymbolicLink();
    assertThat(root.resolve("etc/systemd/system/retune-agent.service"))
        .content()
        .contains("ExecStart=/opt/retune/current/bin/retune agent --node-name=n1 ");
  }

  @Test
  @DisplayName(
      "times stay, for caches of classes know jars by them; write access of others does not")
  void attributes() throws Exception {
    var archive = archive("1.0", "a");
    Path jar = archive.home().resolve("lib/cli.jar");
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-rw-"));
    install(archive);

    Path copy = prefix().resolve("1.0/lib/cli.jar");
    assertThat(Files.getLastModifiedTime(copy)).isEqualTo(BUILT);
    assertThat(mode(copy)).isEqualTo("rw-r--r--");
    assertThat(mode(prefix().resolve("1.0/bin/retune"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(prefix().resolve("1.0/lib"))).isEqualTo("rwxr-xr-x");
  }

  @Test
  @DisplayName("the same release again, unpacked anew or run from where it was copied to: nothing")
  void again() throws Exception {
    install(archive("1.0", "a"));

    assertThat(install(archive("1.0", "a"))).containsExactly("nothing to do");
    var installed = new Release(prefix().resolve("current"), "1.0", Release.DEFAULT_PREFIX);
    assertThat(install(installed)).containsExactly("nothing to do");
  }

  @Test
  @DisplayName(
      "a newer release goes beside; the one before stays, older ones go, other things stay")
  void upgrade() throws Exception {
    install(archive("1.0", "a"));
    put(prefix().resolve("notes/readme"), "not a release");
    install(archive("1.1", "b"));
    assertThat(names()).containsExactly("1.0", "1.1", "current", "notes");
    install(archive("1.2", "c"));

    assertThat(names()).containsExactly("1.1", "1.2", "current", "notes");
    assertThat(prefix().resolve("current/lib/cli.jar")).content().isEqualTo("c");
  }

  @Test
  @DisplayName("going back to the release before only turns the link")
  void downgrade() throws Exception {
    install(archive("1.0", "a"));
    install(archive("1.1", "b"));

    assertThat(install(archive("1.0", "a"))).noneMatch(line -> line.startsWith("copied "));
    assertThat(Files.readSymbolicLink(prefix().resolve("current"))).isEqualTo(Path.of("1.0"));
    assertThat(names()).containsExactly("1.0", "1.1", "current");
  }

  @Test
  @DisplayName("another build of the same version never overwrites what an agent runs from")
  void sameVersionOtherFiles() throws Exception {
    install(archive("1.0", "a"));
    install(archive("1.0", "b"));

    assertThat(prefix().resolve("1.0/lib/cli.jar")).content().isEqualTo("a");
    assertThat(prefix().resolve("current/lib/cli.jar")).content().isEqualTo("b");
    assertThat(names()).containsExactly("1.0", "1.0-2", "current");
    install(archive("1.0", "c"));
    assertThat(names()).containsExactly("1.0-2", "1.0-3", "current");
  }

  @Test
  @DisplayName("what an install that was cut short left behind is cleared away")
  void cutShort() throws Exception {
    put(prefix().resolve("1.0.retune-new/bin/retune"), "half");
    Files.createSymbolicLink(prefix().resolve("current.retune-new"), Path.of("1.0"));
    install(archive("1.0", "a"));

    assertThat(names()).containsExactly("1.0", "current");
  }

  @Test
  @DisplayName("uninstalling takes every release away and nothing else")
  void uninstall() throws Exception {
    install(archive("1.0", "a"));
    install(archive("1.1", "b"));
    installer().uninstall(false, Release.DEFAULT_PREFIX);
    assertThat(prefix()).doesNotExist();
    assertThat(installer().uninstall(false, Release.DEFAULT_PREFIX))
        .containsExactly("nothing to do");

    install(archive("1.0", "a"));
    put(prefix().resolve("notes/readme"), "not a release");
    installer().uninstall(false, Release.DEFAULT_PREFIX);
    assertThat(names()).containsExactly("notes");
  }

  @Test
  @DisplayName("where there is no kubelet, no release is copied")
  void noKubelet() throws Exception {
    Files.delete(root.resolve("etc/systemd/system/kubelet.service"));
    var archive = archive("1.0", "a");

    assertThatThrownBy(() -> install(archive)).isInstanceOf(IOException.class);
    assertThat(prefix()).doesNotExist();
  }

  @Test
  @DisplayName(
      "in an image the node's name may be left to systemd, which knows the host that boots")
  void nodeNameOfTheHost() throws Exception {
    installer("%H").install(archive("1.0", "a"));
    assertThat(root.resolve("etc/systemd/system/retune-agent.service"))
        .content()
        .contains(" --node-name=%H ");
  }

  @Test
  @DisplayName("a version that is no name of a directory is refused")
  void version() {
    assertThatThrownBy(() -> new Release(unpacked, "../1.0", Release.DEFAULT_PREFIX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("../1.0");
  }

  private Release archive(String version, String jar) throws IOException {
    Path home = Files.createTempDirectory(unpacked, "retune-");
    put(home.resolve("bin/retune"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        home.resolve("bin/retune"), PosixFilePermissions.fromString("rwxr-xr-x"));
    put(home.resolve("lib/cli.jar"), jar);
    put(home.resolve("runtime/legal/one"), "licence");
    Files.createSymbolicLink(home.resolve("runtime/legal/other"), Path.of("one"));
    return new Release(home, version, Release.DEFAULT_PREFIX);
  }

  private List<String> install(Release release) throws IOException, InterruptedException {
    return installer().install(release);
  }

  private NodeInstaller installer() {
    return installer("n1");
  }

  private NodeInstaller installer(String nodeName) {
    return new NodeInstaller(
        root,
        new AgentOptions(
            nodeName,
            AgentOptions.DEFAULT_KUBECONFIG,
            AgentOptions.DEFAULT_DIRECTORY,
            AgentOptions.DEFAULT_UNIT,
            AgentOptions.DEFAULT_BINARY,
            AgentOptions.DEFAULT_HEALTHZ,
            Optional.empty(),
            AgentOptions.DEFAULT_METRICS));
  }

  private Path prefix() {
    return root.resolve("opt/retune");
  }

  private List<String> names() throws IOException {
    try (var entries = Files.list(prefix())) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void put(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, BUILT);
  }
}
