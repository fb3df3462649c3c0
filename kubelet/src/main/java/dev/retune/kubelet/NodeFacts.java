package dev.retune.kubelet;

import dev.retune.kubelet.value.Quantity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known of the machine a kubelet runs on. What is unknown is not held against a document.
 *
 * @param capacity amounts of {@code cpu} (cores), {@code memory} (bytes), {@code ephemeral-storage}
 *     (bytes), {@code pid} and {@code hugepages-<size>} (bytes), by name; one that is missing is
 *     unknown
 * @param numaNodes the numbers of the NUMA nodes; empty when they are unknown
 * @param inhibitDelay logind's {@code InhibitDelayMaxSec}, the longest that a shutdown waits for
 *     the kubelet; empty when it is unknown
 * @param onlineCpus the numbers of the CPUs that are online; empty when they are unknown
 * @param host which cgroups it has
 */
public record NodeFacts(
    Map<String, Quantity> capacity,
    Set<Integer> numaNodes,
    Optional<Duration> inhibitDelay,
    Set<Integer> onlineCpus,
    Host host) {

  /** Nothing is known of the machine. */
  public static final NodeFacts UNKNOWN =
      new NodeFacts(Map.of(), Set.of(), Optional.empty(), Set.of(), Host.UNKNOWN);

  public NodeFacts {
    capacity = Map.copyOf(capacity);
    numaNodes = Set.copyOf(numaNodes);
    onlineCpus = Set.copyOf(onlineCpus);
  }

  /**
   * The same with an amount of a resource.
   *
   * @param amount as Kubernetes writes it, such as {@code 16Gi}
   * @throws IllegalArgumentException when the amount is no quantity
   */
  public NodeFacts withCapacity(String resource, String amount) {
    Map<String, Quantity> more = new TreeMap<>(capacity);
    more.put(
        resource,
        Quantity.parse(amount)
            .orElseThrow(() -> new IllegalArgumentException("\"" + amount + "\" is no quantity")));
    return new NodeFacts(more, numaNodes, inhibitDelay, onlineCpus, host);
  }

  /** The same with the numbers of its NUMA nodes. */
  public NodeFacts withNumaNodes(Set<Integer> nodes) {
    return new NodeFacts(capacity, nodes, inhibitDelay, onlineCpus, host);
  }

  /** The same with logind's limit. */
  public NodeFacts withInhibitDelay(Duration delay) {
    return new NodeFacts(capacity, numaNodes, Optional.of(delay), onlineCpus, host);
  }

  /** The same with the numbers of the CPUs that are online. */
  public NodeFacts withOnlineCpus(Set<Integer> cpus) {
    return new NodeFacts(capacity, numaNodes, inhibitDelay, cpus, host);
  }

  /** The same with the cgroups it has. */
  public NodeFacts withHost(Host cgroups) {
    return new NodeFacts(capacity, numaNodes, inhibitDelay, onlineCpus, cgroups);
  }
}
