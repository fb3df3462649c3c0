package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.Format;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trial under way. */
@Description("The trial of the active config, while one is under way.")
public record TrialStatus(
    @Description("When the kubelet was proven to run the config.") @Format("date-time")
        Instant startedAt,
    @Description(
            "When the trial ends if the kubelet stays healthy. It moves when health is not"
                + " observed.")
        @Format("date-time")
        Instant endsAt) {

  static TrialStatus fromTree(Map<String, @Nullable Object> tree) {
    return new TrialStatus(
        Fields.time(tree, "startedAt").orElse(Instant.EPOCH),
        Fields.time(tree, "endsAt").orElse(Instant.EPOCH));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("startedAt", Fields.text(startedAt));
    tree.put("endsAt", Fields.text(endsAt));
    return tree;
  }
}
