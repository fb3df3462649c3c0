package dev.retune.cli;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.AgentProcess;
import dev.retune.kube.KubeConfigException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code retune agent}: what runs on each node. */
@Command(
    name = "agent",
    description = {
      "Run the agent of one node; retune node install makes a systemd unit of it.",
      "It watches the NodeKubelet of its node, judges what is assigned, restarts the kubelet into"
          + " it, and goes back when the kubelet does not stay healthy."
    },
    footer = {
      "",
      "Examples:",
      "  retune agent",
      "  retune agent --node-name node-1 --kubeconfig /etc/kubernetes/kubelet.conf \\",
      "    --dynamic-config-dir /var/lib/retune --kubelet-unit kubelet.service \\",
      "    --kubelet-binary /usr/bin/kubelet \\",
      "    --kubelet-healthz http://127.0.0.1:10248/healthz --metrics-address 127.0.0.1:9446"
    })
final class AgentCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final AgentFlags agent = new AgentFlags();

  AgentCommand(Session session) {
    this.console = session.console();
  }

  @Override
  public Integer call() throws InterruptedException {
    return run(agent.options(console));
  }

  /**
   * Runs an agent until its thread is interrupted.
   *
   * @throws Failure when it cannot go on
   */
  static int run(AgentOptions options) throws InterruptedException {
    Logs.forJournal();
    try {
      AgentProcess.run(options);
      return ExitCode.DONE;
    } catch (KubeConfigException wrong) {
      throw Failure.of(
          "cannot use --kubeconfig " + options.kubeconfig() + ": " + wrong.getMessage(),
          "give the node's own credentials, on kubeadm nodes /etc/kubernetes/kubelet.conf");
    } catch (IOException wrong) {
      throw Failure.of(
          "the agent of node " + options.nodeName() + " cannot go on: " + wrong.getMessage(),
          "it needs to be root on the node; check --dynamic-config-dir "
              + options.directory()
              + " and --metrics-address");
    }
  }
}
