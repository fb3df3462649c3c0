package dev.retune.sandbox.node;

import dev.retune.kube.Tree;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet finds out only after its configuration was validated, and dies of, in the order
 * and the words of Kubernetes 1.36. Written apart from the rules of the {@code kubelet} module,
 * which it is there to test.
 */
final class StartChecks {

  private static final Set<String> RESERVABLE = Set.of("cpu", "memory", "ephemeral-storage", "pid");
  private static final Set<String> SIGNALS =
      Set.of(
          "memory.available",
          "nodefs.available",
          "nodefs.inodesFree",
          "imagefs.available",
          "imagefs.inodesFree",
          "containerfs.available",
          "containerfs.inodesFree",
          "allocatableMemory.available",
          "pid.available");
  private static final String DEFAULT_RUNTIME = "unix:///run/containerd/containerd.sock";

  private final Map<String, @Nullable Object> config;
  private final Capacity capacity;

  StartChecks(Map<String, @Nullable Object> config, Capacity capacity) {
    this.config = config;
    this.capacity = capacity;
  }

  /**
   * What ends the start before the kubelet serves anything. The failure carries what comes after
   * "failed to run Kubelet".
   */
  void beforeServing() throws KubeletFailure {
    file("", "authentication", "x509", "clientCAFile");
    reservations("kubeReserved", "kube-reserved");
    reservations("systemReserved", "system-reserved");
    thresholds("evictionHard", false);
    if (capacity.swapOn() && Tree.bool(config, "failSwapOn").orElse(true)) {
      throw new KubeletFailure(
          "running with swap on is not supported, please disable swap or set --fail-swap-on flag to false");
    }
    if (Tree.string(config, "cpuManagerPolicy").orElse("none").equals("static")
        && reservedCpu().signum() <= 0) {
      throw new KubeletFailure(
          "[cpumanager] the static policy requires systemreserved.cpu + kubereserved.cpu to be greater than zero");
    }
    runtimeSocket();
    try {
      thresholds("evictionHard", false);
      thresholds("evictionSoft", true);
      file("failed to initialize file based certificate manager: ", "tlsCertFile");
      file("failed to initialize file based certificate manager: ", "tlsPrivateKeyFile");
    } catch (KubeletFailure e) {
      throw new KubeletFailure("failed to create kubelet: " + e.words());
    }
  }

  /**
   * What the container manager finds out when the kubelet already serves: reservations above the
   * capacity.
   */
  void allocatable() throws KubeletFailure {
    BigDecimal memory =
        reserved("kubeReserved", "memory")
            .add(reserved("systemReserved", "memory"))
            .add(hardMemoryThreshold());
    compare("memory", memory, BigDecimal.valueOf(capacity.memoryBytes()));
    compare("cpu", reservedCpu(), BigDecimal.valueOf(capacity.cpus()));
  }

  private static void compare(String resource, BigDecimal reserved, BigDecimal available)
      throws KubeletFailure {
    if (reserved.compareTo(available) > 0) {
      throw new KubeletFailure(
          "invalid Node Allocatable configuration. Resource \"%s\" has a reservation of %s but capacity of %s. Expected capacity >= reservation"
              .formatted(resource, reserved.toPlainString(), available.toPlainString()));
    }
  }

  /** CPUs kept for the system and for Kubernetes, or those of reservedSystemCPUs. */
  BigDecimal reservedCpu() {
    String cpus = Tree.string(config, "reservedSystemCPUs").orElse("");
    return cpus.isEmpty()
        ? reserved("kubeReserved", "cpu").add(reserved("systemReserved", "cpu"))
        : BigDecimal.valueOf(cpus.split(",", -1).length);
  }

  /** Bytes or CPUs that pods cannot have. */
  Map<String, BigDecimal> reservedForAll() {
    Map<String, BigDecimal> all = new LinkedHashMap<>();
    all.put("cpu", reserved("kubeReserved", "cpu").add(reserved("systemReserved", "cpu")));
    all.put(
        "memory",
        reserved("kubeReserved", "memory")
            .add(reserved("systemReserved", "memory"))
            .add(hardMemoryThreshold()));
    return all;
  }

  private BigDecimal reserved(String field, String resource) {
    return Tree.string(config, field, resource).flatMap(Quantity::parse).orElse(BigDecimal.ZERO);
  }

  private BigDecimal hardMemoryThreshold() {
    String threshold = Tree.string(config, "evictionHard", "memory.available").orElse("0");
    if (threshold.endsWith("%")) {
      return percent(threshold)
          .multiply(BigDecimal.valueOf(capacity.memoryBytes()))
          .movePointLeft(2);
    }
    return Quantity.parse(threshold).orElse(BigDecimal.ZERO);
  }

  private static BigDecimal percent(String text) {
    return Quantity.parse(text.substring(0, text.length() - 1)).orElse(BigDecimal.ZERO);
  }

  private void file(String prefix, String... path) throws KubeletFailure {
    Optional<String> name = Tree.string(config, path).filter(value -> !value.isEmpty());
    if (name.isPresent()) {
      Path file = Path.of(name.get());
      try {
        if (Files.readAllBytes(file).length == 0) {
          throw new KubeletFailure(
              prefix + file + ": data does not contain any valid RSA or ECDSA certificates");
        }
      } catch (IOException e) {
        throw new KubeletFailure(prefix + ConfigLoading.openFailure(file, e));
      }
    }
  }

  private void reservations(String field, String flag) throws KubeletFailure {
    for (Map.Entry<String, @Nullable Object> entry : Tree.map(config, field).entrySet()) {
      String resource = entry.getKey();
      String why = "";
      if (!RESERVABLE.contains(resource)) {
        why = "cannot reserve \"%s\" resource".formatted(resource);
      } else {
        String text = String.valueOf(entry.getValue());
        Optional<BigDecimal> amount = Quantity.parse(text);
        if (amount.isEmpty()) {
          why =
              "failed to parse quantity \"%s\" for \"%s\" resource: quantities must match the regular expression"
                  .formatted(text, resource);
        } else if (amount.get().signum() < 0) {
          why = "resource quantity for \"%s\" cannot be negative: %s".formatted(resource, text);
        }
      }
      if (!why.isEmpty()) {
        throw new KubeletFailure("--%s value failed to parse: %s".formatted(flag, why));
      }
    }
  }

  private void thresholds(String field, boolean soft) throws KubeletFailure {
    for (Map.Entry<String, @Nullable Object> entry : Tree.map(config, field).entrySet()) {
      String signal = entry.getKey();
      String value = String.valueOf(entry.getValue());
      if (!SIGNALS.contains(signal)) {
        throw new KubeletFailure("unsupported eviction signal " + signal);
      }
      if (value.endsWith("%")) {
        BigDecimal percent = percent(value);
        if (percent.signum() < 0) {
          throw new KubeletFailure(
              "eviction percentage threshold %s must be >= 0%%: %s".formatted(signal, value));
        }
        if (percent.compareTo(BigDecimal.valueOf(100)) > 0) {
          throw new KubeletFailure(
              "eviction percentage threshold %s must be <= 100%%: %s".formatted(signal, value));
        }
      } else {
        Optional<BigDecimal> amount = Quantity.parse(value);
        if (amount.isEmpty()) {
          throw new KubeletFailure(
              "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
        if (amount.get().signum() <= 0) {
          throw new KubeletFailure(
              "eviction threshold %s must be positive: %s".formatted(signal, value));
        }
      }
      if (soft) {
        grace(signal);
      }
    }
  }

  private void grace(String signal) throws KubeletFailure {
    String text =
        Tree.string(config, "evictionSoftGracePeriod", signal)
            .orElseThrow(() ->
                new KubeletFailure(
                    "grace period must be specified for the soft eviction threshold " + signal));
    if (GoDuration.parse(text).isEmpty()) {
      throw new KubeletFailure("time: invalid duration \"" + text + "\"");
    }
    if (GoDuration.parse(text).get().isNegative()) {
      throw new KubeletFailure(
          "invalid eviction grace period specified: " + text + ", must be a positive value");
    }
  }

  /** The usual endpoint is simulated with the kubelet; another one must be there. */
  private void runtimeSocket() throws KubeletFailure {
    String endpoint = Tree.string(config, "containerRuntimeEndpoint").orElse(DEFAULT_RUNTIME);
    String path =
        endpoint.startsWith("unix://") ? endpoint.substring("unix://".length()) : endpoint;
    if (!endpoint.isEmpty() && !endpoint.equals(DEFAULT_RUNTIME) && !Files.exists(Path.of(path))) {
      throw new KubeletFailure(
          "validate service connection: validate CRI v1 runtime API for endpoint \"%s\": rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix %s: connect: no such file or directory\""
              .formatted(endpoint, path));
    }
  }
}
