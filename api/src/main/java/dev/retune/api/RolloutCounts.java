package dev.retune.api;

import dev.retune.api.schema.Description;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many of the chosen nodes stand where; all but {@code nodes} and {@code updated} add up. */
@Description("How many of the chosen nodes stand where.")
public record RolloutCounts(
    @Description("Nodes that are chosen.") long nodes,
    @Description("Nodes that were told to run the config.") long updated,
    @Description("Nodes that wait for their turn.") long pending,
    @Description("Nodes on their way: not proven yet, or not well for long enough.") long changing,
    @Description("Nodes that run the config on trial.") long trial,
    @Description("Nodes with the config as their last known good one.") long good,
    @Description("Nodes on which the config failed or was refused.") long failed,
    @Description("Nodes that were ill before; they are not touched.") long unhealthy,
    @Description("Nodes without an agent; nobody waits for them.") long unmanaged,
    @Description("Nodes that an older rollout holds.") long conflicting) {

  /** Of a rollout that nobody looked at. */
  public static final RolloutCounts NONE = new RolloutCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  static RolloutCounts fromTree(Map<String, @Nullable Object> tree) {
    return new RolloutCounts(
        Fields.number(tree, "nodes"),
        Fields.number(tree, "updated"),
        Fields.number(tree, "pending"),
        Fields.number(tree, "changing"),
        Fields.number(tree, "trial"),
        Fields.number(tree, "good"),
        Fields.number(tree, "failed"),
        Fields.number(tree, "unhealthy"),
        Fields.number(tree, "unmanaged"),
        Fields.number(tree, "conflicting"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("nodes", nodes);
    tree.put("updated", updated);
    tree.put("pending", pending);
    tree.put("changing", changing);
    tree.put("trial", trial);
    tree.put("good", good);
    tree.put("failed", failed);
    tree.put("unhealthy", unhealthy);
    tree.put("unmanaged", unmanaged);
    tree.put("conflicting", conflicting);
    return tree;
  }
}
