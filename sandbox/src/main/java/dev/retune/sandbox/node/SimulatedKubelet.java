package dev.retune.sandbox.node;

import dev.retune.kubelet.KubeletVersion;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process that is to its surroundings what a kubelet 1.36 is, without running pods: for tests,
 * for {@code retune demo}, and for places that have no kubelet.
 *
 * <p>It takes a real command line, loads and validates the configuration, refuses and dies in the
 * same words with exit code 1, answers the way of asking that lets a kubelet judge a configuration
 * (a {@code --kubeconfig} that does not exist), serves {@code /healthz} and {@code /configz}, and
 * keeps its Node and Lease up to date. It does not talk to a container runtime, and it does not ask
 * the API server who may read {@code /configz}.
 *
 * <p>{@code RETUNE_SIMULATED_KUBELET_VERSION} in the environment makes it another version than
 * v1.36.2. Faults on order are described at {@link FaultOrders}.
 */
public final class SimulatedKubelet {

  /** The variable that names another version, as in {@code v1.33.1}. */
  public static final String VERSION_VARIABLE = "RETUNE_SIMULATED_KUBELET_VERSION";

  private static final String VERSION = "v1.36.2";

  private SimulatedKubelet() {}

  /**
   * Runs as the kubelet binary does. Ends the process by itself: with 0 on SIGTERM, as a kubelet
   * does.
   */
  @SuppressWarnings("SystemExitOutsideMain")
  public static void main(String[] arguments) {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
    Clock clock = Clock.system(ZoneId.systemDefault());
    Klog log = new Klog(System.err, clock, ProcessHandle.current().pid());
    Runtime.getRuntime().halt(run(List.of(arguments), log, clock));
  }

  private static int run(List<String> arguments, Klog log, Clock clock) {
    String version =
        Optional.ofNullable(System.getenv(VERSION_VARIABLE))
            .filter(v -> !v.isBlank())
            .orElse(VERSION);
    try {
      FlagTable table = FlagTable.load();
      KubeletFlags flags = KubeletFlags.parse(arguments, table);
      if (flags.value("help").isPresent()) {
        System.out.println("A simulated kubelet; it takes the flags of a kubelet " + version + ".");
        return 0;
      }
      if (!flags.value("version", "false").equals("false")) {
        System.out.println("Kubernetes " + version);
        return 0;
      }
      Map<String, @Nullable Object> config =
          new ConfigLoading(KubeletVersion.parse(version), table, log).load(flags);
      log.info("server.go:525", "Kubelet version", "kubeletVersion", version);
      try {
        return new KubeletRun(flags, config, version, log, clock).run();
      } catch (KubeletFailure e) {
        throw new KubeletFailure("failed to run Kubelet: " + e.words());
      }
    } catch (KubeletFailure e) {
      log.error("run.go:74", "command failed", "err", e.words());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
