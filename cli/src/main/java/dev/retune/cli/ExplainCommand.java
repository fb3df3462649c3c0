package dev.retune.cli;

import dev.retune.cli.text.Style;
import dev.retune.cli.text.Table;
import dev.retune.cli.text.Table.Cell;
import dev.retune.kube.Tree;
import dev.retune.kubelet.FieldReference;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.diff.Cost;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retune explain FIELD}: what is known of a field. */
@Command(
    name = "explain",
    description = {
      "Say what is known of a field: its type, defaults, flags, and the cost of a change.",
      "With it go the versions that have it, the feature gates it needs, and what to see to when it"
          + " changes on a running node.",
      "With --node: what it is on that node, and where it comes from there. Without FIELD: all"
          + " fields, or those that are not as by default on that node."
    },
    footer = {
      "",
      "Examples:",
      "  retune explain",
      "  retune explain maxPods",
      "  retune explain authentication.webhook.cacheTTL",
      "  retune explain memorySwap --kubelet-version 1.30",
      "  retune explain maxPods --node node-1",
      "  retune explain cpuManagerPolicy -o json"
    })
final class ExplainCommand implements Callable<Integer> {
  private final Session session;
  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "FIELD",
      completionCandidates = Names.class,
      description = "A field, with dots between it and the objects it is in.")
  private @Nullable String field;

  @Option(
      names = "--kubelet-version",
      paramLabel = "VERSION",
      description = "The kubelet's version, like 1.30 (default: the newest that has the field).")
  private @Nullable String version;

  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = "Say what it is on this node too, for the kubelet it has.")
  private @Nullable String node;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "json|yaml",
      description = "Write it for programs.")
  private Output.@Nullable Format format;

  ExplainCommand(Session session) {
    this.session = session;
    this.console = session.console();
  }

  @Override
  public Integer call() {
    if (node != null) {
      onNode(node);
    } else if (field == null) {
      list(version == null ? KubeletVersion.newest() : asked(version));
    } else {
      // Messages name elements and keys, such as registerWithTaints[0].key.
      explain(field.replaceAll("\\[[^]]*]", ""), Optional.empty());
    }
    console.out().flush();
    return ExitCode.DONE;
  }

  private static KubeletVersion asked(String version) {
    return Versions.known(version, "--kubelet-version");
  }

  private void onNode(String name) {
    if (version != null) {
      throw Failure.usage("--kubelet-version and --node exclude each other", "give one of them");
    }
    NodeFields fields;
    try (var opened = Cluster.open(session, cluster)) {
      fields = NodeFields.read(opened, name);
    }
    if (!fields.notLive().isEmpty()) {
      console.err().println("note: the kubelet itself cannot be asked: " + fields.notLive());
    }
    version = fields.version().toString();
    if (field == null) {
      list(fields);
    } else {
      explain(field.replaceAll("\\[[^]]*]", ""), Optional.of(fields));
    }
  }

  private void explain(String path, Optional<NodeFields> onNode) {
    var asked = Objects.requireNonNull(field);
    var everywhere =
        FieldReference.of(path, KubeletVersion.oldest(), KubeletVersion.newest())
            .orElseThrow(() ->
                Failure.of(
                    "no kubelet has a field \"" + path + "\"" + FieldReference.didYouMean(path),
                    "see 'retune explain' for all fields"));
    var wanted = version == null ? everywhere.until() : asked(version);
    var there =
        FieldReference.of(path, wanted, wanted)
            .orElseThrow(() ->
                Failure.of(
                    "kubelet " + wanted + " has no field \"" + path + "\"",
                    everywhere.since().compareTo(wanted) > 0
                        ? "it came with " + everywhere.since()
                        : everywhere.until() + " was the last to have it"));
    var explanation =
        new Explanation(
            everywhere,
            there,
            wanted,
            onNode.map(NodeFields::node),
            onNode.map(fields -> fields.below(asked)).orElse(List.of()));
    if (format == null) {
      explanation.print(console.out(), console.colors());
    } else {
      console.out().print(Output.text(format, explanation.toTree()));
    }
  }

  private void list(NodeFields fields) {
    var values = fields.values().stream().filter(value -> !value.isDefault()).toList();
    if (format != null) {
      console
          .out()
          .print(Output.text(format, values.stream().map(NodeFields.Value::toTree).toList()));
      return;
    }
    var table = new Table(List.of("FIELD", "VALUE", "SOURCE"));
    for (NodeFields.Value value : values) {
      table.add(
          List.of(
              Cell.of(value.field()),
              Cell.of(Changes.value(value.value())),
              Cell.of(value.source())));
      if (!value.withoutEffect().isEmpty()) {
        table.add(
            List.of(
                new Cell("  without effect", Style.FAINT),
                new Cell("", Style.FAINT),
                new Cell(value.withoutEffect(), Style.FAINT)));
      }
    }
    table.print(console.out(), console.colors());
  }

  private void list(KubeletVersion of) {
    List<FieldReference> fields =
        FieldReference.names(of).stream()
            .filter(name -> !name.equals("kind") && !name.equals("apiVersion"))
            .flatMap(name -> FieldReference.of(name, of, of).stream())
            .toList();
    if (format != null) {
      console.out().print(Output.text(format, fields.stream().map(ExplainCommand::tree).toList()));
      return;
    }
    var table = new Table(List.of("FIELD", "TYPE", "COST"));
    for (FieldReference reference : fields) {
      table.add(
          List.of(
              Cell.of(reference.path()),
              Cell.of(reference.type()),
              Cell.of(Changes.word(Cost.ofField(reference.path())))));
    }
    table.print(console.out(), console.colors());
  }

  private static Map<String, @Nullable Object> tree(FieldReference reference) {
    return Tree.object(
        "field",
        reference.path(),
        "type",
        reference.type(),
        "cost",
        Changes.word(Cost.ofField(reference.path())));
  }

  /** The fields a shell completes. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return FieldReference.names(KubeletVersion.newest()).iterator();
    }
  }
}
