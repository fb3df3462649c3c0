package dev.retune.cli;

import dev.retune.agent.AgentProcess;
import dev.retune.agent.node.SystemdServiceManager;
import dev.retune.kube.KubeConfigException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code retune agent}: runs on each node, beside its kubelet. */
@Command(
    name = "agent",
    description = {
      "Run the agent of a node: it gives the kubelet the config that its NodeKubelet asks for,",
      "proves that it runs, and takes it back when it fails. Started by the unit that",
      "`retune node install` puts in place."
    },
    footer = {
      "",
      "Examples:",
      "  retune agent --node-name node-1 --kubeconfig /etc/kubernetes/kubelet.conf"
    })
final class AgentCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final AgentFlags agent = new AgentFlags();

  AgentCommand(Session session) {
    this.console = session.console();
  }

  @Override
  public Integer call() throws InterruptedException {
    var options = agent.options(console);
    try {
      AgentProcess.run(options, new SystemdServiceManager(options.kubeletUnit()));
      return ExitCode.DONE;
    } catch (KubeConfigException unusable) {
      throw Failure.of(
          "cannot use --kubeconfig " + options.kubeconfig() + ": " + unusable.getMessage(),
          "give the node's own credentials, on kubeadm nodes /etc/kubernetes/kubelet.conf");
    } catch (IOException failed) {
      throw Failure.of(
          "the agent cannot run: " + failed.getMessage(), "it needs to be root on the node");
    }
  }
}
