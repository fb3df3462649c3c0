package dev.retune.kubelet.start;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.value.GoDuration;
import dev.retune.kubelet.value.Quantity;
import dev.retune.kubelet.value.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Eviction signals, their thresholds, grace periods and minimum reclaims. */
final class Eviction {

  private static final List<String> SIGNALS =
      List.of(
          "memory.available",
          "nodefs.available",
          "nodefs.inodesFree",
          "imagefs.available",
          "imagefs.inodesFree",
          "pid.available",
          "allocatableMemory.available");

  /** Came with the split image file system, KEP-4191. */
  private static final List<String> SIGNALS_1_29 =
      List.of("containerfs.available", "containerfs.inodesFree");

  /** Thresholds the kubelet takes as not given. */
  private static final List<String> IGNORED = List.of("0%", "100%");

  private static final Pattern PERCENTAGE =
      Pattern.compile(
          "[+-]?(?:[0-9]{1,200}\\.?[0-9]{0,200}|\\.[0-9]{1,200})(?:[eE][+-]?[0-9]{1,6})?%+");

  private Eviction() {}

  static void check(Start start) {
    for (String field : List.of("evictionHard", "evictionSoft")) {
      start.map(field).forEach((signal, threshold) -> threshold(start, field, signal, threshold));
    }
    start
        .map("evictionMinimumReclaim")
        .forEach((signal, reclaim) -> reclaim(start, signal, reclaim));
    grace(start);
  }

  private static void threshold(Start start, String field, String signal, String value) {
    if (isSignal(start, field, signal)
        && !IGNORED.contains(value)
        && !isThreshold(value)
        && !isAmount(value, 1)) {
      start.exits(
          Start.path(field, signal),
          Words.quoted(value) + " is neither an amount above 0 nor a percentage up to 100%");
    }
  }

  /** There is no upper bound here ({@code parseMinimumReclaims} in the kubelet). */
  private static void reclaim(Start start, String signal, String value) {
    String field = "evictionMinimumReclaim";
    if (isSignal(start, field, signal)
        && share(value).filter(share -> share > 0).isEmpty()
        && !isAmount(value, 0)) {
      start.exits(
          Start.path(field, signal),
          Words.quoted(value) + " is neither an amount nor a percentage above 0%");
    }
  }

  private static void grace(Start start) {
    Map<String, String> periods = start.map("evictionSoftGracePeriod");
    periods.forEach((signal, period) -> {
      OptionalLong nanos = GoDuration.parse(period);
      if (isSignal(start, "evictionSoftGracePeriod", signal)
          && (nanos.isEmpty() || nanos.getAsLong() < 0)) {
        start.exits(
            Start.path("evictionSoftGracePeriod", signal),
            Words.quoted(period) + " is no duration of 0s or more");
      }
    });
    start
        .map("evictionSoft")
        .forEach((signal, threshold) -> {
          if (!periods.containsKey(signal) && !IGNORED.contains(threshold)) {
            start.exits(
                Start.path("evictionSoft", signal),
                "needs evictionSoftGracePeriod[" + Words.shortened(signal) + "]");
          }
        });
  }

  /** Whether the kubelet knows a signal; says so when it does not. */
  private static boolean isSignal(Start start, String field, String signal) {
    List<String> known = signals(start.version());
    if (known.contains(signal)) {
      return true;
    }
    start.exits(
        Start.path(field, signal),
        Words.quoted(signal) + " is no eviction signal",
        Words.didYouMean(signal, known));
    return false;
  }

  private static List<String> signals(KubeletVersion version) {
    List<String> known = new ArrayList<>(SIGNALS);
    if (version.minor() >= 29) {
      known.addAll(SIGNALS_1_29);
    }
    return known;
  }

  /** A quantity whose sign is at least the given one. */
  private static boolean isAmount(String value, int leastSign) {
    Optional<Quantity> quantity = Quantity.parse(value);
    return quantity.isPresent() && quantity.get().amount().signum() >= leastSign;
  }

  private static boolean isThreshold(String value) {
    return share(value).filter(share -> share >= 0 && share <= 1).isPresent();
  }

  /**
   * A percentage as a share of one, in the single precision the kubelet has it in ({@code
   * parsePercentage}); one that is beyond single precision is none.
   */
  private static Optional<Float> share(String value) {
    return PERCENTAGE.matcher(value).matches()
        ? Optional.of(Float.parseFloat(value.replace("%", "")) / 100)
            .filter(share -> !share.isInfinite())
        : Optional.empty();
  }

  /**
   * What the hard threshold keeps of a resource; nothing when there is none, and nothing for a
   * percentage of a capacity that is unknown. A percentage is rounded as the kubelet rounds it: 10%
   * of 16Gi are 1717986944 ({@code GetThresholdQuantity} in the kubelet, 1.25 to 1.36).
   */
  static BigDecimal reserved(Start start, String resource) {
    String signal =
        switch (resource) {
          case "memory" -> "memory.available";
          case "ephemeral-storage" -> "nodefs.available";
          default -> "";
        };
    String value = start.map("evictionHard").getOrDefault(signal, "0");
    if (!value.endsWith("%")) {
      return Quantity.parse(value).map(Quantity::amount).orElse(BigDecimal.ZERO);
    }
    Quantity capacity = start.node().capacity().get(resource);
    if (capacity == null || IGNORED.contains(value)) {
      return BigDecimal.ZERO;
    }
    double bytes = capacity.amount().setScale(0, RoundingMode.UP).doubleValue();
    return share(value)
        .map(share -> BigDecimal.valueOf((long) (bytes * (double) share)))
        .orElse(BigDecimal.ZERO);
  }

  /** Whether the hard threshold of memory is a percentage of a capacity that is unknown. */
  static boolean isMemoryUnknown(Start start) {
    String value = start.map("evictionHard").getOrDefault("memory.available", "0");
    return value.endsWith("%")
        && !IGNORED.contains(value)
        && !start.node().capacity().containsKey("memory");
  }
}
