package dev.retune.cli;

import dev.retune.cli.demo.Demo;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retune demo}. */
@Command(
    name = "demo",
    description = {
      "Show the way of a config, on this machine alone.",
      "Starts a control plane in memory and three simulated nodes in a temporary directory; takes,"
          + " changes, pushes and assigns a config; tries to break a kubelet in four ways; resets."
          + " Every step is checked; exit code 0 says that all came as it should."
    },
    footer = {
      "",
      "Examples:",
      "  retune demo",
      "  retune demo --keep                                    leaves it running, for kubectl"
    })
final class DemoCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--keep",
      description = "Leave it running at the end, until Ctrl-C, and say how to use it.")
  private boolean keep;

  DemoCommand(Session session) {
    this.console = session.console();
  }

  @Override
  public Integer call() throws InterruptedException {
    Checkout.require("demo");
    try {
      return new Demo(console, keep).run() ? ExitCode.DONE : ExitCode.FAILED;
    } catch (IOException wrong) {
      throw Failure.of("the demo cannot go on: " + wrong.getMessage(), "");
    }
  }
}
