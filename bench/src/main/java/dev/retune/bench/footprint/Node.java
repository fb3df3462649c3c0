package dev.retune.bench.footprint;

import dev.retune.sandbox.Sandbox;
import dev.retune.sandbox.SandboxOptions;
import dev.retune.sandbox.node.KubeletProgram;
import dev.retune.sandbox.node.Supervisor;
import dev.retune.sandbox.node.UnitSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node without a machine for the agent that is shipped: the sandbox's control plane over TLS, a
 * simulated kubelet, a stand-in for systemd, and below {@link #root} the files that {@code retune
 * node install} puts on a node.
 */
public final class Node implements AutoCloseable {
  private static final String UNIT = "kubelet.service";
  private static final Duration RESTART_SEC = Duration.ofSeconds(10);

  private final Path directory;
  private final Sandbox cluster;
  private final Supervisor kubelet;
  private final SystemdStandIn systemd;
  private final List<String> agentFlags;

  private Node(
      Path directory,
      Sandbox cluster,
      Supervisor kubelet,
      SystemdStandIn systemd,
      List<String> agentFlags) {
    this.directory = directory;
    this.cluster = cluster;
    this.kubelet = kubelet;
    this.systemd = systemd;
    this.agentFlags = agentFlags;
  }

  /** Many ConfigMaps come and go here, without anybody who assigns them one by one. */
  private static final String READS_CONFIG_MAPS =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: reads-configmaps, namespace: %1$s}
      rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: reads-configmaps, namespace: %1$s}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reads-configmaps}
      subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:node:node-1"}]
      """
          .formatted(Changes.NAMESPACE);

  /** Starts the control plane and the kubelet; the node is called {@code node-1}. */
  public static Node start(Path directory) throws IOException {
    Path root = directory.resolve("root");
    var cluster = Sandbox.start(SandboxOptions.in(directory.resolve("cluster")));
    cluster.apply(resource("/deploy/crds/retune.dev_nodekubelets.yaml"));
    cluster.apply(resource("/deploy/rbac/node.yaml"));
    cluster.apply(resource("/deploy/rbac/isolation.yaml"));
    cluster.apply(READS_CONFIG_MAPS);
    Path binary = Files.createDirectories(directory.resolve("bin")).resolve("kubelet");
    KubeletProgram.in(directory.resolve("programs")).writeLauncher(binary);
    Path kubeconfig = cluster.kubeconfig("system:node:node-1", List.of("system:nodes"));
    int port = freePort();
    int healthzPort = freePort();
    Path local = directory.resolve("config.yaml");
    Files.writeString(local, Changes.config(110));
    Path environment = directory.resolve("retune");
    String command =
        ("%s --kubeconfig=%s --root-dir=%s --cert-dir=%s --hostname-override=node-1"
                + " --address=127.0.0.1 --port=%d --healthz-port=%d --client-ca-file=%s"
                + " $KUBELET_CONFIG_ARGS")
            .formatted(
                binary,
                kubeconfig,
                directory.resolve("kubelet"),
                directory.resolve("pki"),
                port,
                healthzPort,
                cluster.caCertificate());
    Path unit = root.resolve("usr/lib/systemd/system").resolve(UNIT);
    Files.createDirectories(unit.getParent());
    Files.writeString(unit, "[Service]\nExecStart=" + command + "\n");
    var kubelet =
        new Supervisor(
            UnitSpec.of(UNIT, command)
                .withEnvironment("KUBELET_CONFIG_ARGS", "--config=" + local)
                .withEnvironmentFile(environment.resolve("kubelet.env"))
                .withRestartSec(RESTART_SEC));
    kubelet.start();
    return new Node(
        directory,
        cluster,
        kubelet,
        SystemdStandIn.start(directory.resolve("systemd"), kubelet),
        List.of(
            "--node-name=node-1",
            "--kubeconfig=" + kubeconfig,
            "--dynamic-config-dir=" + environment,
            "--kubelet-binary=" + binary,
            "--kubelet-healthz=http://127.0.0.1:" + healthzPort + "/healthz",
            "--metrics-address=127.0.0.1:" + freePort()));
  }

  /** The control plane. */
  public Sandbox cluster() {
    return cluster;
  }

  /** The file system that the agent is installed in. */
  public Path root() {
    return directory.resolve("root");
  }

  /**
   * Installs the agent with {@code retune node install --root}, and starts it by the line that this
   * wrote into its unit.
   *
   * @param retune the executable of the archive
   */
  public ShippedAgent installAgent(Path retune) throws IOException, InterruptedException {
    return installAgent(retune, Map.of());
  }

  /** The same, with variables added to the agent's environment. */
  public ShippedAgent installAgent(Path retune, Map<String, String> environment)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(retune.toString(), "node", "install"));
    command.add("--root=" + root());
    command.addAll(agentFlags);
    Path log = directory.resolve("install.log");
    int exitCode =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (exitCode != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + Files.readString(log));
    }
    var all = new HashMap<>(environment);
    all.put(
        "JDK_JAVA_OPTIONS", "-Dretune.way-back-script=" + root().resolve("etc/retune/way-back"));
    return ShippedAgent.start(
        unitLine(), all, systemd.commands(), directory.resolve("agent.log"), cluster);
  }

  /** What the agent printed. */
  String agentLog() throws IOException {
    return Files.readString(directory.resolve("agent.log"));
  }

  private List<String> unitLine() throws IOException {
    Path unit = root().resolve("etc/systemd/system/retune-agent.service");
    for (String line : Files.readAllLines(unit)) {
      if (line.startsWith("ExecStart=")) {
        var words = new ArrayList<>(List.of(line.substring("ExecStart=".length()).split(" ")));
        Path installed = root().resolve(words.getFirst().substring(1));
        if (Files.exists(installed)) {
          words.set(0, installed.toString());
        }
        return words;
      }
    }
    throw new IOException(unit + " has no ExecStart");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static String resource(String name) throws IOException {
    try (InputStream in = Node.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    systemd.close();
    kubelet.close();
    cluster.close();
  }
}
