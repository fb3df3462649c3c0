package dev.retune.cli;

import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletSpec;
import dev.retune.api.RetuneApi;
import dev.retune.cli.text.Table;
import dev.retune.kube.Tree;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retune status}: where nodes stand. */
@Command(
    name = "status",
    description = {
      "Show what nodes should run, what they run, and what they would fall back to.",
      "One node by name gets a page with conditions, reasons and errors."
    },
    footer = {
      "",
      "Examples:",
      "  retune status",
      "  retune status node-1",
      "  retune status -l pool=batch -o wide --watch",
      "  retune status node-1 -o json"
    })
final class StatusCommand implements Callable<Integer> {
  /** What {@code -o} takes here. */
  enum StatusOutput {
    wide,
    json,
    yaml
  }

  private final Session session;
  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Mixin private final NodeSelection nodes = new NodeSelection();

  @Option(
      names = {"-w", "--watch"},
      description = "Go on and show every change, until Ctrl-C.")
  private boolean watch;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "wide|json|yaml",
      description = "wide: with errors and kubelet versions. json, yaml: the objects.")
  private @Nullable StatusOutput output;

  StatusCommand(Session session) {
    this.session = session;
    this.console = session.console();
  }

  @Override
  public Integer call() throws InterruptedException {
    if (watch && output != null && output != StatusOutput.wide) {
      throw Failure.usage("--watch shows a table", "leave -o " + output + " away");
    }
    try (var cluster = Cluster.open(session, this.cluster)) {
      var objects = objects(cluster);
      if (output == StatusOutput.json || output == StatusOutput.yaml) {
        printObjects(objects.values());
        return ExitCode.DONE;
      }
      if (nodes.names().size() == 1 && !watch && output == null) {
        report(objects.values().iterator().next()).printPage(console.out(), console.colors());
        return ExitCode.DONE;
      }
      var table = table(objects.values());
      if (watch) {
        watch(cluster, table, objects);
      }
      return ExitCode.DONE;
    }
  }

  /** NodeKubelets by name; for a node that has none, an empty one. */
  private Map<String, Map<String, @Nullable Object>> objects(Cluster cluster) {
    var byName = new LinkedHashMap<String, Map<String, @Nullable Object>>();
    for (String name : names(cluster)) {
      byName.put(name, NodeKubelet.of(name, NodeKubeletSpec.LOCAL).toTree());
    }
    var all = nodes.names().isEmpty() && nodes.selector().isEmpty();
    for (Map<String, @Nullable Object> item :
        cluster.list(RetuneApi.NODE_KUBELETS_PATH, "NodeKubelets")) {
      var name = NodeSelection.name(item);
      if (all || byName.containsKey(name)) {
        item.putIfAbsent("apiVersion", RetuneApi.API_VERSION);
        item.putIfAbsent("kind", RetuneApi.NODE_KUBELET_KIND);
        byName.put(name, item);
      }
    }
    return byName;
  }

  private Set<String> names(Cluster cluster) {
    List<Map<String, @Nullable Object>> chosen =
        nodes.names().isEmpty() && nodes.selector().isEmpty()
            ? NodeSelection.selected(cluster, "")
            : nodes.nodes(cluster);
    var names = new LinkedHashSet<String>();
    for (Map<String, @Nullable Object> node : chosen) {
      names.add(NodeSelection.name(node));
    }
    return names;
  }

  private static NodeReport report(Map<String, @Nullable Object> object) {
    return new NodeReport(NodeKubelet.fromTree(object), created(object), Instant.now());
  }

  private static Optional<Instant> created(Map<String, @Nullable Object> object) {
    try {
      return Tree.string(object, "metadata", "creationTimestamp").map(Instant::parse);
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }

  private boolean wide() {
    return output == StatusOutput.wide;
  }

  private Table table(Iterable<Map<String, @Nullable Object>> objects) {
    var table = new Table(NodeReport.headings(wide()));
    var rows = 0;
    for (Map<String, @Nullable Object> object : objects) {
      table.add(report(object).row(wide()));
      rows++;
    }
    if (rows == 0 && !watch) {
      console.err().println("no nodes");
    } else {
      table.print(console.out(), console.colors());
    }
    return table;
  }

  private void watch(Cluster cluster, Table table, Map<String, Map<String, @Nullable Object>> shown)
      throws InterruptedException {
    var all = nodes.names().isEmpty() && nodes.selector().isEmpty();
    var rows = new LinkedHashMap<String, List<String>>();
    for (Map.Entry<String, Map<String, @Nullable Object>> entry : shown.entrySet()) {
      rows.put(entry.getKey(), texts(entry.getValue()));
    }
    cluster.follow(
        object -> {
          var name = NodeSelection.name(object);
          if ((all || shown.containsKey(name))
              && !texts(object).equals(rows.put(name, texts(object)))) {
            table.printMore(report(object).row(wide()), console.out(), console.colors());
          }
          return true;
        },
        Optional.empty());
  }

  /** What a change has to differ in to be shown: not the clocks. */
  private List<String> texts(Map<String, @Nullable Object> object) {
    var kubelet = NodeKubelet.fromTree(object);
    var config = kubelet.status().config();
    return new ArrayList<>(
        List.of(
            kubelet.spec().configSource().toString(),
            kubelet.status().phase().toString(),
            config.toString()));
  }

  private void printObjects(java.util.Collection<Map<String, @Nullable Object>> objects) {
    var format = output == StatusOutput.json ? Output.Format.json : Output.Format.yaml;
    Object printed;
    if (nodes.names().size() == 1) {
      printed = objects.iterator().next();
    } else {
      var list = new LinkedHashMap<String, @Nullable Object>();
      list.put("apiVersion", "v1");
      list.put("kind", "List");
      list.put("items", List.copyOf(objects));
      printed = list;
    }
    console.out().print(Output.text(format, printed));
    console.out().flush();
  }
}
