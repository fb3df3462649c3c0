package dev.retune.sandbox.node;

import dev.retune.kube.Json;
import dev.retune.kube.JsonFormatException;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint files of the CPU and the memory manager. A kubelet writes the policy it runs into
 * them, and one that finds another policy there does not start (Kubernetes 1.36, {@code
 * state_checkpoint.go}).
 */
final class ManagerState {

  private final Path rootDirectory;
  private final int cpus;

  ManagerState(Path rootDirectory, int cpus) {
    this.rootDirectory = rootDirectory;
    this.cpus = cpus;
  }

  /** Compares the files with the policies of {@code config}; writes those that are not there. */
  void restore(Map<String, @Nullable Object> config) throws KubeletFailure {
    String cpuPolicy = Tree.string(config, "cpuManagerPolicy").orElse("none");
    String set = cpuPolicy.equals("static") ? cpus == 1 ? "0" : "0-" + (cpus - 1) : "";
    checkpoint(
        "cpu_manager_state",
        cpuPolicy,
        "start cpu manager error: ",
        "CPU manager",
        Tree.object(
            "policyName",
            cpuPolicy,
            "defaultCpuSet",
            set,
            "checksum",
            checksum(
                "(*state.CPUManagerCheckpoint){PolicyName:(string)%s DefaultCPUSet:(string)%s Entries:(map[string]map[string]string)map[] Checksum:(checksum.Checksum)0}"
                    .formatted(cpuPolicy, set))));
    String memoryPolicy = Tree.string(config, "memoryManagerPolicy").orElse("None");
    checkpoint(
        "memory_manager_state",
        memoryPolicy,
        "start memory manager error: [memorymanager] ",
        "memory manager",
        Tree.object(
            "policyName",
            memoryPolicy,
            "machineState",
            Map.of(),
            "entries",
            Map.of(),
            "checksum",
            checksum(
                "(*state.MemoryManagerCheckpoint){PolicyName:(string)%s MachineState:(state.NUMANodeMap)map[] Entries:(state.ContainerMemoryAssignments)map[] Checksum:(checksum.Checksum)0}"
                    .formatted(memoryPolicy))));
  }

  private void checkpoint(
      String name,
      String policy,
      String prefix,
      String manager,
      Map<String, @Nullable Object> fresh)
      throws KubeletFailure {
    Path file = rootDirectory.resolve(name);
    try {
      if (!Files.exists(file)) {
        Path draft = rootDirectory.resolve("." + name);
        Files.write(draft, Json.write(fresh));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        return;
      }
      String saved =
          Tree.string(Json.parseObject(Files.readAllBytes(file)), "policyName").orElse("");
      if (!saved.equals(policy)) {
        throw new KubeletFailure(
            ("%scould not restore state from checkpoint: configured policy \"%s\" differs from state checkpoint policy \"%s\","
                    + " please drain this node and delete the %s checkpoint file \"%s\" before restarting Kubelet")
                .formatted(prefix, policy, saved, manager, file));
      }
    } catch (JsonFormatException e) {
      throw new KubeletFailure(
          ("%scould not restore state from checkpoint: checkpoint is corrupted,"
                  + " please drain this node and delete the %s checkpoint file \"%s\" before restarting Kubelet")
              .formatted(prefix, manager, file));
    } catch (IOException e) {
      throw new KubeletFailure(prefix + ConfigLoading.openFailure(file, e));
    }
  }

  /** The kubelet's checksum: FNV-1a over the Go dump of the checkpoint with a checksum of 0. */
  private static long checksum(String dump) {
    int hash = 0x811c9dc5;
    for (byte octet : dump.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xff)) * 0x01000193;
    }
    return Integer.toUnsignedLong(hash);
  }
}
