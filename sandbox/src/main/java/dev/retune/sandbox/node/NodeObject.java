package dev.retune.sandbox.node;

import dev.retune.kube.Tree;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Node as this kubelet sees it.
 *
 * @param version as in nodeInfo: {@code v1.36.2}
 * @param address IP address, of {@code --node-ip} or loopback
 * @param labels of {@code --node-labels}
 */
record NodeObject(
    String name,
    String version,
    String address,
    Map<String, String> labels,
    Map<String, @Nullable Object> config,
    Capacity capacity) {

  /** The node to register. */
  Map<String, @Nullable Object> registration(Instant now) {
    Map<String, @Nullable Object> node = Tree.object("apiVersion", "v1", "kind", "Node");
    Tree.put(node, name, "metadata", "name");
    labels.forEach((key, value) -> Tree.put(node, value, "metadata", "labels", key));
    Tree.put(node, name, "metadata", "labels", "kubernetes.io/hostname");
    Tree.put(node, "linux", "metadata", "labels", "kubernetes.io/os");
    Tree.put(node, architecture(), "metadata", "labels", "kubernetes.io/arch");
    List<@Nullable Object> taints = Tree.list(config, "registerWithTaints");
    if (!taints.isEmpty()) {
      Tree.put(node, taints, "spec", "taints");
    }
    report(node, now, true);
    return node;
  }

  /** Sets in {@code node} what a kubelet reports, and leaves the rest alone. */
  void report(Map<String, @Nullable Object> node, Instant now, boolean ready) {
    long pods = Tree.longValue(config, "maxPods").orElse(110);
    long perCore = Tree.longValue(config, "podsPerCore").orElse(0);
    if (perCore > 0) {
      pods = Math.min(pods, perCore * capacity.cpus());
    }
    Map<String, BigDecimal> reserved = new StartChecks(config, capacity).reservedForAll();
    BigDecimal memory = BigDecimal.valueOf(capacity.memoryBytes());
    BigDecimal cpu = BigDecimal.valueOf(capacity.cpus());
    for (String total : List.of("capacity", "allocatable")) {
      boolean all = total.equals("capacity");
      BigDecimal freeMemory = all ? memory : memory.subtract(amount(reserved, "memory"));
      BigDecimal freeCpu = all ? cpu : cpu.subtract(amount(reserved, "cpu"));
      Tree.put(node, Long.toString(pods), "status", total, "pods");
      Tree.put(
          node,
          freeCpu.movePointRight(3).setScale(0, RoundingMode.DOWN) + "m",
          "status",
          total,
          "cpu");
      Tree.put(node, (freeMemory.longValue() >> 10) + "Ki", "status", total, "memory");
    }
    Tree.put(
        node,
        Tree.longValue(config, "port").orElse(10250),
        "status",
        "daemonEndpoints",
        "kubeletEndpoint",
        "Port");
    Tree.put(
        node,
        List.of(
            Tree.object("type", "InternalIP", "address", address),
            Tree.object("type", "Hostname", "address", name)),
        "status",
        "addresses");
    Tree.put(node, information(), "status", "nodeInfo");
    Tree.put(node, conditions(node, now, ready), "status", "conditions");
  }

  private static BigDecimal amount(Map<String, BigDecimal> amounts, String resource) {
    return amounts.getOrDefault(resource, BigDecimal.ZERO);
  }

  private Map<String, @Nullable Object> information() {
    return Tree.object(
        "machineID",
        text("/etc/machine-id"),
        "systemUUID",
        text("/etc/machine-id"),
        "bootID",
        text("/proc/sys/kernel/random/boot_id"),
        "kernelVersion",
        System.getProperty("os.version"),
        "osImage",
        "simulated",
        "containerRuntimeVersion",
        "simulated://1.0.0",
        "kubeletVersion",
        version,
        "kubeProxyVersion",
        "",
        "operatingSystem",
        "linux",
        "architecture",
        architecture());
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("aarch64") ? "arm64" : name.equals("x86_64") ? "amd64" : name;
  }

  private static List<Object> conditions(
      Map<String, @Nullable Object> node, Instant now, boolean ready) {
    List<Object> conditions = new ArrayList<>();
    for (String pressure : List.of("Memory", "Disk", "PID")) {
      String has =
          pressure.equals("Memory")
              ? "sufficient memory available"
              : pressure.equals("Disk") ? "no disk pressure" : "sufficient PID available";
      conditions.add(
          condition(
              node,
              now,
              pressure + "Pressure",
              false,
              "KubeletHas" + (pressure.equals("Disk") ? "NoDiskPressure" : "Sufficient" + pressure),
              "kubelet has " + has));
    }
    conditions.add(
        ready
            ? condition(node, now, "Ready", true, "KubeletReady", "kubelet is posting ready status")
            : condition(node, now, "Ready", false, "KubeletNotReady", "container runtime is down"));
    return conditions;
  }

  private static Map<String, @Nullable Object> condition(
      Map<String, @Nullable Object> node,
      Instant now,
      String type,
      boolean holds,
      String reason,
      String message) {
    String status = holds ? "True" : "False";
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    Optional<String> since =
        Tree.maps(node, "status", "conditions").stream()
            .filter(old -> Tree.string(old, "type").orElse("").equals(type))
            .filter(old -> Tree.string(old, "status").orElse("").equals(status))
            .findFirst()
            .flatMap(old -> Tree.string(old, "lastTransitionTime"));
    return Tree.object(
        "type", type,
        "status", status,
        "lastHeartbeatTime", time,
        "lastTransitionTime", since.orElse(time),
        "reason", reason,
        "message", message);
  }
}
