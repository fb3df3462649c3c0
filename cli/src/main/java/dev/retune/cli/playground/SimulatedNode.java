package dev.retune.cli.playground;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.AgentProcess;
import dev.retune.agent.core.Layout;
import dev.retune.agent.node.DeadMansSwitch;
import dev.retune.agent.node.LocalKubelet;
import dev.retune.agent.store.DirectoryStore;
import dev.retune.kube.Json;
import dev.retune.kube.KubeConfigException;
import dev.retune.kube.Tree;
import dev.retune.kube.Yaml;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.kubeadm.NodeParts;
import dev.retune.sandbox.Sandbox;
import dev.retune.sandbox.node.Supervisor;
import dev.retune.sandbox.node.UnitSpec;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A node without a machine: a simulated kubelet as a process of its own, run the way kubeadm's unit
 * runs a real one, and the real agent beside it. Its local config is what a kubelet v1.36 served on
 * its {@code /configz}, with ports of its own.
 */
public final class SimulatedNode implements AutoCloseable {
  /** RestartSec of kubeadm's kubelet.service. */
  private static final Duration RESTART_SEC = Duration.ofSeconds(10);

  private static final long AGENT_STOP_MILLIS = 5_000;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final String name;
  private final Supervisor kubelet;
  private final SupervisedSwitch deadMansSwitch;
  private final Thread agent;

  private SimulatedNode(
      String name, Supervisor kubelet, SupervisedSwitch deadMansSwitch, Thread agent) {
    this.name = name;
    this.kubelet = kubelet;
    this.deadMansSwitch = deadMansSwitch;
    this.agent = agent;
  }

  /**
   * Starts the kubelet and the agent; the Node appears in the cluster when the kubelet registers
   * it.
   *
   * @param kubeletBinary the simulated kubelet's launcher
   * @param directory the node's own files
   */
  static SimulatedNode start(
      Path kubeletBinary, Path directory, String name, Sandbox sandbox, int port, int healthzPort)
      throws IOException {
    Files.createDirectories(directory);
    var localConfig = directory.resolve("config.yaml");
    Files.writeString(
        localConfig, Yaml.write(localConfig(sandbox.caCertificate(), port, healthzPort)));
    var kubeconfig = sandbox.kubeconfig("system:node:" + name, List.of("system:nodes"));
    var options =
        new AgentOptions(
            name,
            kubeconfig,
            directory.resolve("retune"),
            AgentOptions.DEFAULT_UNIT,
            kubeletBinary,
            URI.create("http://127.0.0.1:" + healthzPort + "/healthz"),
            Optional.empty(),
            ANY_PORT);
    var command =
        "\"%s\" --kubeconfig=\"%s\" --root-dir=\"%s\" --cert-dir=\"%s\" --hostname-override=%s $KUBELET_CONFIG_ARGS"
            .formatted(
                kubeletBinary,
                kubeconfig,
                directory.resolve("kubelet"),
                directory.resolve("pki"),
                name);
    var kubelet =
        new Supervisor(
            UnitSpec.of(AgentOptions.DEFAULT_UNIT, command)
                .withEnvironment("KUBELET_CONFIG_ARGS", "--config=" + localConfig)
                .withEnvironmentFile(new Layout(options.directory()).environmentFile())
                .withRestartSec(RESTART_SEC));
    kubelet.start();
    var deadMansSwitch = new SupervisedSwitch(new Layout(options.directory()), kubelet);
    var local =
        new LocalKubelet(
            kubeletBinary.toString(),
            List.of(),
            List.of("--config=" + localConfig),
            Optional.of(new TextFile(localConfig.toString(), Files.readString(localConfig))),
            List.of(),
            NodeParts.NONE,
            List.of());
    var agent =
        Thread.ofPlatform()
            .name("agent of " + name)
            .daemon()
            .start(() -> runAgent(options, kubelet, deadMansSwitch, local));
    return new SimulatedNode(name, kubelet, deadMansSwitch, agent);
  }

  private static Map<String, @Nullable Object> localConfig(
      Path authority, int port, int healthzPort) throws IOException {
    var config =
        Json.parseObject(
            Playground.resource("configz-v1.36.json").getBytes(StandardCharsets.UTF_8));
    Tree.put(config, (long) port, "port");
    Tree.put(config, (long) healthzPort, "healthzPort");
    Tree.put(config, "127.0.0.1", "address");
    Tree.put(config, authority.toString(), "authentication", "x509", "clientCAFile");
    config.remove("tlsCertFile");
    config.remove("tlsPrivateKeyFile");
    return config;
  }

  private static void runAgent(
      AgentOptions options, Supervisor kubelet, DeadMansSwitch deadMansSwitch, LocalKubelet local) {
    try {
      AgentProcess.run(
          options,
          new DirectoryStore(new Layout(options.directory())),
          new SupervisedKubelet(kubelet),
          deadMansSwitch,
          fixed(local));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (IOException | KubeConfigException | RuntimeException failed) {
      System.getLogger(SimulatedNode.class.getName())
          .log(Level.ERROR, "the agent of " + options.nodeName() + " has ended", failed);
    }
  }

  /** Nobody edits the files of a simulated node. */
  private static LocalKubelet.Reader fixed(LocalKubelet local) {
    return new LocalKubelet.Reader() {
      @Override
      public LocalKubelet read() {
        return local;
      }

      @Override
      public List<Path> watched() {
        return List.of();
      }
    };
  }

  public String name() {
    return name;
  }

  /** Process id of the kubelet; empty while it is down. */
  public OptionalLong pid() {
    return kubelet.state().mainPid();
  }

  /** Tells the agent to end, so that several can do so at the same time. */
  void stopAgent() {
    agent.interrupt();
  }

  @Override
  public void close() {
    stopAgent();
    try {
      agent.join(AGENT_STOP_MILLIS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    deadMansSwitch.close();
    kubelet.close();
  }
}
