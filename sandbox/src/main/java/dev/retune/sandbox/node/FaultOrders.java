package dev.retune.sandbox.node;

import dev.retune.kube.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Faults on order, for tests and for trying out: the file {@code simulated-faults} in the kubelet's
 * root directory, read again each time it matters. A real kubelet has nothing like it. Lines {@code
 * name=value}; times are Go durations since the process started.
 *
 * <ul>
 *   <li>{@code when=maxPods:77}: the orders hold only while that configuration field has that value
 *   <li>{@code start-delay=2s}: nothing is served before
 *   <li>{@code exit-after=3s}, with {@code exit-code=2} (default 1) and {@code exit-log=words}
 *   <li>{@code healthz-fails-after=3s}: answers 500; {@code healthz-hangs-after=3s}: does not
 *       answer
 *   <li>{@code not-ready-after=3s}: the node says it is not ready
 *   <li>{@code lease-stops-after=3s}: the lease is not renewed
 * </ul>
 */
final class FaultOrders {

  /** The file's name in the root directory. */
  static final String FILE = "simulated-faults";

  private final Path file;
  private final Map<String, @Nullable Object> config;
  private final long started = System.nanoTime();

  FaultOrders(Path rootDirectory, Map<String, @Nullable Object> config) {
    this.file = rootDirectory.resolve(FILE);
    this.config = config;
  }

  Optional<Duration> startDelay() {
    return time("start-delay");
  }

  Optional<Integer> exit() {
    return due("exit-after")
        ? Optional.of(Integer.parseInt(orders().getOrDefault("exit-code", "1")))
        : Optional.empty();
  }

  String exitWords() {
    return orders().getOrDefault("exit-log", "exit on order");
  }

  boolean healthzFails() {
    return due("healthz-fails-after");
  }

  boolean healthzHangs() {
    return due("healthz-hangs-after");
  }

  boolean notReady() {
    return due("not-ready-after");
  }

  boolean leaseStops() {
    return due("lease-stops-after");
  }

  private boolean due(String name) {
    return time(name).map(after -> System.nanoTime() - started >= after.toNanos()).orElse(false);
  }

  private Optional<Duration> time(String name) {
    return Optional.ofNullable(orders().get(name)).flatMap(GoDuration::parse);
  }

  private Map<String, String> orders() {
    if (!Files.exists(file)) {
      return Map.of();
    }
    Map<String, String> orders = new HashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          orders.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
        }
      }
    } catch (IOException e) {
      System.getLogger(FaultOrders.class.getName())
          .log(System.Logger.Level.WARNING, "no orders: " + file, e);
      return Map.of();
    }
    String when = orders.getOrDefault("when", "");
    int colon = when.indexOf(':');
    if (colon > 0) {
      Object value = Tree.at(config, when.substring(0, colon).split("\\.", -1));
      if (!when.substring(colon + 1).equals(String.valueOf(value))) {
        return Map.of();
      }
    }
    return orders;
  }
}
