package dev.retune.kubelet.start;

import dev.retune.kubelet.value.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The memory manager's arithmetic: with the policy Static, what {@code reservedMemory} keeps on all
 * NUMA nodes together must be exactly what systemReserved, kubeReserved and evictionHard keep
 * ({@code validateReservedMemory} in the kubelet, 1.25 to 1.36).
 */
final class ReservedMemory {

  private static final String FIELD = "reservedMemory";

  private ReservedMemory() {}

  static void check(Start start) {
    if (!start.text("memoryManagerPolicy").equals("Static") || isOff(start)) {
      return;
    }
    Map<String, BigDecimal> sums = new TreeMap<>();
    sums.put("memory", BigDecimal.ZERO);
    int index = 0;
    for (Object element : start.list(FIELD)) {
      if (element instanceof Map<?, ?> reservation) {
        node(start, index, reservation);
        add(sums, reservation);
      }
      index++;
    }
    sums.forEach((type, sum) -> compare(start, type, sum));
  }

  /** Up to 1.31 the manager as a whole is behind a gate. */
  private static boolean isOff(Start start) {
    return start.gates().knows("MemoryManager") && !start.gates().on("MemoryManager");
  }

  private static void node(Start start, int index, Map<?, ?> reservation) {
    if (reservation.get("numaNode") instanceof Number node
        && !start.node().numaNodes().isEmpty()
        && !start.node().numaNodes().contains(node.intValue())) {
      start.exits(
          FIELD + "[" + index + "].numaNode", "there is no NUMA node " + node + " on this machine");
    }
  }

  private static void add(Map<String, BigDecimal> sums, Map<?, ?> reservation) {
    if (reservation.get("limits") instanceof Map<?, ?> limits) {
      limits.forEach((type, amount) ->
          Optional.of(String.valueOf(amount))
              .flatMap(Quantity::parse)
              .ifPresent(quantity ->
                  sums.merge(String.valueOf(type), quantity.amount(), BigDecimal::add)));
    }
  }

  /** Huge pages cannot be reserved for the system, so none may be reserved here. */
  private static void compare(Start start, String type, BigDecimal sum) {
    boolean memory = type.equals("memory");
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
}
