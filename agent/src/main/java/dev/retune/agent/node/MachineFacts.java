package dev.retune.agent.node;

import dev.retune.kubelet.NodeFacts;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a machine has, from the files that a kubelet's cAdvisor reads: {@code MemTotal} of {@code
 * /proc/meminfo}, the processors that are online, the NUMA nodes.
 *
 * @param root the node's file system: {@code /}
 */
record MachineFacts(Path root) {

  /** Reads them; what is not there or cannot be understood stays unknown. */
  NodeFacts read() {
    var processors = processors();
    var facts = NodeFacts.UNKNOWN.withNumaNodes(numaNodes()).withOnlineCpus(processors);
    Optional<String> memory = memory();
    if (memory.isPresent()) {
      facts = facts.withCapacity("memory", memory.get());
    }
    return processors.isEmpty()
        ? facts
        : facts.withCapacity("cpu", Integer.toString(processors.size()));
  }

  /** {@code MemTotal: 16384 kB}. */
  private Optional<String> memory() {
    return text("proc/meminfo")
        .lines()
        .filter(line -> line.startsWith("MemTotal:"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .filter(digits -> !digits.isEmpty())
        .map(digits -> digits + "Ki")
        .findFirst();
  }

  /** Those of {@code 0-3,6}; none when the file says something else. */
  private Set<Integer> processors() {
    var numbers = new HashSet<Integer>();
    for (String range : text("sys/devices/system/cpu/online").strip().split(",", -1)) {
      String[] ends = range.split("-", -1);
      try {
        int last = Integer.parseInt(ends[ends.length - 1]);
        for (int cpu = Integer.parseInt(ends[0]); cpu <= last; cpu++) {
          numbers.add(cpu);
        }
      } catch (NumberFormatException unexpected) {
        return Set.of();
      }
    }
    return numbers;
  }

  private Set<Integer> numaNodes() {
    var nodes = new HashSet<Integer>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(root.resolve("sys/devices/system/node"), "node[0-9]*")) {
      for (Path node : found) {
        nodes.add(Integer.parseInt(node.getFileName().toString().substring("node".length())));
      }
    } catch (IOException | NumberFormatException unknown) {
      return Set.of();
    }
    return nodes;
  }

  private String text(String file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException unknown) {
      return "";
    }
  }
}
