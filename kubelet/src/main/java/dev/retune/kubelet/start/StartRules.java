package dev.retune.kubelet.start;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.NodeFacts;
import dev.retune.kubelet.Precondition;
import dev.retune.kubelet.rules.Checks;
import dev.retune.kubelet.rules.ResourceRules;
import dev.retune.kubelet.rules.Versions;
import dev.retune.kubelet.value.GoDuration;
import dev.retune.kubelet.value.Quantity;
import dev.retune.kubelet.value.Words;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What passes the kubelet's validation and ends it when it starts, as far as the document and the
 * facts about the node tell. Consequences were seen on kubelet 1.36.2: it exits and the unit
 * restarts it for ever.
 */
public final class StartRules {

  /**
   * Values that only the manager behind a field knows, checked when it is set up.
   *
   * @param gate the gate without which it is not set up, if there is one
   */
  private record Choice(String field, String gate, List<String> allowed) {}

  private static final List<Choice> CHOICES =
      List.of(
          new Choice("authorization.mode", "", List.of("AlwaysAllow", "Webhook")),
          new Choice(
              "configMapAndSecretChangeDetectionStrategy", "", List.of("Get", "Cache", "Watch")),
          new Choice("cpuManagerPolicy", "CPUManager", List.of("none", "static")),
          new Choice("memoryManagerPolicy", ReservedMemory.GATE, List.of("None", "Static")),
          new Choice(
              "tlsMinVersion",
              "",
              List.of("VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13")));

  /** A check and the minors it holds for. */
  private record Rule(Versions minors, Consumer<Start> check) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule(Versions.always(), Reservations::check),
          new Rule(Versions.always(), Eviction::check),
          new Rule(Versions.always(), StartRules::choices),
          new Rule(Versions.always(), PolicyOptions::check),
          new Rule(Versions.always(), ReservedMemory::check),
          new Rule(Versions.always(), Sysctls::check),
          new Rule(Versions.always(), StartRules::logs),
          new Rule(Versions.always(), StartRules::userNamespaces),
          new Rule(Versions.always(), Tls::check),
          new Rule(Versions.always(), Listening::check),
          new Rule(Versions.since(27), RuntimeEndpoints::check),
          new Rule(Versions.always(), Cgroups::check),
          new Rule(Versions.always(), StartRules::syncFrequency),
          new Rule(Versions.until(27), StartRules::iptables),
          new Rule(Versions.until(31), StartRules::runOnce),
          new Rule(Versions.always(), Shutdown::check));

  private StartRules() {}

  /** Everything a kubelet of this version stumbles over when it starts on that node. */
  public static List<Precondition> check(
      Map<String, ? extends @Nullable Object> effective, KubeletVersion version, NodeFacts node) {
    Start start = new Start(effective, version, node);
    for (Rule rule : RULES) {
      if (rule.minors().include(version)) {
        rule.check().accept(start);
      }
    }
    return start.found();
  }

  private static void choices(Start start) {
    for (Choice choice : CHOICES) {
      if (start.value(choice.field().split("\\.", -1)) instanceof String given
          && !choice.allowed().contains(given)
          && !start.isOff(choice.gate())) {
        start.exits(
            choice.field(),
            Words.quoted(given) + " is not one of " + Checks.choice(choice.allowed()),
            Checks.near(given, choice.allowed()));
      }
    }
  }

  /** {@code NewContainerLogManager} and {@code parseMaxSize} in the kubelet, 1.25 to 1.36. */
  private static void logs(Start start) {
    String field = "containerLogMaxSize";
    if (start.value(field) instanceof String size && Quantity.asInt64(size).isEmpty()) {
      Quantity.parse(size)
          .ifPresentOrElse(
              quantity ->
                  start.exits(field, Amounts.unlikeBytes(size), Amounts.likeBytes(quantity)),
              () -> start.exits(field, Words.quoted(size) + " is no amount of bytes"));
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

  /** {@code NewMainKubelet}, 1.25 to 1.36; none at all is a default. */
  private static void syncFrequency(Start start) {
    String frequency = start.text("syncFrequency");
    GoDuration.parse(frequency)
        .ifPresent(nanos -> {
          if (nanos < 0) {
            start.exits("syncFrequency", frequency + " is negative, and must be above 0s");
          }
        });
  }

  /** {@code NewMainKubelet}, up to 1.27; later kubelets do not look at these marks. */
  private static void iptables(Start start) {
    if (start.isOn("makeIPTablesUtilChains")
        && start.value("iptablesMasqueradeBit") instanceof Number masquerade
        && start.value("iptablesDropBit") instanceof Number drop
        && masquerade.longValue() == drop.longValue()) {
      start.exits(
          "iptablesDropBit", drop + " is iptablesMasqueradeBit too, and the two must differ");
    }
  }

  /** {@code RunKubelet}, up to 1.31; later the validation refuses it. */
  private static void runOnce(Start start) {
    if (start.isOn("runOnce")) {
      start.exits("runOnce", "with it the kubelet runs its static pods once and is done");
    }
  }
}
