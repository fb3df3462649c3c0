package dev.retune.agent.core;

import dev.retune.api.Composition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.OnInvalid;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The API server: one NodeKubelet, its status, and ConfigMaps. */
public final class SimulatedCluster {
  private record ConfigMap(String uid, String version, Map<String, String> data) {}

  private final Map<String, ConfigMap> configMaps = new LinkedHashMap<>();
  private long version = 1000;
  private long generation;
  private Optional<Assignment> spec = Optional.empty();
  private OnInvalid onInvalid = OnInvalid.KeepActive;
  private Duration trial = Duration.ofMinutes(1);
  private String retry = "";

  /** Whether it answers. */
  public boolean reachable = true;

  /** What was reported last. */
  public NodeKubeletStatus status = NodeKubeletStatus.UNKNOWN;

  public Optional<Assignment> spec() {
    return spec;
  }

  public void onInvalid(OnInvalid value) {
    onInvalid = value;
  }

  public void trial(Duration value) {
    trial = value;
    spec.ifPresent(known -> spec(known.source(), known.named(), known.composition()));
  }

  public void assign(String configMap, String key) {
    spec(Optional.of(reference(configMap, key)), true, Composition.Replace);
  }

  public void overlay(String configMap) {
    spec(Optional.of(reference(configMap, "kubelet")), true, Composition.Overlay);
  }

  /** {@code kubectl retune retry}. */
  public void retry() {
    retry += "again ";
    spec.ifPresent(known -> spec(known.source(), known.named(), known.composition()));
  }

  public void reset() {
    spec(Optional.empty(), false, Composition.Replace);
  }

  /** A configSource without a subfield, as a schema that is not enforced would let through. */
  public void assignNothing() {
    spec(Optional.empty(), true, Composition.Replace);
  }

  private void spec(
      Optional<ConfigMapNodeConfigSource> source, boolean named, Composition composition) {
    spec =
        Optional.of(
            new Assignment(source, named, composition, trial, onInvalid, ++generation, retry));
  }

  public static ConfigMapNodeConfigSource reference(String configMap, String key) {
    return ConfigMapNodeConfigSource.reference("kube-system", configMap, key);
  }

  /** Creates the ConfigMap, or sets one key of it. */
  public void put(String name, String key, String text) {
    var known = configMaps.get(name);
    var data = new LinkedHashMap<String, String>();
    if (known != null) {
      data.putAll(known.data());
    }
    data.put(key, text);
    version++;
    configMaps.put(
        name,
        new ConfigMap(
            known == null ? "uid-" + version : known.uid(), String.valueOf(version), data));
  }

  public void delete(String name) {
    configMaps.remove(name);
  }

  /** Touches what is not a document: a label, an annotation. */
  public void label(String name) {
    configMaps.computeIfPresent(
        name, (_, known) -> new ConfigMap(known.uid(), String.valueOf(++version), known.data()));
  }

  public Payload payload(ConfigMapNodeConfigSource reference) {
    var found = configMaps.get(reference.name());
    return found == null
        ? new Payload.Unavailable(
            "ConfigMap kube-system/" + reference.name() + " does not exist", true)
        : new Payload.Found(
            found.uid(),
            found.version(),
            Optional.ofNullable(found.data().get(reference.kubeletConfigKey())).map(Document::of));
  }

  /** The text that is assigned; empty when that is the local config or cannot be had. */
  public Optional<String> assignedText() {
    return spec.flatMap(Assignment::source)
        .map(this::payload)
        .flatMap(payload ->
            payload instanceof Payload.Found(_, _, var document)
                ? document.map(Document::text)
                : Optional.empty());
  }

  /** uid and resourceVersion of a ConfigMap, as a status shows them. */
  public ConfigMapNodeConfigSource source(String name, String key) {
    var found = configMaps.get(name);
    if (found == null) {
      throw new IllegalArgumentException(name);
    }
    return reference(name, key).resolved(found.uid(), found.version());
  }
}
