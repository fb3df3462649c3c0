package dev.retune.kubelet.start;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.NodeFacts;
import dev.retune.kubelet.Precondition;
import dev.retune.kubelet.rules.Checks;
import dev.retune.kubelet.rules.ResourceRules;
import dev.retune.kubelet.value.Quantity;
import dev.retune.kubelet.value.Words;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What passes the kubelet's validation and ends it when it starts, as far as the document and the
 * facts about the node tell. Consequences were seen on kubelet 1.36.2: it exits and the unit
 * restarts it for ever.
 */
public final class StartRules {

  /** Values that the managers behind a field know, checked only when these are set up. */
  private static final Map<String, List<String>> CHOICES =
      Map.of(
          "authorization.mode", List.of("AlwaysAllow", "Webhook"),
          "configMapAndSecretChangeDetectionStrategy", List.of("Get", "Cache", "Watch"),
          "cpuManagerPolicy", List.of("none", "static"),
          "memoryManagerPolicy", List.of("None", "Static"),
          "tlsMinVersion", List.of("VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"));

  private StartRules() {}

  /** Everything a kubelet of this version stumbles over when it starts on that node. */
  public static List<Precondition> check(
      Map<String, ? extends @Nullable Object> effective, KubeletVersion version, NodeFacts node) {
    Start start = new Start(effective, version, node);
    Reservations.check(start);
    Eviction.check(start);
    CHOICES.forEach((field, allowed) -> choice(start, field, allowed));
    PolicyOptions.check(start);
    ReservedMemory.check(start);
    Sysctls.check(start);
    logs(start);
    userNamespaces(start);
    Shutdown.check(start);
    return start.found();
  }

  private static void choice(Start start, String field, List<String> allowed) {
    if (start.value(field.split("\\.", -1)) instanceof String given && !allowed.contains(given)) {
      start.exits(
          field,
          Words.quoted(given) + " is not one of " + Checks.choice(allowed),
          Checks.near(given, allowed));
    }
  }

  private static void logs(Start start) {
    if (start.value("containerLogMaxSize") instanceof String size
        && Quantity.parse(size).isEmpty()) {
      start.exits("containerLogMaxSize", Words.quoted(size) + " is no amount of bytes");
    }
    if (start.value("containerLogMaxFiles") instanceof Number files && files.longValue() <= 1) {
      start.exits("containerLogMaxFiles", files + " is too few to rotate, 2 is the least");
    }
  }

  /** Part of the validation, but only of a kubelet on cgroup v2 when failCgroupV1 is set. */
  private static void userNamespaces(Start start) {
    if (start.value("userNamespaces", "idsPerPod") instanceof Number ids
        && !ResourceRules.isIdRange(ids.longValue())) {
      start.exits("userNamespaces.idsPerPod", ids + " is not " + ResourceRules.ID_RANGE);
    }
  }
}
