package dev.retune.api;

import dev.retune.api.schema.Column;
import dev.retune.api.schema.Description;
import dev.retune.api.schema.Resource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kubelet of one node: named like the Node and owned by it.
 *
 * @param name name of this object and of its Node
 * @param uid uid that the API server gave it; empty before that
 * @param resourceVersion version it was read at; empty when it was not read from a server
 * @param retry value of the annotation {@link RetuneApi#RETRY_ANNOTATION}; a new value asks for
 *     another try of what failed (AGENT-14); empty when there is none
 * @param generation counts changes of the spec; 0 when it was not read from a server
 */
@Resource(
    plural = RetuneApi.NODE_KUBELET_PLURAL,
    singular = "nodekubelet",
    shortNames = "nk",
    description = "The kubelet of one node: the config it should run, and what became of it.")
@Column(name = "Phase", jsonPath = ".status.phase", description = "Where the node stands")
@Column(
    name = "Assigned",
    jsonPath = ".status.config.assigned.configMap.name",
    description = "ConfigMap the node should use; none is the local config")
@Column(
    name = "Active",
    jsonPath = ".status.config.active.configMap.name",
    description = "ConfigMap the kubelet runs; none is the local config")
@Column(
    name = "Last-Known-Good",
    jsonPath = ".status.config.lastKnownGood.configMap.name",
    description = "ConfigMap to fall back to; none is the local config")
@Column(name = "Trial", jsonPath = ".status.trial.endsAt", description = "When the trial ends")
@Column(
    name = "Error",
    jsonPath = ".status.config.error",
    description = "What is wrong with the assigned config",
    wide = true)
@Column(
    name = "Kubelet",
    jsonPath = ".status.kubeletVersion",
    description = "Version of the kubelet binary on the node",
    wide = true)
@Column(
    name = "Age",
    type = "date",
    jsonPath = ".metadata.creationTimestamp",
    description = "Time since the object was created")
public record NodeKubelet(
    String name,
    String uid,
    String resourceVersion,
    String retry,
    long generation,
    @Description("What the node's kubelet should run.") NodeKubeletSpec spec,
    NodeKubeletStatus status) {

  /** A new object as a client would create it. */
  public static NodeKubelet of(String node, NodeKubeletSpec spec) {
    return new NodeKubelet(node, "", "", "", 0, spec, NodeKubeletStatus.UNKNOWN);
  }

  /**
   * Reads an object as an API server serves it.
   *
   * @throws IllegalArgumentException when the spec is outside of what the CRD allows
   */
  public static NodeKubelet fromTree(Map<String, @Nullable Object> tree) {
    var metadata = Fields.object(tree, "metadata").orElse(Map.of());
    return new NodeKubelet(
        Fields.string(metadata, "name"),
        Fields.string(metadata, "uid"),
        Fields.string(metadata, "resourceVersion"),
        Fields.object(metadata, "annotations")
            .map(annotations -> Fields.string(annotations, RetuneApi.RETRY_ANNOTATION))
            .orElse(""),
        Fields.number(metadata, "generation"),
        Fields.object(tree, "spec").map(NodeKubeletSpec::fromTree).orElse(NodeKubeletSpec.LOCAL),
        Fields.object(tree, "status")
            .map(NodeKubeletStatus::fromTree)
            .orElse(NodeKubeletStatus.UNKNOWN));
  }

  /** The object as a client sends it to create it: name and spec. */
  public Map<String, @Nullable Object> toTree() {
    var metadata = new LinkedHashMap<String, @Nullable Object>();
    metadata.put("name", name);
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("apiVersion", RetuneApi.API_VERSION);
    tree.put("kind", RetuneApi.NODE_KUBELET_KIND);
    tree.put("metadata", metadata);
    tree.put("spec", spec.toTree());
    return tree;
  }
}
