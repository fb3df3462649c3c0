package dev.retune.api;

import dev.retune.api.schema.Default;
import dev.retune.api.schema.Description;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a person or a rollout wants one node's kubelet to run. */
@Description("What the node's kubelet should run.")
public record NodeKubeletSpec(
    @Description("Where the config comes from. Absent: the kubelet's local config.")
        Optional<NodeConfigSource> configSource,
    @Description(
            "Replace: the document is the whole config. Overlay: it is merged over the local"
                + " config.")
        @Default("Replace")
        Composition composition,
    @Description(
            "How long the kubelet must be seen healthy with a new config before that becomes the"
                + " last known good one. A Go duration such as 10m or 1h30m.")
        @Default("10m")
        Duration trialDuration,
    @Description(
            "What the kubelet runs when the assigned config is refused. KeepActive: what it runs"
                + " now, without a restart. LastKnownGood: the last known good config.")
        @Default("KeepActive")
        OnInvalid onInvalid) {

  /** The default of {@code trialDuration}. */
  public static final Duration DEFAULT_TRIAL = Duration.ofMinutes(10);

  /** A spec that assigns nothing. */
  public static final NodeKubeletSpec LOCAL =
      new NodeKubeletSpec(
          Optional.empty(), Composition.Replace, DEFAULT_TRIAL, OnInvalid.KeepActive);

  /**
   * Reads a spec as an API server serves it.
   *
   * @throws IllegalArgumentException when a value is outside of what the CRD allows
   */
  public static NodeKubeletSpec fromTree(Map<String, @Nullable Object> tree) {
    var trial = Fields.string(tree, "trialDuration");
    return new NodeKubeletSpec(
        Fields.object(tree, "configSource").map(NodeConfigSource::fromTree),
        Fields.enumValue(Composition.class, tree, "composition", Composition.Replace),
        trial.isEmpty() ? DEFAULT_TRIAL : GoDuration.parse(trial),
        Fields.enumValue(OnInvalid.class, tree, "onInvalid", OnInvalid.KeepActive));
  }

  public Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    configSource.ifPresent(source -> tree.put("configSource", source.toTree()));
    tree.put("composition", composition.name());
    tree.put("trialDuration", GoDuration.format(trialDuration));
    tree.put("onInvalid", onInvalid.name());
    return tree;
  }
}
