package dev.retune.kubelet.start;

import dev.retune.kubelet.value.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * The memory manager's arithmetic: with the policy Static, what {@code reservedMemory} keeps on all
 * NUMA nodes together must be exactly what systemReserved, kubeReserved and evictionHard keep, more
 * than nothing, and in whole bytes ({@code validateReservedMemory}, {@code convertReserved} and
 * {@code NewPolicyStatic} in the kubelet, 1.25 to 1.36).
 */
final class ReservedMemory {

  /** The gate of the manager as a whole; from 1.32 on it is always on. */
  static final String GATE = "MemoryManager";

  private static final String FIELD = "reservedMemory";

  private ReservedMemory() {}

  static void check(Start start) {
    if (!start.text("memoryManagerPolicy").equals("Static") || start.isOff(GATE)) {
      return;
    }
    Map<String, BigDecimal> sums = new TreeMap<>();
    sums.put("memory", BigDecimal.ZERO);
    int index = 0;
    for (Object element : start.list(FIELD)) {
      if (element instanceof Map<?, ?> reservation) {
        node(start, index, reservation);
        add(start, index, sums, reservation);
      }
      index++;
    }
    sums.forEach((type, sum) -> compare(start, type, sum));
  }

  private static void node(Start start, int index, Map<?, ?> reservation) {
    if (reservation.get("numaNode") instanceof Number node
        && !start.node().numaNodes().isEmpty()
        && !start.node().numaNodes().contains(node.intValue())) {
      start.exits(
          FIELD + "[" + index + "].numaNode", "there is no NUMA node " + node + " on this machine");
    }
  }

  private static void add(
      Start start, int index, Map<String, BigDecimal> sums, Map<?, ?> reservation) {
    if (reservation.get("limits") instanceof Map<?, ?> limits) {
      limits.forEach((type, amount) -> {
        String text = String.valueOf(amount);
        Quantity.parse(text)
            .ifPresent(quantity -> {
              sums.merge(String.valueOf(type), quantity.amount(), BigDecimal::add);
              if (Quantity.asInt64(text).isEmpty()) {
                start.exits(
                    Start.path(FIELD + "[" + index + "].limits", String.valueOf(type)),
                    Amounts.unlikeBytes(text),
                    Amounts.likeBytes(quantity));
              }
            });
      });
    }
  }

  /** Huge pages cannot be reserved for the system, so none may be reserved here. */
  private static void compare(Start start, String type, BigDecimal sum) {
    boolean memory = type.equals("memory");
    if (memory && sum.signum() == 0 && isNothingKept(start)) {
      start.exits(
          "memoryManagerPolicy",
          "\"Static\" needs memory kept for the system; set systemReserved[memory],"
              + " kubeReserved[memory] or evictionHard[memory.available], and reservedMemory to"
              + " their sum");
      return;
    }
    if (memory && Eviction.isMemoryUnknown(start)) {
      return;
    }
    BigDecimal wanted = memory ? Reservations.total(start, "memory") : BigDecimal.ZERO;
    if (sum.compareTo(wanted) != 0) {
      start.exits(
          FIELD,
          "keeps "
              + sum.stripTrailingZeros().toPlainString()
              + " of "
              + type
              + " on all NUMA nodes together, where systemReserved, kubeReserved and"
              + " evictionHard keep "
              + wanted.stripTrailingZeros().toPlainString()
              + "; with memoryManagerPolicy Static the two must be equal");
    }
  }

  /**
   * Or a percentage of a capacity that is unknown: without reserved memory it ends the same way.
   */
  private static boolean isNothingKept(Start start) {
    return Eviction.isMemoryUnknown(start)
        || Reservations.total(start, "memory").compareTo(BigDecimal.ZERO) == 0;
  }
}
