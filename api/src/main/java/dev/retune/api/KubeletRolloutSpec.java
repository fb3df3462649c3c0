package dev.retune.api;

import dev.retune.api.schema.Default;
import dev.retune.api.schema.Description;
import dev.retune.api.schema.MaxItems;
import dev.retune.api.schema.Required;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which config to bring to which nodes, and how. */
@Description("Which config to bring to which nodes, and how.")
public record KubeletRolloutSpec(
    @Description("The nodes. A node that is chosen later gets the config when it joins.") @Required
        LabelSelector nodeSelector,
    @Description(
            "The config. An edit of the ConfigMap in place never moves the nodes: what it held when"
                + " the rollout began is what they get.")
        @Required
        NodeConfigSource configSource,
    @Description(
            "Replace: the document is the whole config. Overlay: it is merged over the local"
                + " config.")
        @Default("Replace")
        Composition composition,
    @Description("How long each node tries the config. A Go duration such as 10m.") @Default("10m")
        Duration trialDuration,
    RolloutStrategy strategy,
    @Description("When pods are evicted before a kubelet is restarted.") @Default("WhenNeeded")
        DrainPolicy drain,
    @Description(
            "What the change may do to what runs on the nodes. A change that does more is refused,"
                + " with the plan.")
        @MaxItems(5)
        List<DisruptionClass> allow,
    @Description(
            "Whether fields that a node's kubelet version does not have are left out there. Else"
                + " they are a reason to refuse the rollout.")
        @Default("false")
        boolean skipUnsupported,
    @Description("Whether no further node is to be touched for now.") @Default("false")
        boolean paused,
    @Description("After this time every node goes back by itself: for experiments. A Go duration.")
        Optional<Duration> ttl) {

  public KubeletRolloutSpec {
    allow = List.copyOf(allow);
  }

  /** A rollout that says no more than what and where. */
  public static KubeletRolloutSpec of(LabelSelector nodes, NodeConfigSource source) {
    return new KubeletRolloutSpec(
        nodes,
        source,
        Composition.Replace,
        NodeKubeletSpec.DEFAULT_TRIAL,
        RolloutStrategy.DEFAULT,
        DrainPolicy.WhenNeeded,
        List.of(),
        false,
        false,
        Optional.empty());
  }

  /**
   * Reads a spec as an API server serves it.
   *
   * @throws IllegalArgumentException when a value is outside of what the CRD allows
   */
  static KubeletRolloutSpec fromTree(Map<String, @Nullable Object> tree) {
    var trial = Fields.string(tree, "trialDuration");
    var ttl = Fields.string(tree, "ttl");
    return new KubeletRolloutSpec(
        LabelSelector.fromTree(Fields.object(tree, "nodeSelector").orElse(Map.of())),
        NodeConfigSource.fromTree(Fields.object(tree, "configSource").orElse(Map.of())),
        Fields.enumValue(Composition.class, tree, "composition", Composition.Replace),
        trial.isEmpty() ? NodeKubeletSpec.DEFAULT_TRIAL : GoDuration.parse(trial),
        Fields.object(tree, "strategy")
            .map(RolloutStrategy::fromTree)
            .orElse(RolloutStrategy.DEFAULT),
        Fields.enumValue(DrainPolicy.class, tree, "drain", DrainPolicy.WhenNeeded),
        Fields.strings(tree, "allow").stream().map(DisruptionClass::valueOf).toList(),
        Fields.truth(tree, "skipUnsupported"),
        Fields.truth(tree, "paused"),
        ttl.isEmpty() ? Optional.empty() : Optional.of(GoDuration.parse(ttl)));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("nodeSelector", nodeSelector.toTree());
    tree.put("configSource", configSource.toTree());
    tree.put("composition", composition.name());
    tree.put("trialDuration", GoDuration.format(trialDuration));
    tree.put("strategy", strategy.toTree());
    tree.put("drain", drain.name());
    if (!allow.isEmpty()) {
      tree.put("allow", allow.stream().map(DisruptionClass::name).toList());
    }
    tree.put("skipUnsupported", skipUnsupported);
    tree.put("paused", paused);
    ttl.ifPresent(time -> tree.put("ttl", GoDuration.format(time)));
    return tree;
  }
}
