package dev.retune.kubelet.start;

import dev.retune.kubelet.value.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which state files of the kubelet's resource managers do not go with a change of its configuration
 * (AGENT-18). Read from the kubelets 1.25 to 1.36:
 *
 * <ul>
 *   <li>Both files name the policy they were written under, and another one is refused ({@code
 *       restoreState} in {@code pkg/kubelet/cm/cpumanager/state/state_checkpoint.go} and its twin
 *       below {@code memorymanager}).
 *   <li>With the static CPU policy the CPUs kept back must be in the file's default set, or with
 *       {@code strict-cpu-reservation} out of it ({@code validateState} in {@code
 *       cpumanager/policy_static.go}). They are {@code reservedSystemCPUs}, or else as many as
 *       {@code systemReserved} and {@code kubeReserved} come to, rounded up ({@code NewManager} in
 *       {@code cpu_manager.go}; {@code reservedSystemCPUs} replaces those two in {@code
 *       cmd/kubelet/app/server.go}).
 *   <li>With the static memory policy the amounts per NUMA node in the file must be those of {@code
 *       reservedMemory} ({@code areMachineStatesEqual} in {@code memorymanager/policy_static.go}).
 *       {@code systemReserved}, {@code kubeReserved} and {@code evictionHard} are only held against
 *       their sum, before the file is looked at ({@code validateReservedMemory}).
 *   <li>The gate {@code PodLevelResourceManagers} (1.36) writes both files in a newer form, which a
 *       kubelet without it cannot read.
 * </ul>
 *
 * <p>{@code dra_manager_state} ({@code cm/dra/manager.go}) holds claims and nothing of the
 * configuration, and the topology manager has no file.
 */
public final class StateFiles {

  private static final String NEWER_FORM = "PodLevelResourceManagers";

  private StateFiles() {}

  /**
   * The files that were written under the first configuration and that a kubelet with the second
   * one would not start with, or would read with another meaning.
   *
   * @param before as in {@link dev.retune.kubelet.Judgement#effective()}
   * @param after the same
   */
  public static Set<StateFile> affected(
      Map<String, ? extends @Nullable Object> before,
      Map<String, ? extends @Nullable Object> after) {
    Set<StateFile> affected = EnumSet.noneOf(StateFile.class);
    boolean olderForm = hasNewerForm(before) && !hasNewerForm(after);
    if (olderForm || !cpuManager(before).equals(cpuManager(after))) {
      affected.add(StateFile.CPU_MANAGER);
    }
    if (olderForm || !memoryManager(before).equals(memoryManager(after))) {
      affected.add(StateFile.MEMORY_MANAGER);
    }
    return affected;
  }

  private static boolean hasNewerForm(Map<String, ?> config) {
    return Boolean.TRUE.equals(map(config, "featureGates").get(NEWER_FORM));
  }

  /** What the CPU manager's file depends on; without the static policy only the policy's name. */
  private static List<Object> cpuManager(Map<String, ?> config) {
    String policy = text(config, "cpuManagerPolicy", "none");
    return policy.equals("static")
        ? List.of(policy, map(config, "cpuManagerPolicyOptions"), reservedCpus(config))
        : List.of(policy);
  }

  private static Object reservedCpus(Map<String, ?> config) {
    Optional<CpuList> named = CpuList.parse(text(config, CpuList.FIELD, ""));
    if (named.isPresent()) {
      return named.get();
    }
    return amount(map(config, "systemReserved").get("cpu"))
        .add(amount(map(config, "kubeReserved").get("cpu")))
        .setScale(0, RoundingMode.CEILING);
  }

  /** What the memory manager's file depends on; without the static policy only its name. */
  private static List<Object> memoryManager(Map<String, ?> config) {
    String policy = text(config, "memoryManagerPolicy", "None");
    return policy.equals("Static")
        ? List.of(policy, reservedMemory(config.get("reservedMemory")))
        : List.of(policy);
  }

  /** Amounts by NUMA node and type; a type that is not named is an amount of zero. */
  private static Map<String, BigDecimal> reservedMemory(@Nullable Object reservations) {
    Map<String, BigDecimal> amounts = new TreeMap<>();
    if (reservations instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> reservation
            && reservation.get("limits") instanceof Map<?, ?> limits) {
          limits.forEach((type, amount) ->
              amounts.put(
                  reservation.get("numaNode") + "/" + type, amount(amount).stripTrailingZeros()));
        }
      }
    }
    amounts.values().removeIf(amount -> amount.signum() == 0);
    return amounts;
  }

  private static BigDecimal amount(@Nullable Object text) {
    return Quantity.parse(Objects.toString(text, "0"))
        .map(Quantity::amount)
        .orElse(BigDecimal.ZERO);
  }

  private static Map<?, ?> map(Map<String, ?> config, String field) {
    return config.get(field) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(Map<String, ?> config, String field, String fallback) {
    return config.get(field) instanceof String text && !text.isEmpty() ? text : fallback;
  }
}
