package dev.retune.cli.playground;

import dev.retune.cli.Logs;
import dev.retune.sandbox.Sandbox;
import dev.retune.sandbox.SandboxOptions;
import dev.retune.sandbox.node.KubeletLauncher;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A control plane in memory that knows Retune's kinds, and nodes on it, each with a simulated
 * kubelet as its own process and an agent in this one.
 */
public final class Playground implements AutoCloseable {
  /** What {@code kubectl apply -k deploy/} puts into a cluster, but for the installer. */
  private static final List<String> INSTALLED =
      List.of(
          "crds/retune.dev_nodekubelets.yaml",
          "rbac/node.yaml",
          "rbac/people.yaml",
          "rbac/isolation.yaml");

  private final Path directory;
  private final boolean temporary;
  private final Sandbox sandbox;
  private final List<SimulatedNode> nodes = new ArrayList<>();

  private Playground(Path directory, boolean temporary, Sandbox sandbox) {
    this.directory = directory;
    this.temporary = temporary;
    this.sandbox = sandbox;
  }

  /**
   * Starts the control plane and the nodes; they are called {@code node-1}, {@code node-2}, …
   *
   * @param directory where everything is kept; empty: a temporary one, removed at the end
   * @param port where the API server listens on the loopback interface; 0: any free one
   * @throws IOException when the port is taken or the directory cannot be written
   */
  public static Playground start(Optional<Path> directory, int port, int nodes) throws IOException {
    var place =
        directory.isPresent()
            ? Files.createDirectories(directory.get()).toRealPath()
            : Files.createTempDirectory(
                "retune-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Logs.toFile(place.resolve("agents.log"));
    var sandbox = Sandbox.start(SandboxOptions.in(place.resolve("cluster")).port(port));
    var playground = new Playground(place, directory.isEmpty(), sandbox);
    try {
      for (String manifest : INSTALLED) {
        sandbox.apply(resource("/deploy/" + manifest));
      }
      var kubelet = place.resolve("bin/kubelet");
      KubeletLauncher.write(kubelet, Path.of(System.getProperty("java.home")), classPath());
      var ports = FreePort.find(2 * nodes).iterator();
      for (int i = 1; i <= nodes; i++) {
        var name = "node-" + i;
        playground.nodes.add(
            SimulatedNode.start(
                kubelet, place.resolve(name), name, sandbox, ports.next(), ports.next()));
      }
      return playground;
    } catch (IOException | RuntimeException failed) {
      playground.close();
      throw failed;
    }
  }

  private static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .toList();
  }

  /** Waits until every node is Ready; false when {@code limit} is over before. */
  public boolean awaitReady(Duration limit) throws IOException, InterruptedException {
    return ReadyNodes.await(sandbox.adminKubeconfig(), nodes.size(), limit);
  }

  public Sandbox sandbox() {
    return sandbox;
  }

  public List<SimulatedNode> nodes() {
    return List.copyOf(nodes);
  }

  /** Where everything is kept. */
  public Path directory() {
    return directory;
  }

  static String resource(String name) throws IOException {
    try (var in = Playground.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("this build of Retune lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    nodes.forEach(SimulatedNode::stopAgent);
    nodes.forEach(SimulatedNode::close);
    sandbox.close();
    if (temporary) {
      delete(directory);
    }
  }

  private static void delete(Path directory) {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException left) {
      throw new UncheckedIOException("cannot remove " + directory, left);
    }
  }
}
