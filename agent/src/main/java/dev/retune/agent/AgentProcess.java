package dev.retune.agent;

import dev.retune.agent.cluster.ApiControlPlane;
import dev.retune.agent.cluster.Kubeconfigs;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.Limits;
import dev.retune.agent.metrics.MetricsServer;
import dev.retune.agent.node.DocumentJudge;
import dev.retune.agent.node.KubeletBinaryJudge;
import dev.retune.agent.node.LinuxNodePreconditions;
import dev.retune.agent.node.LinuxNodeProbe;
import dev.retune.agent.node.ServiceManager;
import dev.retune.agent.store.DirectoryStore;
import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Puts the parts of an agent together. */
public final class AgentProcess {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
  private static final Path KUBELET_DIRECTORY = Path.of("/var/lib/kubelet");

  private AgentProcess() {}

  /**
   * Runs an agent until its thread is interrupted.
   *
   * @param services what runs the kubelet on this node
   * @throws KubeConfigException when the kubeconfig cannot be used
   * @throws IOException when the metrics address is taken or the agent's directory unusable
   */
  public static void run(AgentOptions options, ServiceManager services)
      throws IOException, InterruptedException, KubeConfigException {
    var layout = new Layout(options.directory());
    var probe = new LinuxNodeProbe(options.kubeletBinary(), options.kubeletHealthz());
    var client =
        new KubeClient(Kubeconfigs.load(options.kubeconfig()), CONNECT_TIMEOUT, READ_TIMEOUT);
    try (var metrics = MetricsServer.start(options.metricsAddress());
        var agent =
            new Agent(
                layout,
                Limits.DEFAULT,
                new DirectoryStore(layout),
                services,
                probe,
                new DocumentJudge(
                    probe,
                    new KubeletBinaryJudge(options.kubeletBinary()),
                    new LinuxNodePreconditions(Path.of("/"), KUBELET_DIRECTORY)),
                new ApiControlPlane(client, options.nodeName(), Clock.systemUTC()),
                metrics::show)) {
      agent.run();
    }
  }
}
