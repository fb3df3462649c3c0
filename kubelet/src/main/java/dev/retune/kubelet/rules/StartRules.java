package dev.retune.kubelet.rules;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.value.GoDuration;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.Quantity;
import dev.retune.kubelet.value.Words;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What passes the kubelet's validation and ends it when it starts, as far as the document tells.
 * Consequences were seen on kubelet 1.36.2: it exits and the unit restarts it for ever.
 */
public final class StartRules {

  private static final List<String> SIGNALS =
      List.of(
          "memory.available",
          "nodefs.available",
          "nodefs.inodesFree",
          "imagefs.available",
          "imagefs.inodesFree",
          "pid.available");
  private static final List<String> CONTAINERFS =
      List.of("containerfs.available", "containerfs.inodesFree");
  private static final String ALLOCATABLE = "allocatableMemory.available";
  private static final List<String> RESERVABLE =
      List.of("cpu", "memory", "ephemeral-storage", "pid");

  /** Thresholds the kubelet takes as not given. */
  private static final List<String> IGNORED = List.of("0%", "100%");

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** Values that the managers behind a field know, checked only when these are set up. */
  private static final Map<String, List<String>> CHOICES =
      Map.of(
          "authorization.mode", List.of("AlwaysAllow", "Webhook"),
          "configMapAndSecretChangeDetectionStrategy", List.of("Get", "Cache", "Watch"),
          "cpuManagerPolicy", List.of("none", "static"),
          "memoryManagerPolicy", List.of("None", "Static"),
          "tlsMinVersion", List.of("VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"));

  private static final String EXIT = "; the kubelet exits at start";

  private StartRules() {}

  /** Adds a complaint for everything a kubelet stumbles over when it starts. */
  public static void check(
      Map<String, ? extends @Nullable Object> effective, KubeletVersion version, Problems out) {
    reserved(effective, "systemReserved", out);
    reserved(effective, "kubeReserved", out);
    for (String field : List.of("evictionHard", "evictionSoft")) {
      map(effective, field)
          .forEach((signal, threshold) -> threshold(field, signal, threshold, version, out));
    }
    map(effective, "evictionMinimumReclaim")
        .forEach((signal, reclaim) -> reclaim(signal, reclaim, version, out));
    grace(effective, version, out);
    CHOICES.forEach((field, allowed) -> choice(effective, field, allowed, out));
    logs(effective, out);
    userNamespaces(effective, out);
  }

  private static void reserved(
      Map<String, ? extends @Nullable Object> effective, String field, Problems out) {
    map(effective, field)
        .forEach((resource, amount) -> {
          String path = path(field, resource);
          if (!RESERVABLE.contains(resource)) {
            out.add(
                path,
                Words.quoted(resource)
                    + " cannot be reserved, only "
                    + Checks.choice(RESERVABLE)
                    + EXIT
                    + Words.didYouMean(resource, RESERVABLE));
            return;
          }
          Optional<Quantity> quantity = Quantity.parse(amount);
          if (quantity.isEmpty() || quantity.get().amount().signum() < 0) {
            out.add(path, Words.quoted(amount) + " is no amount of " + resource + EXIT);
          }
        });
  }

  private static void threshold(
      String field, String signal, String value, KubeletVersion version, Problems out) {
    if (signal(field, signal, version, out)
        && !IGNORED.contains(value)
        && !isPercentage(value, 0)
        && !isAmount(value, 1)) {
      out.add(
          path(field, signal),
          Words.quoted(value) + " is neither an amount above 0 nor a percentage up to 100%" + EXIT);
    }
  }

  private static void reclaim(String signal, String value, KubeletVersion version, Problems out) {
    String field = "evictionMinimumReclaim";
    if (signal(field, signal, version, out) && !isPercentage(value, 1) && !isAmount(value, 0)) {
      out.add(
          path(field, signal),
          Words.quoted(value) + " is neither an amount nor a percentage above 0%" + EXIT);
    }
  }

  private static boolean signal(String field, String signal, KubeletVersion version, Problems out) {
    if (isSignal(signal, version)) {
      return true;
    }
    out.add(
        path(field, signal),
        Words.quoted(signal) + " is no eviction signal" + EXIT + Words.didYouMean(signal, SIGNALS));
    return false;
  }

  private static boolean isSignal(String signal, KubeletVersion version) {
    return SIGNALS.contains(signal)
        || signal.equals(ALLOCATABLE)
        || (version.minor() >= 29 && CONTAINERFS.contains(signal));
  }

  /** A quantity whose sign is at least the given one. */
  private static boolean isAmount(String value, int leastSign) {
    Optional<Quantity> quantity = Quantity.parse(value);
    return quantity.isPresent() && quantity.get().amount().signum() >= leastSign;
  }

  /** A percentage up to 100 whose sign is at least the given one. */
  private static boolean isPercentage(String value, int leastSign) {
    if (!value.endsWith("%") || value.length() < 2 || value.length() > 20) {
      return false;
    }
    char last = value.charAt(value.length() - 2);
    if ((last < '0' || last > '9') && last != '.') {
      return false;
    }
    return Quantity.parse(value.substring(0, value.length() - 1))
        .map(Quantity::amount)
        .filter(percent -> percent.signum() >= leastSign)
        .filter(percent -> percent.compareTo(HUNDRED) <= 0)
        .isPresent();
  }

  private static void choice(
      Map<String, ? extends @Nullable Object> effective,
      String field,
      List<String> allowed,
      Problems out) {
    Object value = effective;
    for (String step : field.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(step) : null;
    }
    if (value instanceof String given && !allowed.contains(given)) {
      out.add(
          field,
          Words.quoted(given)
              + " is not one of "
              + Checks.choice(allowed)
              + EXIT
              + Checks.near(given, allowed));
    }
  }

  private static void logs(Map<String, ? extends @Nullable Object> effective, Problems out) {
    if (effective.get("containerLogMaxSize") instanceof String size && !isAmount(size, -1)) {
      out.add("containerLogMaxSize", Words.quoted(size) + " is no amount of bytes" + EXIT);
    }
    if (effective.get("containerLogMaxFiles") instanceof Number files && files.longValue() <= 1) {
      out.add("containerLogMaxFiles", files + " is too few to rotate, 2 is the least" + EXIT);
    }
  }

  /** Part of the validation, but only of a kubelet on cgroup v2 when failCgroupV1 is set. */
  private static void userNamespaces(
      Map<String, ? extends @Nullable Object> effective, Problems out) {
    if (effective.get("userNamespaces") instanceof Map<?, ?> namespaces
        && namespaces.get("idsPerPod") instanceof Number ids
        && !ResourceRules.isIdRange(ids.longValue())) {
      out.add("userNamespaces.idsPerPod", ids + " is not " + ResourceRules.ID_RANGE + EXIT);
    }
  }

  private static void grace(
      Map<String, ? extends @Nullable Object> effective, KubeletVersion version, Problems out) {
    Map<String, String> periods = map(effective, "evictionSoftGracePeriod");
    periods.forEach((signal, period) -> {
      String path = path("evictionSoftGracePeriod", signal);
      if (!isSignal(signal, version)) {
        out.add(
            path,
            Words.quoted(signal)
                + " is no eviction signal"
                + EXIT
                + Words.didYouMean(signal, SIGNALS));
        return;
      }
      OptionalLong nanos = GoDuration.parse(period);
      if (nanos.isEmpty() || nanos.getAsLong() < 0) {
        out.add(path, Words.quoted(period) + " is no duration of 0s or more" + EXIT);
      }
    });
    Map<String, String> soft = map(effective, "evictionSoft");
    for (String signal : soft.keySet()) {
      if (!periods.containsKey(signal) && !IGNORED.contains(soft.get(signal))) {
        out.add(
            path("evictionSoft", signal),
            "needs evictionSoftGracePeriod[" + Words.shortened(signal) + "]" + EXIT);
      }
    }
  }

  private static String path(String field, String key) {
    return field + "[" + Words.shortened(key) + "]";
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> map(
      Map<String, ? extends @Nullable Object> effective, String field) {
    return effective.get(field) instanceof Map<?, ?> map
            && map.values().stream().allMatch(String.class::isInstance)
        ? (Map<String, String>) map
        : Map.of();
  }
}
