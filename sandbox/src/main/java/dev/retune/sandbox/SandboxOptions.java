package dev.retune.sandbox;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * How a {@link Sandbox} is set up.
 *
 * @param directory where kubeconfigs and the CA certificate are written; made when it is not there
 * @param port on the loopback interface; 0, the default, for any free one
 * @param rememberedChanges how many past changes of each resource a watch can resume from before it
 *     gets 410 Expired; default 4096
 * @param watchBacklog how many undelivered events a slow watcher may have before it is cut off;
 *     default 1024
 * @param bookmarkInterval how long a quiet watch waits for its next bookmark; default one minute,
 *     as in Kubernetes
 * @param clock what timestamps and ages are made from; default the system's
 */
public record SandboxOptions(
    Path directory,
    int port,
    int rememberedChanges,
    int watchBacklog,
    Duration bookmarkInterval,
    Clock clock) {

  /** The defaults. */
  public static SandboxOptions in(Path directory) {
    return new SandboxOptions(directory, 0, 4096, 1024, Duration.ofMinutes(1), Clock.systemUTC());
  }

  public SandboxOptions port(int wanted) {
    return new SandboxOptions(
        directory, wanted, rememberedChanges, watchBacklog, bookmarkInterval, clock);
  }

  public SandboxOptions rememberedChanges(int wanted) {
    return new SandboxOptions(directory, port, wanted, watchBacklog, bookmarkInterval, clock);
  }

  public SandboxOptions watchBacklog(int wanted) {
    return new SandboxOptions(directory, port, rememberedChanges, wanted, bookmarkInterval, clock);
  }

  public SandboxOptions bookmarkInterval(Duration wanted) {
    return new SandboxOptions(directory, port, rememberedChanges, watchBacklog, wanted, clock);
  }

  public SandboxOptions clock(Clock wanted) {
    return new SandboxOptions(
        directory, port, rememberedChanges, watchBacklog, bookmarkInterval, wanted);
  }
}
