package dev.retune.api;

import dev.retune.api.schema.Default;
import dev.retune.api.schema.Description;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The nodes that go first, and how long they are watched. */
@Description("The nodes that go first.")
public record Canary(
    @Description("How many. 0: none; the first wave is the first to be touched.") @Default("1")
        IntOrPercent nodes,
    @Description(
            "How long after the trial of the last of them the next node may start. A Go duration.")
        @Default("0s")
        Duration soak) {

  /** One node, and no time beyond its trial. */
  public static final Canary ONE = new Canary(IntOrPercent.nodes(1), Duration.ZERO);

  static Canary fromTree(Map<String, @Nullable Object> tree) {
    var soak = Fields.string(tree, "soak");
    return new Canary(
        Optional.ofNullable(tree.get("nodes")).map(IntOrPercent::fromTree).orElse(ONE.nodes),
        soak.isEmpty() ? ONE.soak : GoDuration.parse(soak));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("nodes", nodes.toTree());
    tree.put("soak", GoDuration.format(soak));
    return tree;
  }
}
