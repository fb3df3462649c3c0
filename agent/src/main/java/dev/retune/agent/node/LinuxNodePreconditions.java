package dev.retune.agent.node;

import dev.retune.kube.Tree;
import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Host;
import dev.retune.kubelet.NodeFacts;
import dev.retune.kubelet.RelativePaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a Linux node must have for a kubelet to start with a config, although the config itself is
 * valid. Each check stands for a way in which real kubelets were seen to die at their start.
 *
 * @param root the node's file system: {@code /}
 */
public record LinuxNodePreconditions(Path root) implements NodePreconditions {

  /** Fields that name a file which the kubelet reads when it starts. */
  private static final List<List<String>> FILES =
      List.of(
          List.of("authentication", "x509", "clientCAFile"),
          List.of("tlsCertFile"),
          List.of("tlsPrivateKeyFile"),
          List.of("resolvConf"));

  @Override
  public List<Complaint> unmet(Map<String, @Nullable Object> effective) {
    var complaints = new ArrayList<Complaint>();
    for (String field : RelativePaths.of(effective)) {
      complaints.add(
          complaint(
              field,
              "it is a relative path, which would be looked up beside the checkpoint; write an"
                  + " absolute one"));
    }
    for (List<String> field : FILES) {
      text(effective, field.toArray(String[]::new))
          .ifPresent(file -> checkFile(String.join(".", field), file, complaints));
    }
    checkSwap(effective, complaints);
    checkRuntime(effective, complaints);
    return complaints;
  }

  /** Only cgroup v2 has the file; without it nothing is assumed. */
  @Override
  public Host cgroupVersion() {
    return Files.exists(at("/sys/fs/cgroup/cgroup.controllers")) ? Host.CGROUP_V2 : Host.UNKNOWN;
  }

  /** Memory and processors as the kubelet counts them, NUMA nodes and cgroups. */
  @Override
  public NodeFacts facts() {
    return new MachineFacts(root).read().withHost(cgroupVersion());
  }

  private void checkFile(String field, String file, List<Complaint> complaints) {
    if (file.startsWith("/") && !Files.isReadable(at(file))) {
      complaints.add(complaint(field, "file " + file + " does not exist on this node"));
    }
  }

  /** A kubelet with {@code failSwapOn} does not start while swap is on. */
  private void checkSwap(Map<String, @Nullable Object> effective, List<Complaint> complaints) {
    if (!Boolean.TRUE.equals(effective.get("failSwapOn"))) {
      return;
    }
    try {
      if (Files.readAllLines(at("/proc/swaps")).size() > 1) {
        complaints.add(
            complaint("failSwapOn", "swap is on; turn it off or set failSwapOn to false"));
      }
    } catch (IOException noSuchFile) {
      // A kernel without swap has no such file: then there is none.
      return;
    }
  }

  private void checkRuntime(Map<String, @Nullable Object> effective, List<Complaint> complaints) {
    text(effective, "containerRuntimeEndpoint")
        .filter(endpoint -> endpoint.startsWith("unix://"))
        .map(endpoint -> endpoint.substring("unix://".length()))
        .filter(socket -> !Files.exists(at(socket)))
        .filter(socket -> !isDefault(socket))
        .ifPresent(socket ->
            complaints.add(
                complaint(
                    "containerRuntimeEndpoint",
                    "socket " + socket + " does not exist on this node")));
  }

  /**
   * The default endpoint stands in every config after defaulting, and a kubelet that gets another
   * one by a flag never looks at it.
   */
  private static boolean isDefault(String socket) {
    return socket.equals("/run/containerd/containerd.sock");
  }

  private Path at(String absolute) {
    return root.resolve(Path.of("/").relativize(Path.of(absolute)));
  }

  private static Optional<String> text(Map<String, @Nullable Object> tree, String... path) {
    return Tree.string(tree, path).filter(value -> !value.isEmpty());
  }

  private static Complaint complaint(String field, String message) {
    return new Complaint(field, message, 0, 0);
  }
}
