package dev.retune.cli;

import dev.retune.api.Composition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.FieldSource;
import dev.retune.api.FieldsStatus;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubelet;
import dev.retune.api.RetuneApi;
import dev.retune.api.ShadowedField;
import dev.retune.kube.Tree;
import dev.retune.kubelet.Defaults;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Source;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.effective.EffectiveConfig;
import dev.retune.kubelet.effective.Setting;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.value.Leaf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node's kubelet runs with, as it can be told from afar: the kubelet's own answer where it
 * may be asked, else what its config, as the cluster has it, comes to.
 *
 * @param version the version whose facts are used
 * @param notLive why the kubelet itself was not asked; empty when it was
 * @param values the fields in the kubelet's order
 */
record NodeFields(String node, KubeletVersion version, String notLive, List<Value> values) {

  /**
   * One field.
   *
   * @param value as a plain JSON tree
   * @param source where the kubelet takes it from
   * @param withoutEffect what the assigned config says instead, with the reason; empty when it says
   *     the same, or nothing
   */
  record Value(
      String field,
      @Nullable Object value,
      String source,
      String withoutEffect,
      boolean isDefault) {

    Map<String, @Nullable Object> toTree() {
      return Tree.object(
          "field", field, "value", value, "source", source, "withoutEffect", withoutEffect);
    }
  }

  static NodeFields read(Cluster cluster, String node) {
    var tree = cluster.get(Cluster.nodePath(node), "node " + node);
    var version = KubeletOptions.version(tree, node).judgedAs();
    var kubelet = kubelet(cluster, node);
    var document = document(cluster, kubelet);
    Optional<Map<String, @Nullable Object>> live;
    var why = "";
    try {
      live = Optional.of(ConfigCommand.liveConfig(cluster, node));
    } catch (Failure refused) {
      live = Optional.empty();
      why = String.valueOf(refused.getMessage());
    }
    return new NodeFields(
        node, version, why, new Reading(version, kubelet, document, live).values());
  }

  /** The value of a field, or all that are below it. */
  List<Value> below(String field) {
    return values.stream().filter(value -> isWithin(value.field(), field)).toList();
  }

  private static boolean isWithin(String path, String field) {
    return path.startsWith(field)
        && (path.length() == field.length() || ".[".indexOf(path.charAt(field.length())) >= 0);
  }

  /** A cluster without Retune's kinds has nothing to tell here. */
  private static Optional<NodeKubelet> kubelet(Cluster cluster, String node) {
    try {
      return cluster
          .find(RetuneApi.nodeKubeletPath(node), "NodeKubelet " + node)
          .map(NodeKubelet::fromTree);
    } catch (Failure withoutRetune) {
      return Optional.empty();
    }
  }

  /** The document that the kubelet was started with, when the cluster still has it. */
  private static Optional<TextFile> document(Cluster cluster, Optional<NodeKubelet> kubelet) {
    var active =
        kubelet
            .flatMap(object -> object.status().config().active())
            .flatMap(NodeConfigSource::configMap);
    try {
      return active.flatMap(source ->
          cluster
              .find(
                  Cluster.configMapsPath(source.namespace()) + "/" + Cluster.encode(source.name()),
                  "ConfigMap " + source.name())
              .flatMap(map -> Tree.string(map, "data", source.kubeletConfigKey()))
              .map(text -> new TextFile(name(source), text)));
    } catch (Failure mayNotBeRead) {
      return Optional.empty();
    }
  }

  private static String name(ConfigMapNodeConfigSource source) {
    return "ConfigMap "
        + source.namespace()
        + "/"
        + source.name()
        + ", key "
        + source.kubeletConfigKey();
  }

  /** Puts together what the kubelet, the agent and the cluster say. */
  private static final class Reading {
    private final Facts facts;
    private final FieldsStatus status;
    private final boolean active;
    private final boolean whole;
    private final Optional<TextFile> file;
    private final Optional<EffectiveConfig> document;
    private final Optional<Map<String, @Nullable Object>> live;
    private final Map<String, @Nullable Object> defaults;

    Reading(
        KubeletVersion version,
        Optional<NodeKubelet> kubelet,
        Optional<TextFile> file,
        Optional<Map<String, @Nullable Object>> live) {
      this.facts = Facts.of(version);
      this.status = kubelet.map(object -> object.status().fields()).orElse(FieldsStatus.NONE);
      this.active = kubelet.flatMap(object -> object.status().config().active()).isPresent();
      this.whole =
          kubelet.map(object -> object.spec().composition()).orElse(Composition.Replace)
              == Composition.Replace;
      this.file = file;
      this.document =
          file.map(text -> EffectiveConfig.of(Optional.of(text), List.of(), Target.of(version)));
      this.live = live;
      this.defaults = Defaults.of(version);
    }

    List<Value> values() {
      Map<String, @Nullable Object> tree =
          live.or(() -> document.filter(_ -> whole).map(config -> config.judgement().effective()))
              .orElse(Map.of());
      var values = new ArrayList<Value>();
      for (Leaf leaf : Leaf.of((Node.Mapping) Node.ofTree(tree), facts.root())) {
        values.add(value(leaf, Leaf.at(tree, leaf.steps())));
      }
      if (tree.isEmpty()) {
        status
            .sources()
            .forEach(source ->
                values.add(new Value(source.field(), source.value(), source.source(), "", false)));
      }
      return List.copyOf(values);
    }

    private Value value(Leaf leaf, @Nullable Object found) {
      Optional<FieldSource> told =
          status.sources().stream().filter(s -> isWithin(leaf.path(), s.field())).findFirst();
      // Computed from the document alone, a value is not what a flag or a drop-in makes of it.
      Object value =
          live.isEmpty() && told.isPresent() && told.get().field().equals(leaf.path())
              ? told.get().value()
              : found;
      boolean isDefault = Objects.equals(value, Leaf.at(defaults, leaf.steps()));
      Optional<Setting> written =
          document
              .flatMap(config -> config.setting(leaf.path()))
              .filter(setting -> setting.source() instanceof Source.File);
      boolean same = written.isPresent() && Objects.equals(written.get().value(), value);
      String source =
          told.map(FieldSource::source)
              .orElseGet(() ->
                  same
                      ? line(written.get())
                      : isDefault ? "default of " + facts.version() : "the node's " + elsewhere());
      return new Value(
          leaf.path(),
          value,
          source,
          written.isPresent() && !same ? withoutEffect(leaf, written.get()) : "",
          isDefault);
    }

    /** The agent told of no source, so it is a file that only the node has. */
    private String elsewhere() {
      return active && whole ? "own files" : "local config";
    }

    private String withoutEffect(Leaf leaf, Setting written) {
      var by =
          status.shadowed().stream()
              .filter(shadowed -> isWithin(leaf.path(), shadowed.field()))
              .map(Reading::by)
              .findFirst()
              .orElse("");
      return Changes.value(written.value()) + " of " + line(written) + by;
    }

    private static String by(ShadowedField shadowed) {
      return ", because of " + shadowed.by() + " in " + shadowed.source();
    }

    private String line(Setting written) {
      int line = written.source() instanceof Source.File(var origin) ? origin.line() : 0;
      return file.map(TextFile::name).orElse("") + (line > 0 ? ", line " + line : "");
    }
  }
}
