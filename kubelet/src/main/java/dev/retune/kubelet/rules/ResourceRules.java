package dev.retune.kubelet.rules;

import static dev.retune.kubelet.rules.Checks.choice;
import static dev.retune.kubelet.rules.Checks.near;
import static dev.retune.kubelet.rules.Checks.oneOf;
import static dev.retune.kubelet.rules.Rule.rule;
import static dev.retune.kubelet.rules.Versions.always;
import static dev.retune.kubelet.rules.Versions.since;
import static dev.retune.kubelet.rules.Versions.until;

import dev.retune.kubelet.Host;
import dev.retune.kubelet.rules.Rule.Check;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.Quantity;
import dev.retune.kubelet.value.StructValue;
import dev.retune.kubelet.value.Words;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** CPU, memory, cgroups and what is reserved of them. */
public final class ResourceRules {

  /** What {@link #isIdRange} takes. */
  public static final String ID_RANGE = "a multiple of 65536, from that to 4294967295";

  private static final long IDS = 65536;
  private static final List<String> ENFORCEABLE_1_25 =
      List.of("pods", "system-reserved", "kube-reserved", "none");
  private static final List<String> ENFORCEABLE_1_32 =
      List.of(
          "pods",
          "system-reserved",
          "system-reserved-compressible",
          "kube-reserved",
          "kube-reserved-compressible",
          "none");

  static final List<Rule> RULES =
      List.of(
          rule("systemCgroups", always(), ResourceRules::systemCgroups),
          rule("enforceNodeAllocatable", until(30), ResourceRules::enforcingNeedsQos),
          rule("enforceNodeAllocatable", always(), ResourceRules::enforced),
          rule("enforceNodeAllocatable", since(32), ResourceRules::enforcedOnce),
          rule(
              "topologyManagerPolicy",
              always(),
              oneOf("none", "best-effort", "restricted", "single-numa-node")),
          rule("topologyManagerScope", always(), oneOf("container", "pod")),
          rule("topologyManagerPolicy", until(26), topologyGate("none")),
          rule("topologyManagerScope", until(26), topologyGate("container")),
          rule("reservedSystemCPUs", always(), ResourceRules::reservedCpus),
          rule("reservedMemory", always(), ResourceRules::reservedMemory),
          rule("memorySwap", always(), ResourceRules::swap),
          rule("memoryThrottlingFactor", always(), ResourceRules::throttling),
          rule("memoryReservationPolicy", since(36), ResourceRules::reservationPolicyGate),
          rule("memoryReservationPolicy", since(36), oneOf("None", "TieredReservation")),
          rule("failCgroupV1", since(31), ResourceRules::host));

  private ResourceRules() {}

  private static void systemCgroups(Candidate candidate, String field, Problems out) {
    StructValue config = candidate.config();
    if (!config.string(field).isEmpty() && config.string("cgroupRoot").isEmpty()) {
      out.add(
          field,
          candidate.wants(
              Words.quoted(config.string(field)) + " without cgroupRoot",
              "cgroupRoot to be set as well"));
    }
  }

  /** Until 1.30 the list as a whole needs cgroupsPerQOS; since 1.31 each of its values does. */
  private static void enforcingNeedsQos(Candidate candidate, String field, Problems out) {
    if (!candidate.config().list(field).isEmpty() && !candidate.config().bool("cgroupsPerQOS")) {
      out.add(
          field,
          "cannot be given while cgroupsPerQOS is false; kubelet "
              + candidate.version()
              + " wants an empty list then");
    }
  }

  private static void enforced(Candidate candidate, String field, Problems out) {
    StructValue config = candidate.config();
    List<String> allowed =
        since(32).include(candidate.version()) ? ENFORCEABLE_1_32 : ENFORCEABLE_1_25;
    List<?> given = config.list(field);
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < given.size(); i++) {
      String value = String.valueOf(given.get(i));
      String path = field + "[" + i + "]";
      if (!seen.add(value) && since(31).include(candidate.version())) {
        out.add(
            path,
            Words.quoted(value)
                + " is given twice; kubelet "
                + candidate.version()
                + " refuses that");
        continue;
      }
      if (!allowed.contains(value)) {
        out.add(path, candidate.wants(Words.quoted(value), choice(allowed)) + near(value, allowed));
        continue;
      }
      if (value.equals("none")) {
        if (given.size() > 1) {
          out.add(path, candidate.wants("\"none\" beside others", "it alone"));
        }
        continue;
      }
      if (!value.equals("pods")) {
        String cgroup = value.startsWith("system-") ? "systemReservedCgroup" : "kubeReservedCgroup";
        if (config.string(cgroup).isEmpty()) {
          out.add(
              cgroup,
              "must be set when enforceNodeAllocatable has "
                  + Words.quoted(value)
                  + "; kubelet "
                  + candidate.version()
                  + " wants the name of a cgroup");
        }
      }
      if (since(31).include(candidate.version()) && !config.bool("cgroupsPerQOS")) {
        out.add(
            "cgroupsPerQOS",
            candidate.wants(false, "true while enforceNodeAllocatable has " + Words.quoted(value)));
      }
    }
  }

  /** The two ways to enforce the same reservation exclude each other. */
  private static void enforcedOnce(Candidate candidate, String field, Problems out) {
    List<?> given = candidate.config().list(field);
    for (String name : List.of("system-reserved", "kube-reserved")) {
      String compressible = name + "-compressible";
      if (given.contains(name) && given.contains(compressible)) {
        out.add(
            field,
            candidate.wants(
                Words.quoted(name) + " together with " + Words.quoted(compressible),
                "one of the two"));
      }
    }
  }

  /** Anything but the default needs a gate until it graduated with 1.27. */
  private static Check topologyGate(String fallback) {
    return (candidate, field, out) -> {
      String value = candidate.config().string(field);
      if (!value.equals(fallback) && !candidate.gates().on("TopologyManager")) {
        out.add(field, Words.quoted(value) + " " + candidate.needsGate("TopologyManager"));
      }
    };
  }

  private static void reservedCpus(Candidate candidate, String field, Problems out) {
    StructValue config = candidate.config();
    String cpus = config.string(field);
    if (cpus.isEmpty()) {
      return;
    }
    if (!config.string("systemReservedCgroup").isEmpty()
        || !config.string("kubeReservedCgroup").isEmpty()) {
      out.add(
          field,
          "cannot be given together with systemReservedCgroup or kubeReservedCgroup; kubelet "
              + candidate.version()
              + " wants one of the two ways");
    }
    if (!CpuSet.isValid(cpus)) {
      out.add(field, candidate.wants(Words.quoted(cpus), "a list of CPUs such as \"0-3,8\""));
    }
  }

  private static void reservedMemory(Candidate candidate, String field, Problems out) {
    record Kind(long node, Object resource) {}
    Set<Kind> seen = new HashSet<>();
    List<?> reservations = candidate.config().list(field);
    for (int i = 0; i < reservations.size(); i++) {
      StructValue reservation = (StructValue) reservations.get(i);
      long node = reservation.number("numaNode");
      for (Map.Entry<String, ?> limit : reservation.map("limits").entrySet()) {
        String path = field + "[" + i + "].limits[" + Words.shortened(limit.getKey()) + "]";
        if (!limit.getKey().equals("memory") && !limit.getKey().startsWith("hugepages-")) {
          out.add(
              path,
              candidate.wants(Words.quoted(limit.getKey()), "\"memory\" or \"hugepages-<size>\""));
        }
        if (limit.getValue() instanceof Quantity quantity && quantity.isZero()) {
          out.add(path, candidate.wants(quantity, "more than nothing"));
        }
        if (!seen.add(new Kind(node, limit.getKey()))) {
          out.add(
              path,
              Words.quoted(limit.getKey())
                  + " of NUMA node "
                  + node
                  + " is given twice; kubelet "
                  + candidate.version()
                  + " wants it once");
        }
      }
    }
  }

  private static void swap(Candidate candidate, String field, Problems out) {
    String behavior = candidate.config().struct(field).string("swapBehavior");
    String path = field + ".swapBehavior";
    if (behavior.isEmpty()) {
      return;
    }
    if (!candidate.gates().on("NodeSwap")) {
      out.add(path, candidate.needsGate("NodeSwap"));
      return;
    }
    // UnlimitedSwap went and NoSwap came with 1.30.
    List<String> allowed =
        since(30).include(candidate.version())
            ? List.of("LimitedSwap", "NoSwap")
            : List.of("LimitedSwap", "UnlimitedSwap");
    if (!allowed.contains(behavior)) {
      out.add(
          path, candidate.wants(Words.quoted(behavior), choice(allowed)) + near(behavior, allowed));
    }
  }

  private static void throttling(Candidate candidate, String field, Problems out) {
    if (candidate.config().get(field) instanceof Double factor && !(factor > 0 && factor <= 1)) {
      out.add(field, candidate.wants(factor, "more than 0 and at most 1"));
    }
  }

  private static void reservationPolicyGate(Candidate candidate, String field, Problems out) {
    if (candidate.config().string(field).equals("TieredReservation")
        && !candidate.gates().on("MemoryQoS")) {
      out.add(field, "\"TieredReservation\" " + candidate.needsGate("MemoryQoS"));
    }
  }

  /** What depends on the host's cgroup version; the kubelet stops at the first of these. */
  private static void host(Candidate candidate, String field, Problems out) {
    StructValue config = candidate.config();
    boolean v2 = candidate.host() == Host.CGROUP_V2;
    if (!v2 && config.bool(field)) {
      if (candidate.host() == Host.CGROUP_V1) {
        out.add(field, candidate.wants("true on a host with cgroup v1", "false there"));
      }
      return;
    }
    if (!v2 && Boolean.FALSE.equals(config.get("singleProcessOOMKill"))) {
      out.add(
          "singleProcessOOMKill",
          candidate.wants("false on a host with cgroup v1", "it unset or true there"));
      return;
    }
    if (config.struct("userNamespaces").get("idsPerPod") instanceof Long ids && !isIdRange(ids)) {
      out.add("userNamespaces.idsPerPod", candidate.wants(ids, ID_RANGE));
    }
  }

  /** Whether a number of user IDs per pod is one that the kubelet can map. */
  public static boolean isIdRange(long ids) {
    return ids >= IDS && ids % IDS == 0 && ids <= 0xffff_ffffL;
  }
}
