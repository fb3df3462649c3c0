package dev.retune.api;

import dev.retune.api.schema.Description;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields of the assigned config that do not have the effect they seem to have. */
@Description("Fields of the assigned config that do not have the effect they seem to have.")
public record FieldsStatus(
    @Description("Fields that a command-line flag overrides.") List<ShadowedField> shadowed,
    @Description("Fields that this node's kubelet does not have.") List<String> unsupported) {

  public static final FieldsStatus NONE = new FieldsStatus(List.of(), List.of());

  public FieldsStatus {
    shadowed = List.copyOf(shadowed);
    unsupported = List.copyOf(unsupported);
  }

  static FieldsStatus fromTree(Map<String, @Nullable Object> tree) {
    return new FieldsStatus(
        Fields.objects(tree, "shadowed").stream().map(ShadowedField::fromTree).toList(),
        Fields.strings(tree, "unsupported"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    if (!shadowed.isEmpty()) {
      tree.put("shadowed", shadowed.stream().map(ShadowedField::toTree).toList());
    }
    if (!unsupported.isEmpty()) {
      tree.put("unsupported", unsupported);
    }
    return tree;
  }
}
