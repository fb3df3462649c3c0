package dev.retune.api;

import dev.retune.api.schema.Default;
import dev.retune.api.schema.Description;
import dev.retune.api.schema.MaxItems;
import dev.retune.api.schema.Minimum;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a rollout goes over its nodes (ROLL-1 to ROLL-3). */
@Description("How the nodes are gone over.")
public record RolloutStrategy(
    @Description("The nodes that go first; the next one waits for their whole trial.")
        Canary canary,
    @Description(
            "How many nodes may be on their way at once, those that were ill before included."
                + " Rounds down, at least 1.")
        @Default("10%")
        IntOrPercent maxUnavailable,
    @Description(
            "How many nodes may have been touched when each wave ends; the next one starts when"
                + " all of them are well. None: one wave of all nodes.")
        @MaxItems(32)
        List<IntOrPercent> waves,
    @Description("How many nodes may fail. One more stops the rollout.") @Default("0") @Minimum(0)
        long maxFailures,
    @Description("Pause: no further node is touched. Revert: changed nodes go back as well.")
        @Default("Pause")
        OnFailure onFailure,
    @Description("In which order; nodes of the control plane come last, one at a time.")
        @Default("Zone")
        RolloutOrder order,
    @Description("For how many seconds a node must have been well to make room for another.")
        @Default("10")
        @Minimum(0)
        long minReadySeconds,
    Optional<RolloutWindow> window) {

  /** What holds for a rollout that says nothing. */
  public static final RolloutStrategy DEFAULT =
      new RolloutStrategy(
          Canary.ONE,
          IntOrPercent.percent(10),
          List.of(),
          0,
          OnFailure.Pause,
          RolloutOrder.Zone,
          10,
          Optional.empty());

  public RolloutStrategy {
    waves = List.copyOf(waves);
  }

  static RolloutStrategy fromTree(Map<String, @Nullable Object> tree) {
    return new RolloutStrategy(
        Fields.object(tree, "canary").map(Canary::fromTree).orElse(DEFAULT.canary),
        Optional.ofNullable(tree.get("maxUnavailable"))
            .map(IntOrPercent::fromTree)
            .orElse(DEFAULT.maxUnavailable),
        Fields.values(tree, "waves").stream().map(IntOrPercent::fromTree).toList(),
        Fields.number(tree, "maxFailures"),
        Fields.enumValue(OnFailure.class, tree, "onFailure", DEFAULT.onFailure),
        Fields.enumValue(RolloutOrder.class, tree, "order", DEFAULT.order),
        tree.containsKey("minReadySeconds")
            ? Fields.number(tree, "minReadySeconds")
            : DEFAULT.minReadySeconds,
        Fields.object(tree, "window").map(RolloutWindow::fromTree));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("canary", canary.toTree());
    tree.put("maxUnavailable", maxUnavailable.toTree());
    if (!waves.isEmpty()) {
      tree.put("waves", waves.stream().map(IntOrPercent::toTree).toList());
    }
    tree.put("maxFailures", maxFailures);
    tree.put("onFailure", onFailure.name());
    tree.put("order", order.name());
    tree.put("minReadySeconds", minReadySeconds);
    window.ifPresent(open -> tree.put("window", open.toTree()));
    return tree;
  }
}
