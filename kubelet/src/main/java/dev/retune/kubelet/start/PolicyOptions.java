package dev.retune.kubelet.start;

import dev.retune.kubelet.facts.Gate.Stage;
import dev.retune.kubelet.rules.Versions;
import dev.retune.kubelet.value.GoBool;
import dev.retune.kubelet.value.Words;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of the CPU manager's and the topology manager's policies, with the minors in which
 * they came and went from stage to stage, and what the static CPU policy needs.
 */
final class PolicyOptions {

  /** An option from a minor on; a later entry of the same name takes the place of an earlier. */
  private record Option(String name, int since, Stage stage) {}

  private static final List<Option> CPU =
      List.of(
          new Option("full-pcpus-only", 23, Stage.BETA),
          new Option("full-pcpus-only", 33, Stage.GA),
          new Option("distribute-cpus-across-numa", 23, Stage.ALPHA),
          new Option("distribute-cpus-across-numa", 33, Stage.BETA),
          new Option("align-by-socket", 25, Stage.ALPHA),
          new Option("distribute-cpus-across-cores", 31, Stage.ALPHA),
          new Option("strict-cpu-reservation", 32, Stage.ALPHA),
          new Option("strict-cpu-reservation", 33, Stage.BETA),
          new Option("strict-cpu-reservation", 35, Stage.GA),
          new Option("prefer-align-cpus-by-uncorecache", 32, Stage.ALPHA),
          new Option("prefer-align-cpus-by-uncorecache", 34, Stage.BETA),
          new Option("prefer-align-cpus-by-uncorecache", 36, Stage.GA));

  private static final List<Option> TOPOLOGY =
      List.of(
          new Option("prefer-closest-numa-nodes", 26, Stage.ALPHA),
          new Option("prefer-closest-numa-nodes", 28, Stage.BETA),
          new Option("prefer-closest-numa-nodes", 32, Stage.GA),
          new Option("max-allowable-numa-nodes", 31, Stage.BETA),
          new Option("max-allowable-numa-nodes", 35, Stage.GA));

  /** Two options of the static CPU policy that cannot both be on, from a minor on. */
  private record Exclusion(String one, String other, Versions minors) {}

  private static final List<Exclusion> EXCLUSIONS =
      List.of(
          new Exclusion("full-pcpus-only", "distribute-cpus-across-cores", Versions.since(31)),
          new Exclusion(
              "distribute-cpus-across-numa", "distribute-cpus-across-cores", Versions.since(31)),
          new Exclusion(
              "prefer-align-cpus-by-uncorecache",
              "distribute-cpus-across-cores",
              Versions.since(32)),
          new Exclusion(
              "prefer-align-cpus-by-uncorecache",
              "distribute-cpus-across-numa",
              Versions.since(32)));

  /** Since then the topology manager's policy "none" does without options altogether. */
  private static final Versions NONE_UNREAD = Versions.since(28);

  private static final String MAX_NODES = "max-allowable-numa-nodes";

  /** As many NUMA nodes as the topology manager takes by default; the option allows more. */
  private static final int DEFAULT_MAX_NODES = 8;

  private PolicyOptions() {}

  static void check(Start start) {
    cpu(start);
    topology(start);
  }

  /**
   * {@code run}, {@code cpumanager.NewManager} and {@code NewStaticPolicyOptions} in the kubelet;
   * the manager as a whole can be switched off in 1.25 only.
   */
  private static void cpu(Start start) {
    String field = "cpuManagerPolicyOptions";
    Map<String, String> options = start.map(field);
    String policy = start.text("cpuManagerPolicy");
    if (start.isOff("CPUManager")) {
      return;
    }
    if (!options.isEmpty() && start.isOff("CPUManagerPolicyOptions")) {
      start.exits(field, "needs the feature gate CPUManagerPolicyOptions, which is off here");
      return;
    }
    if (policy.equals("none") && !options.isEmpty()) {
      start.exits(field, "the policy \"none\" has no options; set cpuManagerPolicy to \"static\"");
    }
    if (!policy.equals("static")) {
      return;
    }
    if (start
            .reserved("systemReserved", "cpu")
            .add(start.reserved("kubeReserved", "cpu"))
            .compareTo(BigDecimal.ZERO)
        <= 0) {
      start.exits(
          "cpuManagerPolicy",
          "\"static\" needs CPU kept for the system; set systemReserved[cpu], kubeReserved[cpu]"
              + " or reservedSystemCPUs");
    }
    options(start, field, "CPUManagerPolicy", CPU);
    exclusions(start, field, options);
    if (isTrue(options.get("align-by-socket"))
        && start.text("topologyManagerPolicy").equals("single-numa-node")) {
      start.exits(
          Start.path(field, "align-by-socket"),
          "cannot be combined with topologyManagerPolicy \"single-numa-node\"");
    }
  }

  private static void exclusions(Start start, String field, Map<String, String> options) {
    for (Exclusion exclusion : EXCLUSIONS) {
      if (exclusion.minors().include(start.version())
          && isTrue(options.get(exclusion.one()))
          && isTrue(options.get(exclusion.other()))) {
        start.exits(
            Start.path(field, exclusion.one()),
            "cannot be combined with " + Words.quoted(exclusion.other()));
      }
    }
  }

  /**
   * {@code run} and {@code topologymanager.NewManager} in the kubelet; the manager as a whole can
   * be switched off in 1.25 and 1.26 only.
   */
  private static void topology(Start start) {
    String field = "topologyManagerPolicyOptions";
    if (start.map(field).isEmpty()) {
      return;
    }
    if (start.isOff("TopologyManager")) {
      start.noEffect(field, "needs the feature gate TopologyManager, which is off here");
    } else if (start.isOff("TopologyManagerPolicyOptions")) {
      start.exits(field, "needs the feature gate TopologyManagerPolicyOptions, which is off here");
    } else if (NONE_UNREAD.include(start.version())
        && start.text("topologyManagerPolicy").equals("none")) {
      start.noEffect(field, "the policy \"none\" has no options; set topologyManagerPolicy");
    } else {
      options(start, field, "TopologyManagerPolicy", TOPOLOGY);
    }
  }

  private static void options(Start start, String field, String gates, List<Option> table) {
    List<String> names =
        table.stream()
            .filter(option -> option.since() <= start.version().minor())
            .map(Option::name)
            .distinct()
            .toList();
    start
        .map(field)
        .forEach((name, value) -> {
          String path = Start.path(field, name);
          Optional<Option> option =
              table.stream()
                  .filter(candidate -> candidate.name().equals(name))
                  .filter(candidate -> candidate.since() <= start.version().minor())
                  .reduce((earlier, later) -> later);
          if (option.isEmpty()) {
            start.exits(
                path,
                "kubelet " + start.version() + " has no such option",
                Words.didYouMean(name, names));
            return;
          }
          String gate = gate(gates, option.get().stage());
          if (!gate.isEmpty() && start.isOff(gate)) {
            start.exits(path, "needs the feature gate " + gate + ", which is off here");
          } else if (name.equals(MAX_NODES) ? !isNodeCount(value) : GoBool.parse(value).isEmpty()) {
            start.exits(
                path,
                Words.quoted(value)
                    + " is not "
                    + (name.equals(MAX_NODES)
                        ? "a whole number of " + DEFAULT_MAX_NODES + " or more"
                        : "\"true\" or \"false\""));
          }
        });
  }

  private static String gate(String gates, Stage stage) {
    return switch (stage) {
      case ALPHA -> gates + "AlphaOptions";
      case BETA -> gates + "BetaOptions";
      case GA, DEPRECATED -> "";
    };
  }

  private static boolean isNodeCount(String value) {
    return value.matches("\\+?[0-9]{1,18}") && Long.parseLong(value) >= DEFAULT_MAX_NODES;
  }

  private static boolean isTrue(@Nullable String value) {
    return value != null && GoBool.parse(value).orElse(false);
  }
}
