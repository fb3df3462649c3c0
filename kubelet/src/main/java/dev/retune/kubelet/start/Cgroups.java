package dev.retune.kubelet.start;

import dev.retune.kubelet.Host;
import dev.retune.kubelet.rules.Versions;
import java.util.List;

/** What is asked of control groups, and cannot be set up. */
final class Cgroups {

  /** An element of {@code enforceNodeAllocatable} and the reservation whose limits it sets. */
  private record Enforced(String element, String reservation, Versions minors) {}

  private static final List<Enforced> ENFORCED =
      List.of(
          new Enforced("system-reserved", "systemReserved", Versions.always()),
          new Enforced("kube-reserved", "kubeReserved", Versions.always()),
          new Enforced("system-reserved-compressible", "systemReserved", Versions.since(32)),
          new Enforced("kube-reserved-compressible", "kubeReserved", Versions.since(32)));

  private static final Versions SWAP_NEEDS_V2 = Versions.since(30);

  private Cgroups() {}

  static void check(Start start) {
    systemCgroups(start);
    enforced(start);
    swap(start);
  }

  /** The root holds everything ({@code setupNode} in the kubelet, 1.25 to 1.36). */
  private static void systemCgroups(Start start) {
    if (start.text("systemCgroups").equals("/")) {
      start.exits(
          "systemCgroups", "\"/\" is the root, and processes cannot be moved from it into itself");
    }
  }

  /** No limits are no limits to set ({@code enforceExistingCgroup}, 1.25 to 1.36). */
  private static void enforced(Start start) {
    List<?> elements = start.list("enforceNodeAllocatable");
    for (Enforced enforced : ENFORCED) {
      int index = elements.indexOf(enforced.element());
      if (index >= 0
          && enforced.minors().include(start.version())
          && start.reservation(enforced.reservation()).isEmpty()) {
        start.exits(
            "enforceNodeAllocatable[" + index + "]",
            "\"" + enforced.element() + "\" needs " + enforced.reservation() + ", which is empty");
      }
    }
  }

  /** {@code run} in the kubelet, 1.30 to 1.36. */
  private static void swap(Start start) {
    if (SWAP_NEEDS_V2.include(start.version())
        && start.node().host() == Host.CGROUP_V1
        && start.text("memorySwap", "swapBehavior").equals("LimitedSwap")
        && !start.isOff("NodeSwap")) {
      start.exits("memorySwap.swapBehavior", "\"LimitedSwap\" needs cgroup v2; this node has v1");
    }
  }
}
