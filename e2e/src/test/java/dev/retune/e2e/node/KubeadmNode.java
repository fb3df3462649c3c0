package dev.retune.e2e.node;

import static org.awaitility.Awaitility.await;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.install.NodeInstaller;
import dev.retune.e2e.cluster.TestCluster;
import dev.retune.e2e.machine.Machine;
import dev.retune.e2e.machine.MachineHost;
import dev.retune.e2e.machine.MachineSpec;
import dev.retune.e2e.machine.RealBinaries;
import dev.retune.sandbox.node.KubeletProgram;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A machine as {@code kubeadm join} leaves it, with the agent installed as {@code retune node
 * install} does it. The machine shares this host's loopback, so the kubelet gets free ports by
 * flags.
 */
public final class KubeadmNode implements AutoCloseable {
  static final Duration BOOT_LIMIT = Duration.ofSeconds(60);

  private static final String LOCAL_CONFIG = "/var/lib/kubelet/config.yaml";

  private final String name;
  private final Machine machine;
  private final int kubeletPort;
  private final int healthzPort;
  private final int metricsPort;

  private KubeadmNode(String name, Machine machine) {
    this.name = name;
    this.machine = machine;
    this.kubeletPort = freePort();
    this.healthzPort = freePort();
    this.metricsPort = freePort();
  }

  /** Makes the node and boots it; kubelet and agent start with it. */
  public static KubeadmNode boot(String name, TestCluster cluster) throws Exception {
    var node = joined(name, cluster);
    node.install();
    node.machine.boot();
    node.awaitHealthy();
    return node;
  }

  /** Makes the node and boots it, as one that has never seen Retune. */
  public static KubeadmNode bootWithoutRetune(String name, TestCluster cluster) throws Exception {
    var node = joined(name, cluster);
    node.machine.boot();
    node.awaitHealthy();
    return node;
  }

  private static KubeadmNode joined(String name, TestCluster cluster) throws IOException {
    var binaries = RealBinaries.fromEnvironment();
    var spec =
        MachineSpec.named(name)
            .withReadOnly(javaHome(), javaHome().toString())
            .withReadOnly(repository(), repository().toString())
            .withReadOnly(libraries(), libraries().toString())
            .withReadOnly(programs(), programs().toString());
    var node =
        new KubeadmNode(
            name, Machine.create(binaries.kubelet().isPresent() ? spec.withRealKubelet() : spec));
    node.joined(cluster, binaries);
    return node;
  }

  /** What {@code retune node install} has to be told on this node, and on no other. */
  List<String> flags() {
    return List.of(
        "--kubelet-healthz=http://127.0.0.1:" + healthzPort + "/healthz",
        "--metrics-address=127.0.0.1:" + metricsPort);
  }

  private void joined(TestCluster cluster, RealBinaries binaries) throws IOException {
    machine.write("/usr/lib/systemd/system/kubelet.service", resource("kubelet.service"));
    machine.write(
        "/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", resource("10-kubeadm.conf"));
    Path wanted = machine.inside("/etc/systemd/system/multi-user.target.wants/kubelet.service");
    Files.createDirectories(Objects.requireNonNull(wanted.getParent()));
    Files.createSymbolicLink(wanted, Path.of("/usr/lib/systemd/system/kubelet.service"));
    machine.write(LOCAL_CONFIG, Documents.local());
    machine.write(
        "/var/lib/kubelet/kubeadm-flags.env",
        "KUBELET_KUBEADM_ARGS=\"--container-runtime-endpoint=unix:///run/containerd/containerd.sock"
            + " --pod-infra-container-image=registry.k8s.io/pause:3.9\"\n");
    machine.write(
        "/etc/default/kubelet",
        "KUBELET_EXTRA_ARGS=\"--hostname-override=%s --node-ip=127.0.0.1 --port=%d --healthz-port=%d\"\n"
            .formatted(name, kubeletPort, healthzPort));
    machine.write("/etc/kubernetes/pki/ca.crt", Files.readString(cluster.caCertificate()));
    machine.write(
        "/etc/kubernetes/kubelet.conf",
        Files.readString(cluster.kubeconfig("system:node:" + name, List.of("system:nodes"))));
    Path kubelet = machine.inside("/usr/bin/kubelet");
    if (binaries.kubelet().isPresent()) {
      Files.copy(
          binaries.kubelet().get(),
          kubelet,
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
    } else {
      KubeletProgram.in(programs()).writeLauncher(kubelet, "/usr/bin/kubelet");
    }
  }

  private void install() throws IOException, InterruptedException {
    machine.write(
        "/usr/local/bin/retune",
        """
        #!/bin/sh
        exec %s/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m -cp '%s' dev.retune.cli.Main "$@"
        """
            .formatted(javaHome(), String.join(":", classPath())),
        "rwxr-xr-x");
    new NodeInstaller(machine.inside("/"), options()).install(List.of("/usr/local/bin/retune"));
  }

  private AgentOptions options() {
    return new AgentOptions(
        name,
        AgentOptions.DEFAULT_KUBECONFIG,
        AgentOptions.DEFAULT_DIRECTORY,
        AgentOptions.DEFAULT_UNIT,
        AgentOptions.DEFAULT_BINARY,
        URI.create("http://127.0.0.1:" + healthzPort + "/healthz"),
        Optional.empty(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), metricsPort));
  }

  public String name() {
    return name;
  }

  public Machine machine() {
    return machine;
  }

  /** What the agent serves to Prometheus. */
  public String metrics() {
    return get("http://127.0.0.1:" + metricsPort + "/metrics");
  }

  public boolean healthy() {
    try {
      return get("http://127.0.0.1:" + healthzPort + "/healthz").equals("ok");
    } catch (UncheckedIOException notThere) {
      return false;
    }
  }

  public void awaitHealthy() {
    await("kubelet of " + name + " is healthy")
        .pollInterval(Duration.ofMillis(5))
        .pollDelay(Duration.ZERO)
        .atMost(BOOT_LIMIT)
        .until(this::healthy);
  }

  /** Kills the agent's process with SIGKILL, at once and from outside; systemd starts it again. */
  public void killAgent() {
    agent().destroyForcibly();
  }

  /** The agent's process as this host sees it. */
  ProcessHandle agent() {
    String option = "--node-name=" + name;
    return await("agent of " + name)
        .pollInterval(Duration.ofMillis(5))
        .pollDelay(Duration.ZERO)
        .atMost(BOOT_LIMIT)
        .until(() -> agent(option), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<ProcessHandle> agent(String option) {
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process.pid()).contains("\0" + option + "\0"))
        .findFirst();
  }

  /** ProcessHandle has no arguments of a command line longer than a page. */
  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
    } catch (IOException ended) {
      return "";
    }
  }

  /** The kubelet's main process. */
  public String kubeletPid() {
    return machine.property("kubelet.service", "MainPID");
  }

  private static String get(String url) {
    try (InputStream body = URI.create(url).toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
  }

  static Path javaHome() {
    return Path.of(System.getProperty("java.home"));
  }

  /** Where the simulated kubelet is kept from one test run to the next. */
  private static Path programs() throws IOException {
    return Files.createDirectories(MachineHost.cache().resolve("programs"));
  }

  static Path repository() {
    return Path.of(System.getProperty("retune.root")).toAbsolutePath().normalize();
  }

  /** The product's classes and what they need, without the test tools. */
  static List<String> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes") && !entry.contains("junit"))
        .toList();
  }

  /** The directory above all libraries on the class path. */
  static Path libraries() {
    Path common = Path.of("/");
    for (String entry : classPath()) {
      Path directory = Path.of(entry).toAbsolutePath();
      if (entry.endsWith(".jar") && !directory.startsWith(repository())) {
        common =
            common.equals(Path.of("/")) ? Objects.requireNonNull(directory.getParent()) : common;
        while (!directory.startsWith(common)) {
          common = Objects.requireNonNull(common.getParent());
        }
      }
    }
    return common;
  }

  static String resource(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(KubeadmNode.class.getResourceAsStream("/kubeadm/" + file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    machine.close();
  }
}
