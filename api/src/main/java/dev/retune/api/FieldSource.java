package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.MaxLength;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the kubelet takes a field from that neither the assigned config nor a default decides: a
 * flag, a drop-in, or a setting of the node's own.
 *
 * @param value as one line: text as it is, everything else as JSON
 * @param source as people read it, for example {@code --max-pods=110
 *     (/var/lib/kubelet/kubeadm-flags.env:1)}
 */
@Description("A field that a flag, a drop-in or a setting of the node decides.")
public record FieldSource(
    @Description("Path of the field.") @MaxLength(1024) String field,
    @Description("What the kubelet runs with.") @MaxLength(4096) String value,
    @Description("What sets it, and where that is written.") @MaxLength(4096) String source) {

  static FieldSource fromTree(Map<String, @Nullable Object> tree) {
    return new FieldSource(
        Fields.string(tree, "field"), Fields.string(tree, "value"), Fields.string(tree, "source"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    Fields.put(tree, "field", field);
    Fields.put(tree, "value", value);
    Fields.put(tree, "source", source);
    return tree;
  }
}
