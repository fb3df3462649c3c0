package dev.retune.sandbox.node;

import dev.retune.kube.KubeClient;
import dev.retune.kube.KubeConfig;
import dev.retune.kube.KubeConfigException;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of the simulated kubelet with a configuration that was loaded: from its kubeconfig to its
 * end.
 */
final class KubeletRun {

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration HEALTHZ_RETRY = Duration.ofSeconds(5);
  private static final Duration ORDERS = Duration.ofMillis(50);

  private final KubeletFlags flags;
  private final Map<String, @Nullable Object> config;
  private final String version;
  private final Path rootDirectory;
  private final Path certificates;
  private final Klog log;
  private final Clock clock;

  /** Exit codes of threads that cannot go on, their reasons logged. */
  private final BlockingQueue<Integer> ends = new ArrayBlockingQueue<>(4);

  KubeletRun(
      KubeletFlags flags,
      Map<String, @Nullable Object> config,
      String version,
      Klog log,
      Clock clock) {
    this.flags = flags;
    this.config = config;
    this.version = version;
    this.rootDirectory = Path.of(flags.value("root-dir", "/var/lib/kubelet"));
    this.certificates = Path.of(flags.value("cert-dir", "/var/lib/kubelet/pki"));
    this.log = log;
    this.clock = clock;
  }

  /**
   * Runs until something ends it that was logged.
   *
   * @return the exit code
   * @throws KubeletFailure with what comes after "failed to run Kubelet"
   */
  int run() throws KubeletFailure, InterruptedException {
    Optional<KubeClient> client = client();
    Capacity capacity = Capacity.ofThisMachine();
    StartChecks checks = new StartChecks(config, capacity);
    checks.beforeServing();
    try {
      Files.createDirectories(rootDirectory);
      Files.createDirectories(certificates);
    } catch (IOException e) {
      throw new KubeletFailure("failed to create kubelet: " + e.getMessage());
    }
    FaultOrders faults = new FaultOrders(rootDirectory, config);
    Optional<Duration> delay = faults.startDelay();
    if (delay.isPresent()) {
      Thread.sleep(delay.get());
    }
    serveHealth(faults);
    try {
      new ManagerState(rootDirectory, capacity.cpus()).restore(config);
      checks.allocatable();
    } catch (KubeletFailure e) {
      log.error("kubelet.go:1740", "Failed to start ContainerManager", "err", e.words());
      return 1;
    }
    if (Tree.bool(config, "enableServer").orElse(true)) {
      thread("server", this::serve);
    }
    client.ifPresent(api -> talk(api, capacity, faults));
    while (true) {
      Integer end = ends.poll(ORDERS.toMillis(), TimeUnit.MILLISECONDS);
      if (end != null) {
        return end;
      }
      Optional<Integer> order = faults.exit();
      if (order.isPresent()) {
        log.error("kubelet.go:1", faults.exitWords());
        return order.get();
      }
    }
  }

  /**
   * The kubeconfig, read the way the kubelet reads it: with rotateCertificates through the code
   * that also asks for a certificate, which words its failure otherwise. Without {@code
   * --kubeconfig} the kubelet runs on its own.
   */
  private Optional<KubeClient> client() throws KubeletFailure, InterruptedException {
    Optional<String> bootstrap = flags.value("bootstrap-kubeconfig");
    Optional<String> file = flags.value("kubeconfig");
    if (file.isEmpty()) {
      log.info("server.go:640", "Standalone mode, no API client");
      return Optional.empty();
    }
    Path path = Path.of(file.get());
    if (bootstrap.isPresent() && !Files.exists(path)) {
      askForCertificate(Path.of(bootstrap.get()));
    }
    boolean rotate = Tree.bool(config, "rotateCertificates").orElse(false);
    String prefix = rotate ? "unable to load kubeconfig: " : "invalid kubeconfig: ";
    if (!Files.exists(path)) {
      throw new KubeletFailure(prefix + "stat " + path + ": no such file or directory");
    }
    try {
      return Optional.of(new KubeClient(KubeConfig.load(path, Optional.empty()), CONNECT, ANSWER));
    } catch (KubeConfigException e) {
      throw new KubeletFailure(prefix + e.getMessage());
    }
  }

  /**
   * A real kubelet would now send a signing request and wait for the answer; nobody signs for this
   * one.
   */
  private void askForCertificate(Path bootstrap) throws KubeletFailure, InterruptedException {
    if (!Files.exists(bootstrap)) {
      throw new KubeletFailure(
          "unable to load bootstrap kubeconfig: stat " + bootstrap + ": no such file or directory");
    }
    log.info(
        "bootstrap.go:120",
        "Waiting for a client certificate to be issued",
        "bootstrapKubeconfig",
        bootstrap.toString());
    while (true) {
      Thread.sleep(HEALTHZ_RETRY);
    }
  }

  private void serveHealth(FaultOrders faults) {
    int port = Math.toIntExact(Tree.longValue(config, "healthzPort").orElse(10248));
    if (port == 0) {
      return;
    }
    InetSocketAddress address = address("healthzBindAddress", "127.0.0.1", port);
    if (!tryServeHealth(address, faults)) {
      thread(
          "healthz",
          () -> {
            while (Pause.of(HEALTHZ_RETRY) && !tryServeHealth(address, faults)) {
              log.info("server.go:1", "Will try again to serve healthz");
            }
          });
    }
  }

  private boolean tryServeHealth(InetSocketAddress address, FaultOrders faults) {
    try {
      HealthServer.start(address, faults);
      return true;
    } catch (IOException e) {
      log.error(
          "server.go:885",
          "Failed to start healthz server",
          "err",
          "listen tcp %s:%d: bind: %s"
              .formatted(
                  address.getHostString(),
                  address.getPort(),
                  String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT)));
      return false;
    }
  }

  private void serve() {
    int port = Math.toIntExact(Tree.longValue(config, "port").orElse(10250));
    InetSocketAddress address = address("address", "0.0.0.0", port);
    try {
      KubeletServer.start(address, config, certificates, nodeName(), clock);
      log.info(
          "server.go:180",
          "Starting to listen",
          "address",
          address.getHostString(),
          "port",
          Integer.toString(port));
    } catch (IOException | java.security.GeneralSecurityException e) {
      log.error(
          "server.go:192", "Failed to listen and serve", "err", String.valueOf(e.getMessage()));
      ends.add(1);
    }
  }

  private InetSocketAddress address(String field, String otherwise, int port) {
    String host = Tree.string(config, field).filter(value -> !value.isEmpty()).orElse(otherwise);
    return new InetSocketAddress(host, port);
  }

  private void talk(KubeClient api, Capacity capacity, FaultOrders faults) {
    String name = nodeName();
    NodeObject node =
        new NodeObject(
            name,
            version,
            flags.value("node-ip", "127.0.0.1"),
            flags.nodeLabels(),
            config,
            capacity);
    Duration period =
        Tree.string(config, "nodeStatusUpdateFrequency")
            .flatMap(GoDuration::parse)
            .orElse(Duration.ofSeconds(10));
    boolean register = Tree.bool(config, "registerNode").orElse(true);
    long lease = Tree.longValue(config, "nodeLeaseDurationSeconds").orElse(40);
    thread("node", new NodeReports(api, node, register, period, clock, faults, log));
    thread("lease", new NodeLease(api, name, lease, clock, faults, log));
  }

  /** {@code --hostname-override}, or the machine's name in lower case. */
  private String nodeName() {
    return flags
        .value("hostname-override")
        .orElseGet(KubeletRun::hostname)
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private static String hostname() {
    try {
      Path file = Path.of("/proc/sys/kernel/hostname");
      return Files.exists(file) ? Files.readString(file) : InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "localhost";
    }
  }

  private void thread(String name, Runnable work) {
    Thread.ofPlatform()
        .name(name)
        .daemon()
        .uncaughtExceptionHandler((thread, failure) -> {
          log.error(
              "panic.go:1",
              "Observed a panic",
              "panic",
              String.valueOf(failure),
              "in",
              thread.getName());
          ends.add(2);
        })
        .start(work);
  }
}
