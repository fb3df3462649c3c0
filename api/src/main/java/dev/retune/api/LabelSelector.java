package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.MaxItems;
import dev.retune.api.schema.MaxLength;
import dev.retune.api.schema.Required;
import dev.retune.api.schema.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Chooses objects by their labels; metav1.LabelSelector. An empty one chooses all. */
@Description(
    "Chooses nodes by their labels, as everywhere in Kubernetes. An empty one chooses all.")
public record LabelSelector(
    @Description("Labels that a node must have.") @MaxItems(64) Map<String, String> matchLabels,
    @Description("What else must hold of a node's labels.") @MaxItems(64)
        List<Requirement> matchExpressions) {

  /** Chooses every object. */
  public static final LabelSelector ALL = new LabelSelector(Map.of(), List.of());

  /** How a label is looked at. */
  public enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist
  }

  /** One requirement; metav1.LabelSelectorRequirement. */
  @Rule(
      value =
          "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0"
              + " : !has(self.values) || size(self.values) == 0",
      message = "values must be given with In and NotIn, and only with them",
      fieldPath = ".values")
  public record Requirement(
      @Description("The label.") @Required @MaxLength(317) String key,
      @Description("How the label is looked at.") @Required Operator operator,
      @Description("What In and NotIn compare with.") @MaxItems(256) List<String> values) {
    public Requirement {
      values = List.copyOf(values);
    }

    boolean matches(Map<String, String> labels) {
      var value = Optional.ofNullable(labels.get(key));
      return switch (operator) {
        case In -> value.filter(values::contains).isPresent();
        // As in Kubernetes: a node without the label is not in.
        case NotIn -> value.filter(values::contains).isEmpty();
        case Exists -> value.isPresent();
        case DoesNotExist -> value.isEmpty();
      };
    }
  }

  public LabelSelector {
    matchLabels = Map.copyOf(matchLabels);
    matchExpressions = List.copyOf(matchExpressions);
  }

  /** Whether an object with these labels is chosen. */
  public boolean matches(Map<String, String> labels) {
    return labels.entrySet().containsAll(matchLabels.entrySet())
        && matchExpressions.stream().allMatch(requirement -> requirement.matches(labels));
  }

  static LabelSelector fromTree(Map<String, @Nullable Object> tree) {
    var labels = new LinkedHashMap<String, String>();
    Fields.object(tree, "matchLabels")
        .orElse(Map.of())
        .forEach((key, value) -> {
          if (value instanceof String text) {
            labels.put(key, text);
          }
        });
    return new LabelSelector(
        labels,
        Fields.objects(tree, "matchExpressions").stream().map(LabelSelector::requirement).toList());
  }

  private static Requirement requirement(Map<String, @Nullable Object> tree) {
    String operator = Fields.string(tree, "operator");
    return new Requirement(
        Fields.string(tree, "key"),
        Fields.enumValue(Operator.class, tree, "operator")
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "operator \""
                        + operator
                        + "\" of matchExpressions is none of In, NotIn, Exists and"
                        + " DoesNotExist")),
        Fields.strings(tree, "values"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    if (!matchLabels.isEmpty()) {
      tree.put("matchLabels", new TreeMap<>(matchLabels));
    }
    if (!matchExpressions.isEmpty()) {
      var expressions = new ArrayList<Map<String, @Nullable Object>>();
      matchExpressions.forEach(requirement -> expressions.add(tree(requirement)));
      tree.put("matchExpressions", expressions);
    }
    return tree;
  }

  private static Map<String, @Nullable Object> tree(Requirement requirement) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("key", requirement.key());
    tree.put("operator", requirement.operator().name());
    if (!requirement.values().isEmpty()) {
      tree.put("values", requirement.values());
    }
    return tree;
  }
}
