package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.Format;
import dev.retune.api.schema.MaxLength;
import dev.retune.api.schema.Required;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A condition in the shape of KEP-1623 (metav1.Condition). */
@Description("A condition in the shape of metav1.Condition.")
public record Condition(
    @Description("Name of the condition.") @Required @MaxLength(316) String type,
    @Description("True, False or Unknown.") @Required Status status,
    @Description("The spec generation that was seen when the condition was last evaluated.")
        long observedGeneration,
    @Description("When the status last changed.") @Required @Format("date-time")
        Instant lastTransitionTime,
    @Description("Why, as one CamelCase word for programs.") @Required @MaxLength(1024)
        String reason,
    @Description("Why, with the evidence, for people.") @Required @MaxLength(32768)
        String message) {

  /** The assignment's content is on the node. */
  public static final String SYNCED = "Synced";

  /** The assigned config was judged acceptable for this node's kubelet. */
  public static final String CONFIG_VALID = "ConfigValid";

  /** The kubelet is up and healthy with the active config. */
  public static final String KUBELET_HEALTHY = "KubeletHealthy";

  /** The assigned config is the last known good one. */
  public static final String LAST_KNOWN_GOOD_UP_TO_DATE = "LastKnownGoodUpToDate";

  /** metav1.ConditionStatus. */
  public enum Status {
    True,
    False,
    Unknown
  }

  static Condition fromTree(Map<String, @Nullable Object> tree) {
    return new Condition(
        Fields.string(tree, "type"),
        Fields.enumValue(Status.class, tree, "status", Status.Unknown),
        Fields.number(tree, "observedGeneration"),
        Fields.time(tree, "lastTransitionTime").orElse(Instant.EPOCH),
        Fields.string(tree, "reason"),
        Fields.string(tree, "message"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("type", type);
    tree.put("status", status.name());
    tree.put("observedGeneration", observedGeneration);
    tree.put("lastTransitionTime", Fields.text(lastTransitionTime));
    tree.put("reason", reason);
    tree.put("message", message);
    return tree;
  }
}
