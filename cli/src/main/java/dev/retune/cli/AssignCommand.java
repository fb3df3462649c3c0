package dev.retune.cli;

import dev.retune.api.Composition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletSpec;
import dev.retune.api.OnInvalid;
import dev.retune.cli.configmap.ConfigMapDraft;
import dev.retune.cli.text.Style;
import dev.retune.kube.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retune assign NODE…}: says what nodes should run. */
@Command(
    name = "assign",
    description = {
      "Assign a pushed config to nodes.",
      "The agent on each node judges it first, restarts the kubelet into it, and goes back by"
          + " itself when the kubelet does not stay healthy."
    },
    footer = {
      "",
      "Examples:",
      "  retune assign node-1 --config-map my-node-config-9mbkccg2cc --wait",
      "  retune assign node-1 node-2 --config-map my-node-config-9mbkccg2cc --trial-duration 1h",
      "  retune assign -l pool=batch --config-map batch-g7h2kfmt4c --composition Overlay",
      "  retune assign node-1 --config-map my-node-config-9mbkccg2cc --dry-run=server",
      "",
      "What is not given stays as it is on a node that already has an assignment."
    })
final class AssignCommand implements Callable<Integer> {
  private final Session session;
  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Mixin private final NodeSelection nodes = new NodeSelection();

  @Mixin private final WaitOptions waiting = new WaitOptions();

  @Mixin private final DryRun.Option dryRun = new DryRun.Option();

  @Option(
      names = {"--config-map", "--configmap"},
      required = true,
      paramLabel = "NAME",
      description = "The ConfigMap, as retune push printed it.")
  private String configMap = "";

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The key in it that holds the config (default: kubelet).")
  private String key = "kubelet";

  @Option(
      names = "--composition",
      paramLabel = "Replace|Overlay",
      description =
          "Replace: it is the whole config. Overlay: it is merged over the node's local config.")
  private @Nullable Composition composition;

  @Option(
      names = "--trial-duration",
      paramLabel = "TIME",
      converter = ClusterOptions.DurationConverter.class,
      description =
          "How long the kubelet must stay healthy before it becomes last known good"
              + " (10m at first).")
  private @Nullable Duration trialDuration;

  @Option(
      names = "--on-invalid",
      paramLabel = "KeepActive|LastKnownGood",
      description = "What to run when the config is refused.")
  private @Nullable OnInvalid onInvalid;

  @Option(names = "--force", description = "Assign it even if the ConfigMap does not exist yet.")
  private boolean force;

  AssignCommand(Session session) {
    this.session = session;
    this.console = session.console();
  }

  @Override
  public Integer call() throws InterruptedException {
    var name =
        configMap.startsWith("configmap/") ? configMap.substring("configmap/".length()) : configMap;
    checkNames(name);
    try (var cluster = Cluster.open(session, this.cluster)) {
      var chosen = nodes.nodes(cluster);
      inspect(cluster, name);
      var source = ConfigMapNodeConfigSource.reference(cluster.namespace(), name, key);
      if (dryRun.mode() == DryRun.none) {
        grant(cluster, name, chosen);
      }
      var assignments = new Assignments(cluster, console, dryRun.mode());
      var written = new ArrayList<NodeKubelet>();
      for (Map<String, @Nullable Object> node : chosen) {
        written.add(assignments.assign(node, spec -> edited(spec, source)));
      }
      return waiting.asked() && dryRun.mode() == DryRun.none
          ? new Following(cluster, console).follow(written, waiting.timeout())
          : ExitCode.DONE;
    }
  }

  private void checkNames(String name) {
    if (!ConfigMapDraft.validName(name)) {
      throw Failure.usage(
          "--config-map " + configMap + ": that is no name of a ConfigMap",
          "kubectl get configmaps -n " + Cluster.DEFAULT_NAMESPACE + " lists them");
    }
    if (!ConfigMapDraft.validKey(key)) {
      throw Failure.usage(
          "--key " + key + ": that cannot be a key of a ConfigMap",
          "use letters, digits, '-', '_' and '.'");
    }
  }

  private NodeKubeletSpec edited(NodeKubeletSpec spec, ConfigMapNodeConfigSource source) {
    return new NodeKubeletSpec(
        Optional.of(NodeConfigSource.of(source)),
        composition == null ? spec.composition() : composition,
        trialDuration == null ? spec.trialDuration() : trialDuration,
        onInvalid == null ? spec.onInvalid() : onInvalid);
  }

  private void inspect(Cluster cluster, String name) {
    var what = "ConfigMap " + cluster.namespace() + "/" + name;
    var found = cluster.find(Cluster.configMapsPath(cluster.namespace()) + "/" + name, what);
    if (found.isEmpty()) {
      if (force) {
        warn(what + " does not exist; the nodes go on as they are until it does");
        return;
      }
      throw Failure.of(
          what + " does not exist",
          "retune push makes one; give -n for another namespace, or --force to assign it anyway");
    }
    var keys = new TreeSet<>(Tree.map(found.get(), "data").keySet());
    keys.addAll(Tree.map(found.get(), "binaryData").keySet());
    if (!keys.contains(key)) {
      warn(what + " has no key \"" + key + "\", only " + keys + "; give the right one with --key");
    }
    if (!Tree.bool(found.get(), "immutable").orElse(false)) {
      warn(
          what
              + " is not immutable: an edit of it changes all of its nodes at the same moment;"
              + " retune push makes immutable ones");
    }
  }

  /** Before the assignment, so that the nodes' first try succeeds. */
  private void grant(Cluster cluster, String name, List<Map<String, @Nullable Object>> chosen) {
    try {
      new Grants(cluster).grant(name, chosen.stream().map(NodeSelection::name).toList());
    } catch (Failure refused) {
      warn(
          "the nodes could not be granted to read ConfigMap "
              + cluster.namespace()
              + "/"
              + name
              + ": "
              + refused.getMessage()
              + "; where RBAC is on they need a Role for it");
    }
  }

  private void warn(String text) {
    console.err().println(Style.BUSY.paint("warning: ", console.colors()) + text);
  }
}
