package dev.retune.cli;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.node.KubeletProcess;
import dev.retune.agent.node.LinuxNodePreconditions;
import dev.retune.agent.node.LinuxNodeProbe;
import dev.retune.agent.node.SystemdServiceManager;
import dev.retune.kubelet.Host;
import dev.retune.kubelet.KubeletVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retune node explain [FIELD]}: what this node's kubelet runs with, and why. */
@Command(
    name = "explain",
    description = {
      "Say what this node's kubelet runs with, and where each value comes from.",
      "It reads the node's own files, as root: the unit and its drop-ins, the command line, the"
          + " config with its drop-ins, what Retune put there, what kubeadm has of the node. No API"
          + " server is asked, and nothing is changed.",
      "Without FIELD: the fields that are not as a kubelet has them by itself."
    },
    footer = {
      "",
      "Examples:",
      "  retune node explain",
      "  retune node explain maxPods",
      "  retune node explain evictionHard -o json",
      "  retune node explain --all",
      "  retune node explain --root /mnt/image --kubelet-version 1.34"
    })
final class NodeExplainCommand implements Callable<Integer> {
  private static final Path THIS_MACHINE = Path.of("/");

  private final Console console;

  @Mixin private final AgentFlags agent = new AgentFlags();

  @Mixin private final NodeCommand.Root root = new NodeCommand.Root();

  @Parameters(
      arity = "0..1",
      paramLabel = "FIELD",
      completionCandidates = ExplainCommand.Names.class,
      description = "A field, with dots between it and the objects it is in.")
  private @Nullable String field;

  @Option(names = "--all", description = "Show the fields that have their defaults too.")
  private boolean all;

  @Option(
      names = "--kubelet-version",
      paramLabel = "VERSION",
      description = "The kubelet's version, like 1.30 (default: its binary is asked).")
  private @Nullable String version;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "json|yaml",
      description = "Write it for programs.")
  private Output.@Nullable Format format;

  NodeExplainCommand(Session session) {
    this.console = session.console();
  }

  @Override
  public Integer call() throws InterruptedException {
    var options = agent.options(console);
    var notes = new ArrayList<String>();
    checkReadable(options);
    var view =
        NodeView.read(
            root.path(), options, version(options, notes), host(), process(options, notes));
    notes.forEach(note -> console.err().println("note: " + note));
    var page = new NodePage(view);
    if (field != null) {
      page.check(field);
    }
    if (format != null) {
      console.out().print(Output.text(format, page.toTree(field, all)));
      console.out().flush();
    } else if (field != null) {
      page.print(field, console.out(), console.colors());
    } else {
      page.print(all, console.out(), console.colors());
    }
    return page.readable() ? ExitCode.DONE : ExitCode.FAILED;
  }

  /** Files that may not be read look like files that are not there: better to say so first. */
  private void checkReadable(AgentOptions options) {
    Path directory = below(options.directory());
    if (Files.exists(directory) && !Files.isReadable(directory)) {
      throw Failure.of("cannot read " + directory + ": permission denied", "run it as root");
    }
  }

  private KubeletVersion version(AgentOptions options, List<String> notes)
      throws InterruptedException {
    if (version != null) {
      return Versions.judged(version, "--kubelet-version");
    }
    String why = "files of another machine are not run";
    if (onThisMachine()) {
      try {
        var text = probe(options).kubeletVersion();
        return Versions.judged(text, "the version of " + options.kubeletBinary());
      } catch (IOException unknown) {
        why = String.valueOf(unknown.getMessage());
      }
    }
    notes.add(
        "the kubelet's version is not known ("
            + why
            + "); shown as "
            + KubeletVersion.newest()
            + ", give --kubelet-version");
    return KubeletVersion.newest();
  }

  private Optional<KubeletProcess> process(AgentOptions options, List<String> notes)
      throws InterruptedException {
    if (!onThisMachine() || !Files.isDirectory(Path.of("/run/systemd/system"))) {
      return Optional.empty();
    }
    try {
      var pid = new SystemdServiceManager(options.kubeletUnit()).state().mainPid();
      return pid.isPresent() ? probe(options).process(pid.getAsLong()) : Optional.empty();
    } catch (IOException unknown) {
      notes.add("it is not known whether a kubelet runs: " + unknown.getMessage());
      return Optional.empty();
    }
  }

  private static LinuxNodeProbe probe(AgentOptions options) throws IOException {
    return new LinuxNodeProbe(options.kubeletBinary(), options.kubeletHealthz());
  }

  private Host host() {
    return new LinuxNodePreconditions(root.path()).cgroupVersion();
  }

  private boolean onThisMachine() {
    return root.path().equals(THIS_MACHINE);
  }

  private Path below(Path onNode) {
    return root.path().resolve(THIS_MACHINE.relativize(onNode));
  }
}
