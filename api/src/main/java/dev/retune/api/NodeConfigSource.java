package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.Rule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a node's kubelet config comes from; core/v1 {@code NodeConfigSource}. */
@Description("Where the kubelet config comes from. Exactly one of its fields is set.")
@Rule(value = "has(self.configMap)", message = "exactly one reference subfield must be non-nil")
public record NodeConfigSource(Optional<ConfigMapNodeConfigSource> configMap) {

  public static NodeConfigSource of(ConfigMapNodeConfigSource configMap) {
    return new NodeConfigSource(Optional.of(configMap));
  }

  static NodeConfigSource fromTree(Map<String, @Nullable Object> tree) {
    return new NodeConfigSource(
        Fields.object(tree, "configMap").map(ConfigMapNodeConfigSource::fromTree));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    configMap.ifPresent(source -> tree.put("configMap", source.toTree()));
    return tree;
  }
}
