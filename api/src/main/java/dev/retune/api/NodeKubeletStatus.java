package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.Format;
import dev.retune.api.schema.ListMapKey;
import dev.retune.api.schema.MaxLength;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the agent on the node saw and did. Only the agent writes it. */
@Description("What the agent on the node saw and did.")
public record NodeKubeletStatus(
    @Description("Assigned, active and last known good config.") NodeConfigStatus config,
    @Description("One word for where the node stands.") Optional<Phase> phase,
    Optional<TrialStatus> trial,
    @Description("SHA-256 of the config that the kubelet runs.") @MaxLength(128)
        String effectiveConfigHash,
    @Description("Version of the kubelet binary on the node.") @MaxLength(256)
        String kubeletVersion,
    @Description("When the running kubelet was started.") @Format("date-time")
        Optional<Instant> kubeletStartTime,
    @Description("How often the agent has restarted the kubelet, ever.") long restartCount,
    @Description("The spec generation that the agent acted on last.") long observedGeneration,
    FieldsStatus fields,
    @Description("Synced, ConfigValid, KubeletHealthy and LastKnownGoodUpToDate.")
        @ListMapKey("type")
        List<Condition> conditions) {

  /** The status of an object that no agent has seen. */
  public static final NodeKubeletStatus UNKNOWN =
      new NodeKubeletStatus(
          NodeConfigStatus.LOCAL,
          Optional.empty(),
          Optional.empty(),
          "",
          "",
          Optional.empty(),
          0,
          0,
          FieldsStatus.NONE,
          List.of());

  public NodeKubeletStatus {
    conditions = List.copyOf(conditions);
  }

  /** The condition of that type, if it was ever reported. */
  public Optional<Condition> condition(String type) {
    return conditions.stream().filter(condition -> condition.type().equals(type)).findFirst();
  }

  /** Reads a status; what is missing or of the wrong type reads as unset. */
  public static NodeKubeletStatus fromTree(Map<String, @Nullable Object> tree) {
    return new NodeKubeletStatus(
        Fields.object(tree, "config")
            .map(NodeConfigStatus::fromTree)
            .orElse(NodeConfigStatus.LOCAL),
        Fields.enumValue(Phase.class, tree, "phase"),
        Fields.object(tree, "trial").map(TrialStatus::fromTree),
        Fields.string(tree, "effectiveConfigHash"),
        Fields.string(tree, "kubeletVersion"),
        Fields.time(tree, "kubeletStartTime"),
        Fields.number(tree, "restartCount"),
        Fields.number(tree, "observedGeneration"),
        Fields.object(tree, "fields").map(FieldsStatus::fromTree).orElse(FieldsStatus.NONE),
        Fields.objects(tree, "conditions").stream().map(Condition::fromTree).toList());
  }

  public Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("config", config.toTree());
    phase.ifPresent(value -> tree.put("phase", value.name()));
    trial.ifPresent(value -> tree.put("trial", value.toTree()));
    Fields.put(tree, "effectiveConfigHash", effectiveConfigHash);
    Fields.put(tree, "kubeletVersion", kubeletVersion);
    kubeletStartTime.ifPresent(time -> tree.put("kubeletStartTime", Fields.text(time)));
    tree.put("restartCount", restartCount);
    tree.put("observedGeneration", observedGeneration);
    if (!fields.equals(FieldsStatus.NONE)) {
      tree.put("fields", fields.toTree());
    }
    tree.put("conditions", conditions.stream().map(Condition::toTree).toList());
    return tree;
  }
}
