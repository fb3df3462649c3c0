package dev.retune.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code retune} without a subcommand: shows what there is. */
@Command(
    name = "retune",
    description = {
      "Changes the config of kubelets in a live cluster through the Kubernetes API, with a way"
          + " back."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "The usual way, one node:",
      "  retune config node-1 > node.yaml                      take what it runs now",
      "  vi node.yaml                                          change it",
      "  retune push my-node-config --from-file kubelet=node.yaml",
      "  retune assign node-1 --config-map my-node-config-9mbkccg2cc --wait",
      "  retune status node-1",
      "  retune reset node-1                                   back to the local config",
      "",
      "To see it work on this machine alone: retune demo",
      "Help for one command: retune COMMAND --help"
    })
final class RetuneCommand implements Runnable {
  static final String NO_COMMAND = "no command given";

  /** The commands, by the names they have, in the order the help has them in. */
  static final List<Entry> COMMANDS =
      List.of(
          new Entry("config", ConfigCommand.class),
          new Entry("push", PushCommand.class),
          new Entry("assign", AssignCommand.class),
          new Entry("reset", ResetCommand.class),
          new Entry("retry", RetryCommand.class),
          new Entry("status", StatusCommand.class),
          new Entry("validate", ValidateCommand.class),
          new Entry("diff", DiffCommand.class),
          new Entry("upgrade-check", UpgradeCheckCommand.class),
          new Entry("explain", ExplainCommand.class),
          new Entry("defaults", DefaultsCommand.class),
          new Entry("demo", DemoCommand.class),
          new Entry("sandbox", SandboxCommand.class),
          new Entry("node", NodeCommand.class),
          new Entry("agent", AgentCommand.class),
          new Entry("completion", CompletionCommand.class),
          new Entry("version", VersionCommand.class));

  /** A command and its name, which is known without a look at its class. */
  record Entry(String name, Class<?> type) {}

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), NO_COMMAND);
  }
}
