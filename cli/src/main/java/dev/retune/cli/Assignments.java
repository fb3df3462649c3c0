package dev.retune.cli;

import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletSpec;
import dev.retune.api.RetuneApi;
import dev.retune.kube.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes what nodes should run, and says per node what became of it. */
final class Assignments {
  private final Cluster cluster;
  private final Console console;
  private final DryRun dryRun;

  Assignments(Cluster cluster, Console console, DryRun dryRun) {
    this.cluster = cluster;
    this.console = console;
    this.dryRun = dryRun;
  }

  /** Creates the node's NodeKubelet, owned by the node, or changes the one there is. */
  NodeKubelet assign(Map<String, @Nullable Object> node, UnaryOperator<NodeKubeletSpec> edit) {
    var name = NodeSelection.name(node);
    var path = RetuneApi.nodeKubeletPath(name);
    var what = "NodeKubelet " + name;
    var existing = cluster.find(path, what);
    if (existing.isEmpty()) {
      var object = NodeKubelet.of(name, edit.apply(NodeKubeletSpec.LOCAL)).toTree();
      Tree.put(object, List.of(owner(node)), "metadata", "ownerReferences");
      return written(
          dryRun == DryRun.client
              ? object
              : cluster.create(RetuneApi.NODE_KUBELETS_PATH + dryRun.query(), object, what),
          "assigned");
    }
    var before = NodeKubelet.fromTree(existing.get()).spec();
    if (edit.apply(before).equals(before)) {
      return written(existing.get(), "unchanged");
    }
    UnaryOperator<Map<String, @Nullable Object>> change = tree -> changed(tree, node, edit);
    return written(
        dryRun == DryRun.client
            ? change.apply(existing.get())
            : cluster.modify(path + dryRun.query(), what, change),
        edit.apply(before).configSource().isPresent() ? "assigned" : "reset");
  }

  /** Takes the assignment away; nothing to do on a node that has none. */
  NodeKubelet reset(Map<String, @Nullable Object> node) {
    var name = NodeSelection.name(node);
    if (cluster.find(RetuneApi.nodeKubeletPath(name), "NodeKubelet " + name).isEmpty()) {
      console.out().println("nodekubelet/" + name + " unchanged: nothing is assigned");
      return NodeKubelet.of(name, NodeKubeletSpec.LOCAL);
    }
    return assign(
        node,
        spec ->
            new NodeKubeletSpec(
                java.util.Optional.empty(),
                spec.composition(),
                spec.trialDuration(),
                spec.onInvalid()));
  }

  /** Annotates the node's NodeKubelet; nothing to do on a node that has none. */
  void annotate(
      Map<String, @Nullable Object> node, String annotation, String value, String outcome) {
    var name = NodeSelection.name(node);
    var path = RetuneApi.nodeKubeletPath(name);
    var what = "NodeKubelet " + name;
    var existing = cluster.find(path, what);
    if (existing.isEmpty()) {
      console.out().println("nodekubelet/" + name + " unchanged: nothing is assigned");
      return;
    }
    UnaryOperator<Map<String, @Nullable Object>> change =
        tree -> {
          var copy = Tree.copy(tree);
          var annotations =
              new LinkedHashMap<String, @Nullable Object>(
                  Tree.map(tree, "metadata", "annotations"));
          annotations.put(annotation, value);
          Tree.put(copy, annotations, "metadata", "annotations");
          return copy;
        };
    written(
        dryRun == DryRun.client
            ? change.apply(existing.get())
            : cluster.modify(path + dryRun.query(), what, change),
        outcome);
  }

  private static Map<String, @Nullable Object> changed(
      Map<String, @Nullable Object> tree,
      Map<String, @Nullable Object> node,
      UnaryOperator<NodeKubeletSpec> edit) {
    var copy = Tree.copy(tree);
    copy.put("spec", edit.apply(NodeKubelet.fromTree(tree).spec()).toTree());
    if (Tree.list(copy, "metadata", "ownerReferences").isEmpty()) {
      Tree.put(copy, List.of(owner(node)), "metadata", "ownerReferences");
    }
    return copy;
  }

  private static Map<String, @Nullable Object> owner(Map<String, @Nullable Object> node) {
    var owner = new LinkedHashMap<String, @Nullable Object>();
    owner.put("apiVersion", "v1");
    owner.put("kind", "Node");
    owner.put("name", NodeSelection.name(node));
    owner.put("uid", Tree.string(node, "metadata", "uid").orElse(""));
    return owner;
  }

  private NodeKubelet written(Map<String, @Nullable Object> tree, String outcome) {
    var written = NodeKubelet.fromTree(tree);
    console.out().println("nodekubelet/" + written.name() + " " + outcome + dryRun.suffix());
    return written;
  }
}
