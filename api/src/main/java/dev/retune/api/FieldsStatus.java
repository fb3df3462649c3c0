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
        List<FieldSource> sources,
    @Description("Fields that somebody has changed on the node since the kubelet was started.")
        List<DriftedField> drifted) {

  public static final FieldsStatus NONE =
      new FieldsStatus(List.of(), List.of(), List.of(), List.of());

  public FieldsStatus {
    sources = List.copyOf(sources);
    shadowed = List.copyOf(shadowed);
    unsupported = List.copyOf(unsupported);
    drifted = List.copyOf(drifted);
  }

  static FieldsStatus fromTree(Map<String, @Nullable Object> tree) {
    return new FieldsStatus(
        Fields.objects(tree, "shadowed").stream().map(ShadowedField::fromTree).toList(),
        Fields.strings(tree, "unsupported"),
        Fields.objects(tree, "sources").stream().map(FieldSource::fromTree).toList(),
        Fields.objects(tree, "drifted").stream().map(DriftedField::fromTree).toList());
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
    if (!drifted.isEmpty()) {
      tree.put("drifted", drifted.stream().map(DriftedField::toTree).toList());
    }
    return tree;
  }
}
