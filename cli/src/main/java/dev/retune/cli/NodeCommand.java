package dev.retune.cli;

import dev.retune.agent.install.NodeInstaller;
import dev.retune.agent.install.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code retune node …}: work on this machine, or on the disk of an image. */
@Command(
    name = "node",
    description = "Put the agent on a node, take it away, or see what its kubelet runs with.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      NodeCommand.Install.class,
      NodeCommand.Uninstall.class,
      NodeExplainCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  retune node install                                   on the node itself, as root",
      "  retune node install --root /mnt/image                 on an image that is not running",
      "  retune node uninstall                                 leaves the kubelet on its local config",
      "  retune node explain maxPods                           its value, and where that comes from"
    })
final class NodeCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), RetuneCommand.NO_COMMAND);
  }

  /** Where the node's files are. */
  static final class Root {
    @Option(
        names = "--root",
        paramLabel = "DIRECTORY",
        description = "The node's file system (default: /, this machine).")
    private Path path = Path.of("/");

    Path path() {
      return path.toAbsolutePath().normalize();
    }
  }

  /** Where the node keeps what it runs. */
  static final class Prefix {
    @Option(
        names = "--prefix",
        paramLabel = "DIRECTORY",
        description = "Where the node keeps releases of Retune (default: /opt/retune).")
    private @Nullable Path path;

    boolean given() {
      return path != null;
    }

    /** A path on the node. */
    Path path() {
      if (path == null) {
        return Release.DEFAULT_PREFIX;
      }
      if (!path.isAbsolute() || path.normalize().getNameCount() == 0) {
        throw Failure.usage(
            "--prefix " + path + ": it has to be an absolute path below /",
            "the default is " + Release.DEFAULT_PREFIX);
      }
      return path.normalize();
    }
  }

  /** Work on files of a node. */
  private interface Steps {
    List<String> take() throws IOException, InterruptedException;
  }

  private static int report(Console console, String what, Steps steps) throws InterruptedException {
    try {
      steps.take().forEach(console.out()::println);
      return ExitCode.DONE;
    } catch (IOException wrong) {
      throw Failure.of(
          "cannot " + what + ": " + wrong.getMessage(),
          "run it as root on the node, or give --root for an image; it can be run again");
    }
  }

  /** Puts it there. */
  @Command(
      name = "install",
      description = {
        "Put the agent on a node and start it.",
        "It copies the unpacked archive that it runs from to /opt/retune, and adds a drop-in to the"
            + " kubelet's unit and units of its own; the kubelet is not restarted."
      },
      footer = {
        "",
        "Examples:",
        "  retune node install",
        "  retune node install --kubelet-unit snap.kubelet.daemon.service",
        "  retune node install --root /mnt/image                 an image that is not running",
        "  retune node install --retune /usr/local/bin/retune    it is on the node already"
      })
  static final class Install implements Callable<Integer> {
    private static final String WHAT = "install the agent";

    private final Console console;

    @Mixin private final AgentFlags agent = new AgentFlags();

    @Mixin private final Root root = new Root();

    @Mixin private final Prefix prefix = new Prefix();

    @Option(
        names = "--retune",
        paramLabel = "FILE",
        description = "Copy nothing; the agent is started with this file of the node.")
    private @Nullable Path retune;

    Install(Session session) {
      this.console = session.console();
    }

    @Override
    public Integer call() throws InterruptedException {
      var installer = new NodeInstaller(root.path(), agent.options(console));
      if (retune != null) {
        if (prefix.given()) {
          throw Failure.usage(
              "--prefix and --retune: with --retune nothing is copied", "give one of the two");
        }
        var executable = retune.toString();
        return report(console, WHAT, () -> installer.install(List.of(executable)));
      }
      var release = release();
      return report(console, WHAT, () -> installer.install(release));
    }

    /** The archive that this runs from, by what its launcher says. */
    private Release release() {
      var home = System.getProperty("retune.home", "");
      if (home.isEmpty()) {
        throw Failure.usage(
            "a node is given the archive, with its own Java, and this is not one",
            "build it with dist/package, unpack it on the node and run its bin/retune node install;"
                + " or say with --retune FILE where retune is on the node");
      }
      return new Release(Path.of(home), VersionCommand.retune(), prefix.path());
    }
  }

  /** Takes it away. */
  @Command(
      name = "uninstall",
      description = {
        "Take the agent away from a node.",
        "A kubelet that runs a pushed config is restarted on its local one."
      },
      footer = {
        "",
        "Examples:",
        "  retune node uninstall",
        "  retune node uninstall --keep-data                     checkpoints stay for a look"
      })
  static final class Uninstall implements Callable<Integer> {
    private final Console console;

    @Mixin private final AgentFlags agent = new AgentFlags();

    @Mixin private final Root root = new Root();

    @Mixin private final Prefix prefix = new Prefix();

    @Option(names = "--keep-data", description = "Leave checkpoints and state on the disk.")
    private boolean keepData;

    Uninstall(Session session) {
      this.console = session.console();
    }

    @Override
    public Integer call() throws InterruptedException {
      var installer = new NodeInstaller(root.path(), agent.options(console));
      var releases = prefix.path();
      return report(console, "take the agent away", () -> installer.uninstall(keepData, releases));
    }
  }
}
