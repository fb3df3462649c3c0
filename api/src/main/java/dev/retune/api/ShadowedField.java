package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.MaxLength;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A field of the config that a flag or a drop-in of the kubelet overrides. */
@Description("A field of the config that a flag or a drop-in overrides.")
public record ShadowedField(
    @Description("Path of the field.") @MaxLength(1024) String field,
    @Description("What wins: drop-in, or the flag, for example --max-pods.") @MaxLength(1024)
        String by,
    @Description("Where that is written.") @MaxLength(4096) String source) {

  static ShadowedField fromTree(Map<String, @Nullable Object> tree) {
    return new ShadowedField(
        Fields.string(tree, "field"), Fields.string(tree, "by"), Fields.string(tree, "source"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    Fields.put(tree, "field", field);
    Fields.put(tree, "by", by);
    Fields.put(tree, "source", source);
    return tree;
  }
}
