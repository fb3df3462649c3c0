package dev.retune.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** Whether to stay until the nodes are there. */
final class WaitOptions {
  @Option(
      names = {"-w", "--wait"},
      description = "Stay until every node runs it or has refused it, and show the way.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = ClusterOptions.DurationConverter.class,
      description = "How long to wait at most (default: 5m).")
  private Duration timeout = Duration.ofMinutes(5);

  boolean asked() {
    return wait;
  }

  Duration timeout() {
    return timeout;
  }
}
