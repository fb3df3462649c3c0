package dev.retune.kubelet.start;

import dev.retune.kubelet.rules.Checks;
import dev.retune.kubelet.value.Quantity;
import dev.retune.kubelet.value.Words;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What is reserved for the system and for Kubernetes: known resources only, no negative amounts,
 * and not more than the node has ({@code validateNodeAllocatable} in the kubelet, 1.25 to 1.36).
 */
final class Reservations {

  private static final List<String> FIELDS = List.of("systemReserved", "kubeReserved");
  private static final List<String> RESERVABLE =
      List.of("cpu", "memory", "ephemeral-storage", "pid");

  /** Process IDs can be reserved beyond what there is: the kubelet does not compare them. */
  private static final List<String> COMPARED = List.of("cpu", "memory", "ephemeral-storage");

  private Reservations() {}

  static void check(Start start) {
    CpuList.check(start);
    FIELDS.forEach(field -> readable(start, field));
    qosReserved(start);
    for (String resource : COMPARED) {
      Quantity capacity = start.node().capacity().get(resource);
      if (capacity != null && isCompared(start, resource) && !isOfflineCpu(start, resource)) {
        compare(start, resource, capacity);
      }
    }
  }

  private static boolean isCompared(Start start, String resource) {
    return !resource.equals("ephemeral-storage")
        || !Boolean.FALSE.equals(start.value("localStorageCapacityIsolation"));
  }

  /** Said already, and the kubelet does not come as far as to compare. */
  private static boolean isOfflineCpu(Start start, String resource) {
    return resource.equals("cpu") && CpuList.isOffline(start);
  }

  private static void readable(Start start, String field) {
    start
        .reservation(field)
        .forEach((resource, amount) -> {
          String path = Start.path(field, resource);
          if (!RESERVABLE.contains(resource)) {
            start.exits(
                path,
                Words.quoted(resource) + " cannot be reserved, only " + Checks.choice(RESERVABLE),
                Words.didYouMean(resource, RESERVABLE));
            return;
          }
          Optional<Quantity> quantity = Quantity.parse(amount);
          if (quantity.isEmpty() || quantity.get().amount().signum() < 0) {
            start.exits(path, Words.quoted(amount) + " is no amount of " + resource);
          }
        });
  }

  /** Only memory, in whole percent; with the gate off the kubelet still reads it. */
  private static void qosReserved(Start start) {
    start
        .map("qosReserved")
        .forEach((resource, amount) -> {
          String path = Start.path("qosReserved", resource);
          if (!resource.equals("memory")) {
            start.exits(path, Words.quoted(resource) + " cannot be reserved, only \"memory\"");
          } else if (!amount.matches("[+-]?0*[0-9]{1,3}%+") || percent(amount) > 100) {
            start.exits(path, Words.quoted(amount) + " is no whole percentage from 0% to 100%");
          }
        });
  }

  private static int percent(String amount) {
    int value = Integer.parseInt(amount.replace("%", ""));
    return value < 0 ? Integer.MAX_VALUE : value;
  }

  /** Reservations and the threshold at which pods are evicted, against what there is. */
  private static void compare(Start start, String resource, Quantity capacity) {
    BigDecimal sum = total(start, resource);
    if (sum.compareTo(capacity.amount()) > 0) {
      String kept = sum.stripTrailingZeros().toPlainString();
      start.exits(
          largest(start, resource),
          (CpuList.isGiven(start, resource)
                  ? "has " + kept + " CPUs"
                  : "systemReserved, kubeReserved and evictionHard keep "
                      + kept
                      + " of "
                      + resource
                      + " in all")
              + "; the node has "
              + capacity.amount().stripTrailingZeros().toPlainString());
    }
  }

  /** The field that keeps the most. */
  private static String largest(Start start, String resource) {
    BigDecimal most = Eviction.reserved(start, resource);
    String field = "evictionHard";
    for (String candidate : FIELDS) {
      if (start.reserved(candidate, resource).compareTo(most) >= 0) {
        most = start.reserved(candidate, resource);
        field = CpuList.isGiven(start, resource) ? CpuList.FIELD : Start.path(candidate, resource);
      }
    }
    return field;
  }

  /** What is reserved of a resource: both reservations and the eviction threshold. */
  static BigDecimal total(Start start, String resource) {
    BigDecimal sum = Eviction.reserved(start, resource);
    for (String field : FIELDS) {
      sum = sum.add(start.reserved(field, resource));
    }
    return sum;
  }
}
