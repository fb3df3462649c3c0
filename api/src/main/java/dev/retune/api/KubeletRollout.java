package dev.retune.api;

import dev.retune.api.schema.Column;
import dev.retune.api.schema.Description;
import dev.retune.api.schema.Resource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A config on its way over many nodes.
 *
 * @param uid uid that the API server gave it; empty before that
 * @param resourceVersion version it was read at; empty when it was not read from a server
 * @param generation counts changes of the spec; 0 when it was not read from a server
 * @param createdAt when it was created; the epoch when it was not read from a server
 */
@Resource(
    plural = RetuneApi.KUBELET_ROLLOUT_PLURAL,
    singular = "kubeletrollout",
    shortNames = "kro",
    description = "A kubelet config on its way over many nodes.")
@Column(name = "Phase", jsonPath = ".status.phase", description = "Where the rollout stands")
@Column(
    name = "Config",
    jsonPath = ".spec.configSource.configMap.name",
    description = "ConfigMap that the nodes get")
@Column(
    name = "Nodes",
    type = "integer",
    jsonPath = ".status.counts.nodes",
    description = "Nodes that are chosen")
@Column(
    name = "Updated",
    type = "integer",
    jsonPath = ".status.counts.updated",
    description = "Nodes that were told to run the config")
@Column(
    name = "Good",
    type = "integer",
    jsonPath = ".status.counts.good",
    description = "Nodes with the config as their last known good one")
@Column(
    name = "Failed",
    type = "integer",
    jsonPath = ".status.counts.failed",
    description = "Nodes on which the config failed or was refused")
@Column(
    name = "Wave",
    type = "integer",
    jsonPath = ".status.wave",
    description = "The wave under way; the canary is wave 0",
    wide = true)
@Column(
    name = "Unmanaged",
    type = "integer",
    jsonPath = ".status.counts.unmanaged",
    description = "Nodes without an agent",
    wide = true)
@Column(
    name = "Age",
    type = "date",
    jsonPath = ".metadata.creationTimestamp",
    description = "Time since the object was created")
public record KubeletRollout(
    String name,
    String uid,
    String resourceVersion,
    long generation,
    Instant createdAt,
    @Description("Which config to bring to which nodes, and how.") KubeletRolloutSpec spec,
    KubeletRolloutStatus status) {

  /** A new object as a client would create it. */
  public static KubeletRollout of(String name, KubeletRolloutSpec spec) {
    return new KubeletRollout(name, "", "", 0, Instant.EPOCH, spec, KubeletRolloutStatus.UNKNOWN);
  }

  /**
   * Reads an object as an API server serves it.
   *
   * @throws IllegalArgumentException when the spec is outside of what the CRD allows
   */
  public static KubeletRollout fromTree(Map<String, @Nullable Object> tree) {
    var metadata = Fields.object(tree, "metadata").orElse(Map.of());
    return new KubeletRollout(
        Fields.string(metadata, "name"),
        Fields.string(metadata, "uid"),
        Fields.string(metadata, "resourceVersion"),
        Fields.number(metadata, "generation"),
        Fields.time(metadata, "creationTimestamp").orElse(Instant.EPOCH),
        KubeletRolloutSpec.fromTree(Fields.object(tree, "spec").orElse(Map.of())),
        Fields.object(tree, "status")
            .map(KubeletRolloutStatus::fromTree)
            .orElse(KubeletRolloutStatus.UNKNOWN));
  }

  /** The object as a client sends it to create it: name and spec. */
  public Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("apiVersion", RetuneApi.API_VERSION);
    tree.put("kind", RetuneApi.KUBELET_ROLLOUT_KIND);
    tree.put("metadata", new LinkedHashMap<>(Map.of("name", name)));
    tree.put("spec", spec.toTree());
    return tree;
  }
}
