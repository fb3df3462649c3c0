package dev.retune.api;

import dev.retune.api.schema.Description;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields that are not simply what the assigned config says. */
@Description("Fields that are not simply what the assigned config says.")
public record FieldsStatus(
    @Description("Fields of the config that a flag or a drop-in overrides.")
        List<ShadowedField> shadowed,
    @Description("Fields that this node's kubelet does not have.") List<String> unsupported,
    @Description("Fields that a flag, a drop-in or a setting of the node decides.")
        List<FieldSource> sources) {

  public static final FieldsStatus NONE = new FieldsStatus(List.of(), List.of());

  /** Nothing is told about other sources. */
  public FieldsStatus(List<ShadowedField> shadowed, List<String> unsupported) {
    this(shadowed, unsupported, List.of());
  }

  public FieldsStatus {
    sources = List.copyOf(sources);
    shadowed = List.copyOf(shadowed);
    unsupported = List.copyOf(unsupported);
  }

  static FieldsStatus fromTree(Map<String, @Nullable Object> tree) {
    return new FieldsStatus(
        Fields.objects(tree, "shadowed").stream().map(ShadowedField::fromTree).toList(),
        Fields.strings(tree, "unsupported"),
        Fields.objects(tree, "sources").stream().map(FieldSource::fromTree).toList());
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    if (!shadowed.isEmpty()) {
      tree.put("shadowed", shadowed.stream().map(ShadowedField::toTree).toList());
    }
    if (!unsupported.isEmpty()) {
      tree.put("unsupported", unsupported);
    }
    if (!sources.isEmpty()) {
      tree.put("sources", sources.stream().map(FieldSource::toTree).toList());
    }
    return tree;
  }
}
