package dev.retune.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.bench.footprint.Node;
import dev.retune.kube.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ArchiveTest {
  /** What a change of a flag or of a jar's time would bring down to none at all. */
  private static final double NEARLY_ALL = 0.9;

  @TempDir static Path directory;
  private static UnpackedArchive archive = new UnpackedArchive(Path.of(""));

  @BeforeAll
  static void unpack() throws Exception {
    archive = UnpackedArchive.in(directory);
  }

  @Test
  @DisplayName("the checksum is that of the archive, as sha256sum -c wants it")
  void checksum() throws Exception {
    Path file = UnpackedArchive.file();
    var checked =
        UnpackedArchive.run(
            Map.of(),
            "sh",
            "-c",
            "cd \"$1\" && sha256sum -c \"$2\"",
            "sh",
            Objects.requireNonNull(file.getParent()).toString(),
            file.getFileName() + ".sha256");
    assertThat(checked.exitCode()).as(checked.output()).isZero();
  }

  @Test
  @DisplayName("one top directory; sorted, owned by root, with the time of the release")
  void entries() throws Exception {
    var listed =
        UnpackedArchive.run(
            Map.of("TZ", "UTC"),
            "tar",
            "-tvz",
            "--numeric-owner",
            "--full-time",
            "-f",
            UnpackedArchive.file().toString());
    assertThat(listed.exitCode()).isZero();
    List<String> lines = listed.output().lines().toList();
    assertThat(lines).isNotEmpty();
    assertThat(lines)
        .allMatch(line -> line.contains(" 0/0 "))
        .allMatch(
            line -> line.contains(" 2026-01-01 00:00:00 retune-" + UnpackedArchive.version()));
  }

  @Test
  @DisplayName("the SBOM names every jar of the archive and the Java runtime")
  void sbom() throws Exception {
    String archiveName = UnpackedArchive.file().getFileName().toString();
    String text =
        Files.readString(
            UnpackedArchive.file().resolveSibling(archiveName.replace(".tar.gz", ".cdx.json")));
    assertThat(Json.parse(text.getBytes(StandardCharsets.UTF_8))).isNotNull();
    assertThat(text).contains("\"CycloneDX\"", "OpenJDK runtime", "java.base");
    try (var jars = Files.list(archive.home().resolve("lib"))) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        String name = jar.getFileName().toString().replace(".jar", "");
        assertThat(text).containsPattern("\"name\" : \"(retune-)?" + name + "\"");
      }
    }
    assertThat(text).doesNotContain("retune-sandbox", "junit");
  }

  @Test
  @DisplayName(
      "retune --help, validate and version run on the archive's own Java, out of its cache")
  void commands() throws Exception {
    assertThat(archive.retune(Map.of(), "--help").output())
        .contains("validate", "node")
        .doesNotContain("Exception", "warning");
    assertThat(archive.retune(Map.of(), "version").output())
        .startsWith("retune " + UnpackedArchive.version());

    Path config = directory.resolve("node.yaml");
    Files.writeString(
        config,
        """
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        maxPods: -1
        """);
    var log = new ClassLog(directory.resolve("validate.classes"));
    var refused = archive.retune(log.environment(), "validate", config.toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).contains("maxPods");
    System.out.printf("retune validate: %.0f %% of its classes cached%n", 100 * log.cached());
    assertThat(log.cached()).isGreaterThan(NEARLY_ALL);
  }

  @Test
  @DisplayName("the sandbox is not in the archive, and the commands for it say where it is")
  void sandbox() throws Exception {
    for (String command : List.of("sandbox", "demo")) {
      var refused = archive.retune(Map.of(), command);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.output()).contains("./retune " + command).doesNotContain("at dev.retune");
    }
  }

  @Test
  @DisplayName("without its caches, and through a link, everything works")
  void withoutCaches(@TempDir Path other) throws Exception {
    var bare = UnpackedArchive.in(other);
    Files.delete(bare.home().resolve("lib/cli.aot"));
    Path link = other.resolve("kubectl-retune");
    Files.createSymbolicLink(link, bare.executable());
    var version = UnpackedArchive.run(Map.of(), link.toString(), "version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.output()).startsWith("retune " + UnpackedArchive.version());
  }

  @Test
  @DisplayName("installed with node install --root, the agent watches, out of its cache")
  void agent(@TempDir Path place) throws Exception {
    var log = new ClassLog(place.resolve("agent.classes"));
    try (var node = Node.start(place);
        var agent = node.installAgent(archive.executable(), log.environment())) {
      assertThat(agent.alive()).isTrue();
      assertThat(Files.readString(Path.of("/proc", Long.toString(agent.pid()), "cmdline")))
          .contains(node.root() + "/opt/retune/" + UnpackedArchive.version() + "/runtime/bin/java");
      System.out.printf(
          "retune agent: watching after %d ms, %d ms of processor time (its log of classes"
              + " included); %.0f %% of its classes cached%n",
          agent.toWatch().toMillis(), agent.cpuToWatch().toMillis(), 100 * log.cached());
      assertThat(log.cached()).isGreaterThan(NEARLY_ALL);
      assertThat(unit(node)).contains("ExecStart=/opt/retune/current/bin/retune agent ");
    }
  }

  private static String unit(Node node) throws IOException {
    return Files.readString(node.root().resolve("etc/systemd/system/retune-agent.service"));
  }
}
