package dev.retune.cli;

import dev.retune.kube.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which nodes: by name, or by label. */
final class NodeSelection {
  @Parameters(arity = "0..*", paramLabel = "NODE", description = "Names of nodes.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "LABELS",
      description = "Nodes with these labels, like pool=batch,zone!=a.")
  private @Nullable String selector;

  Optional<String> selector() {
    return Optional.ofNullable(selector);
  }

  /** The names given, each once; {@code node/node-1} is kubectl's way to write {@code node-1}. */
  List<String> names() {
    return names.stream().map(name -> name.replaceFirst("^nodes?/", "")).distinct().toList();
  }

  /**
   * The Node objects that are meant; each exists.
   *
   * @throws Failure when none is, or one does not exist
   */
  List<Map<String, @Nullable Object>> nodes(Cluster cluster) {
    if (names.isEmpty() == (selector == null)) {
      throw Failure.usage(
          names.isEmpty() ? "no NODE given" : "NODE and --selector exclude each other",
          "name nodes, or select them by label: -l pool=batch");
    }
    if (selector != null) {
      var nodes = selected(cluster, selector);
      if (nodes.isEmpty()) {
        throw Failure.of(
            "no node has the labels " + selector,
            "kubectl get nodes --show-labels shows what there is");
      }
      return nodes;
    }
    return names().stream().map(name -> node(cluster, name)).toList();
  }

  static List<Map<String, @Nullable Object>> selected(Cluster cluster, String selector) {
    var query = selector.isEmpty() ? "" : "?labelSelector=" + Cluster.encode(selector);
    return cluster.list("/api/v1/nodes" + query, "nodes");
  }

  private static Map<String, @Nullable Object> node(Cluster cluster, String name) {
    return cluster
        .find(Cluster.nodePath(name), "node " + name)
        .orElseThrow(
            () -> Failure.of("there is no node \"" + name + "\"", "kubectl get nodes lists them"));
  }

  static String name(Map<String, @Nullable Object> object) {
    return Tree.string(object, "metadata", "name").orElse("");
  }
}
