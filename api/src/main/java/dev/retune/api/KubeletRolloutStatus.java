package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.ListMapKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a rollout is. Only the controller writes it. */
@Description("How far the rollout is.")
public record KubeletRolloutStatus(
    @Description("The spec generation that the controller acted on last.") long observedGeneration,
    @Description("One word for where the rollout stands.") Optional<RolloutPhase> phase,
    RolloutCounts counts,
    @Description("Number of the wave under way, from 1; the canary is wave 0.") long wave,
    @Description("Nodes that do not do what they should, the worst first; at most 20.")
        @ListMapKey("node")
        List<NodeTrouble> troubles,
    @Description("Progressing, Paused and Conflict.") @ListMapKey("type")
        List<Condition> conditions) {

  /** The status of a rollout that no controller has seen. */
  public static final KubeletRolloutStatus UNKNOWN =
      new KubeletRolloutStatus(0, Optional.empty(), RolloutCounts.NONE, 0, List.of(), List.of());

  public KubeletRolloutStatus {
    troubles = List.copyOf(troubles);
    conditions = List.copyOf(conditions);
  }

  static KubeletRolloutStatus fromTree(Map<String, @Nullable Object> tree) {
    return new KubeletRolloutStatus(
        Fields.number(tree, "observedGeneration"),
        Fields.enumValue(RolloutPhase.class, tree, "phase"),
        Fields.object(tree, "counts").map(RolloutCounts::fromTree).orElse(RolloutCounts.NONE),
        Fields.number(tree, "wave"),
        Fields.objects(tree, "troubles").stream().map(NodeTrouble::fromTree).toList(),
        Fields.objects(tree, "conditions").stream().map(Condition::fromTree).toList());
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("observedGeneration", observedGeneration);
    phase.ifPresent(value -> tree.put("phase", value.name()));
    tree.put("counts", counts.toTree());
    tree.put("wave", wave);
    if (!troubles.isEmpty()) {
      tree.put("troubles", troubles.stream().map(NodeTrouble::toTree).toList());
    }
    tree.put("conditions", conditions.stream().map(Condition::toTree).toList());
    return tree;
  }
}
