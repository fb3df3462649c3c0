package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.MaxLength;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which config a node should use, uses, and would fall back to; the shape of core/v1 {@code
 * NodeConfigStatus}. An absent source is the local config.
 */
@Description("Which config the node should use, uses, and would fall back to.")
public record NodeConfigStatus(
    @Description("The config the node should use, resolved to one exact version.")
        Optional<NodeConfigSource> assigned,
    @Description("The config the running kubelet was started with. Absent: its local config.")
        Optional<NodeConfigSource> active,
    @Description("The config to fall back to. Absent: the local config.")
        Optional<NodeConfigSource> lastKnownGood,
    @Description("What is wrong with the assigned config; one of a few fixed texts.")
        @MaxLength(1024)
        String error) {

  /** Nothing assigned, everything local. */
  public static final NodeConfigStatus LOCAL =
      new NodeConfigStatus(Optional.empty(), Optional.empty(), Optional.empty(), "");

  static NodeConfigStatus fromTree(Map<String, @Nullable Object> tree) {
    return new NodeConfigStatus(
        Fields.object(tree, "assigned").map(NodeConfigSource::fromTree),
        Fields.object(tree, "active").map(NodeConfigSource::fromTree),
        Fields.object(tree, "lastKnownGood").map(NodeConfigSource::fromTree),
        Fields.string(tree, "error"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    assigned.ifPresent(source -> tree.put("assigned", source.toTree()));
    active.ifPresent(source -> tree.put("active", source.toTree()));
    lastKnownGood.ifPresent(source -> tree.put("lastKnownGood", source.toTree()));
    Fields.put(tree, "error", error);
    return tree;
  }
}
