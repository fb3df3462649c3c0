package dev.retune.cli;

import dev.retune.cli.playground.Playground;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retune sandbox}: a cluster to try things on. */
@Command(
    name = "sandbox",
    description = {
      "Run a control plane in memory, to try things on with kubectl, until Ctrl-C.",
      "With --nodes there are nodes on it: simulated kubelets, each with an agent. It is a place to"
          + " try and to test; nothing is kept, and no pods run."
    },
    footer = {
      "",
      "Examples:",
      "  retune sandbox --nodes 3",
      "  retune sandbox --port 6443 --directory /tmp/cluster"
    })
final class SandboxCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where the API server listens on 127.0.0.1 (default: any free port).")
  private int port;

  @Option(
      names = "--directory",
      paramLabel = "DIRECTORY",
      description =
          "Where kubeconfigs and the nodes' files are kept (default: a temporary directory that is"
              + " removed at the end).")
  private @Nullable Path directory;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many simulated nodes there are (default: 0).")
  private int nodes;

  SandboxCommand(Session session) {
    this.console = session.console();
  }

  @Override
  public Integer call() throws InterruptedException {
    Checkout.require("sandbox");
    if (port < 0 || port > 65_535 || nodes < 0 || nodes > 100) {
      throw Failure.usage(
          "--port " + port + " --nodes " + nodes + ": a port is up to 65535, nodes are up to 100",
          "");
    }
    try (var playground = start()) {
      console.out().println("API server: " + playground.sandbox().server());
      console.out().println("export KUBECONFIG=" + playground.sandbox().adminKubeconfig());
      console.out().flush();
      if (console.progress()) {
        console.err().println("Ctrl-C ends it");
      }
      new CountDownLatch(1).await();
      return ExitCode.DONE;
    }
  }

  private Playground start() {
    try (var _ = console.waitingFor("starting the control plane and " + nodes + " nodes")) {
      return Playground.start(Optional.ofNullable(directory), port, nodes);
    } catch (IOException wrong) {
      throw Failure.of(
          "the sandbox does not start: " + wrong.getMessage(),
          "try another --port, or leave it away for any free one");
    }
  }
}
