package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.MaxLength;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A field that somebody has changed on the node since the kubelet was started: at its next start it
 * is another one.
 *
 * @param desired what the kubelet was started with, as one line: text as it is, everything else as
 *     JSON; empty when the field was not set
 * @param actual what the node's files say now; empty when they do not set the field any more
 * @param source the file and line, or the flag with both, of the actual value
 */
@Description("A field that somebody has changed on the node since the kubelet was started.")
public record DriftedField(
    @Description("Path of the field.") @MaxLength(1024) String field,
    @Description("What the kubelet was started with.") @MaxLength(4096) String desired,
    @Description("What the node's files say now.") @MaxLength(4096) String actual,
    @Description("What says so, and where that is written.") @MaxLength(4096) String source) {

  static DriftedField fromTree(Map<String, @Nullable Object> tree) {
    return new DriftedField(
        Fields.string(tree, "field"),
        Fields.string(tree, "desired"),
        Fields.string(tree, "actual"),
        Fields.string(tree, "source"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    Fields.put(tree, "field", field);
    Fields.put(tree, "desired", desired);
    Fields.put(tree, "actual", actual);
    Fields.put(tree, "source", source);
    return tree;
  }
}
