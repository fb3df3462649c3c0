package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.MaxLength;
import dev.retune.api.schema.Required;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node that does not do what the rollout wants, and why. */
@Description("A node that does not do what the rollout wants.")
public record NodeTrouble(
    @Description("Name of the node.") @Required @MaxLength(253) String node,
    @Description("Why, as one CamelCase word.") @MaxLength(1024) String reason,
    @Description("Why, with the kubelet's own words.") @MaxLength(32768) String message) {

  static NodeTrouble fromTree(Map<String, @Nullable Object> tree) {
    return new NodeTrouble(
        Fields.string(tree, "node"), Fields.string(tree, "reason"), Fields.string(tree, "message"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("node", node);
    tree.put("reason", reason);
    tree.put("message", message);
    return tree;
  }
}
