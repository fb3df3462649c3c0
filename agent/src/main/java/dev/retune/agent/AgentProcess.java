package dev.retune.agent;

import dev.retune.agent.cluster.ApiControlPlane;
import dev.retune.agent.cluster.Kubeconfigs;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.Limits;
import dev.retune.agent.install.WayBackUnits;
import dev.retune.agent.metrics.MetricsServer;
import dev.retune.agent.node.Configz;
import dev.retune.agent.node.DeadMansSwitch;
import dev.retune.agent.node.DocumentJudge;
import dev.retune.agent.node.KubeadmFiles;
import dev.retune.agent.node.KubeletBinaryJudge;
import dev.retune.agent.node.LinuxNodePreconditions;
import dev.retune.agent.node.LinuxNodeProbe;
import dev.retune.agent.node.LocalKubelet;
import dev.retune.agent.node.LocalKubeletFiles;
import dev.retune.agent.node.Node;
import dev.retune.agent.node.ServiceManager;
import dev.retune.agent.node.SystemdDeadMansSwitch;
import dev.retune.agent.node.SystemdServiceManager;
import dev.retune.agent.node.UnitFiles;
import dev.retune.agent.store.ConfigStore;
import dev.retune.agent.store.DirectoryStore;
import dev.retune.agent.store.WayBackPlaces;
import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** Puts the parts of an agent together. */
public final class AgentProcess {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
  private static final Path ROOT = Path.of("/");

  /**
   * Where the script of the dead man's switch is. It is elsewhere only beside a stand-in for a
   * node, which the shipped command line is started on for training and in tests.
   */
  private static final Path WAY_BACK =
      Path.of(System.getProperty("retune.way-back-script", WayBackUnits.SCRIPT.toString()));

  private AgentProcess() {}

  /**
   * Runs an agent beside a kubelet that systemd runs, until its thread is interrupted.
   *
   * @throws KubeConfigException when the kubeconfig cannot be used
   * @throws IOException when the metrics address is taken or the agent's directory unusable
   */
  public static void run(AgentOptions options)
      throws IOException, InterruptedException, KubeConfigException {
    var layout = new Layout(options.directory());
    var places = WayBackPlaces.of(layout);
    var housekeeping = new Housekeeping();
    run(
        options,
        new DirectoryStore(places),
        new SystemdServiceManager(options.kubeletUnit()),
        new SystemdDeadMansSwitch(places, WAY_BACK),
        new LocalKubeletFiles(
            new UnitFiles(ROOT, options.kubeletUnit()),
            Set.of(layout.environmentFile(), places.override()),
            new KubeadmFiles(ROOT, options.kubeadmPatches())),
        housekeeping::look);
  }

  /**
   * Runs an agent until its thread is interrupted.
   *
   * @param store the agent's directory
   * @param services what runs the kubelet on this node
   * @param deadMansSwitch what undoes a change when the agent does not
   * @param local what the node's own files make of the kubelet
   * @throws KubeConfigException when the kubeconfig cannot be used
   * @throws IOException when the metrics address is taken or the agent's directory unusable
   */
  public static void run(
      AgentOptions options,
      ConfigStore store,
      ServiceManager services,
      DeadMansSwitch deadMansSwitch,
      LocalKubelet.Reader local)
      throws IOException, InterruptedException, KubeConfigException {
    run(options, store, services, deadMansSwitch, local, () -> {});
  }

  private static void run(
      AgentOptions options,
      ConfigStore store,
      ServiceManager services,
      DeadMansSwitch deadMansSwitch,
      LocalKubelet.Reader local,
      Runnable beforeRest)
      throws IOException, InterruptedException, KubeConfigException {
    var layout = new Layout(options.directory());
    var probe = new LinuxNodeProbe(options.kubeletBinary(), options.kubeletHealthz());
    var credentials = Kubeconfigs.load(options.kubeconfig());
    var client = new KubeClient(credentials, CONNECT_TIMEOUT, READ_TIMEOUT);
    Thread.ofPlatform().name("tls").daemon().start(client::prepare);
    try (var metrics = MetricsServer.start(options.metricsAddress());
        var agent =
            new Agent(
                layout,
                Limits.DEFAULT,
                store,
                new Node(services, probe, deadMansSwitch, local, new Configz(credentials)),
                new DocumentJudge(
                    probe,
                    new KubeletBinaryJudge(options.kubeletBinary()),
                    new LinuxNodePreconditions(ROOT)),
                new ApiControlPlane(client, options.nodeName(), Clock.systemUTC()),
                metrics::show,
                beforeRest)) {
      agent.run();
    }
  }
}
