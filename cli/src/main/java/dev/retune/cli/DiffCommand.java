package dev.retune.cli;

import dev.retune.cli.text.LineDiff;
import dev.retune.cli.text.Style;
import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import dev.retune.kube.Yaml;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Verdict;
import dev.retune.kubelet.diff.ConfigDiff;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retune diff A B}: what differs for a kubelet, and what it costs to change it. */
@Command(
    name = "diff",
    exitCodeOnExecutionException = ExitCode.USAGE,
    description = {
      "Show in what two configs differ for a kubelet, and what the change costs.",
      "Compared is what kubelets make of them: a default that is written down is no difference.",
      "Exit code 0: no differences; 1: differences; 2: they cannot be compared."
    },
    footer = {
      "",
      "Examples:",
      "  retune diff old.yaml new.yaml",
      "  retune diff node/node-1 new.yaml                      what would change on that node",
      "  retune diff node/node-1 node/node-2 -o unified",
      "  retune diff node.yaml node.yaml --from-version 1.30 --kubelet-version 1.36",
      "  retune config node-1 | retune diff - new.yaml -o json"
    })
final class DiffCommand implements Callable<Integer> {
  private static final String NODE = "node/";

  /** What {@code -o} takes here. */
  enum DiffOutput {
    table,
    unified,
    json,
    yaml
  }

  /**
   * One of the two configs.
   *
   * @param judge says what a kubelet of a version makes of it
   * @param version the version of the node it comes from
   */
  private record Side(
      String name, Function<KubeletVersion, Judgement> judge, Optional<KubeletVersion> version) {
    static Side of(String name, byte[] document, Optional<KubeletVersion> version) {
      return new Side(name, target -> KubeletConfig.judge(document, target), version);
    }
  }

  private final Session session;
  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "A file, - for standard input, or node/NAME for what a node's kubelet runs.")
  private String left = "";

  @Parameters(index = "1", paramLabel = "B", description = "The same.")
  private String right = "";

  @Option(
      names = "--kubelet-version",
      paramLabel = "VERSION",
      description = "The kubelet that is to run them (default: that of the node, or the newest).")
  private @Nullable String version;

  @Option(
      names = "--from-version",
      paramLabel = "VERSION",
      description = "The kubelet that runs A, when it is another one.")
  private @Nullable String fromVersion;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|unified|json|yaml",
      description = "unified: as diff -u shows it. json, yaml: for programs (default: table).")
  private DiffOutput output = DiffOutput.table;

  DiffCommand(Session session) {
    this.session = session;
    this.console = session.console();
  }

  @Override
  public Integer call() {
    if (left.equals("-") && right.equals("-")) {
      throw Failure.usage("A and B are both standard input", "name a file for one of them");
    }
    var a = read(left);
    var b = read(right);
    var of = Optional.ofNullable(version).map(v -> Versions.judged(v, "--kubelet-version"));
    var from = Optional.ofNullable(fromVersion).map(v -> Versions.judged(v, "--from-version"));
    var before = judge(a, first(List.of(from, of, a.version(), b.version())));
    var after = judge(b, first(List.of(of, b.version(), a.version())));
    var diff = ConfigDiff.between(before.effective(), after.effective());
    switch (output) {
      case table -> printTable(diff);
      case unified -> printUnified(before, after);
      case json -> print(Output.text(Output.Format.json, tree(before, after, diff)));
      case yaml -> print(Output.text(Output.Format.yaml, tree(before, after, diff)));
    }
    return diff.changes().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static KubeletVersion first(List<Optional<KubeletVersion>> versions) {
    return versions.stream()
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(KubeletVersion::newest);
  }

  private Side read(String source) {
    if (!source.startsWith(NODE)) {
      return Side.of(source, Input.read(console, source), Optional.empty());
    }
    var node = source.substring(NODE.length());
    if (node.isEmpty()) {
      throw Failure.usage("node/ names no node", "for example: retune diff node/node-1 node.yaml");
    }
    try (var open = Cluster.open(session, cluster)) {
      var object = open.get(Cluster.nodePath(node), "node " + node);
      var config = ConfigCommand.liveConfig(open, node);
      return Side.of(source, Json.write(config), Optional.of(KubeletOptions.version(object, node)));
    }
  }

  /** Only what cannot be read cannot be compared; what else a kubelet would say goes to stderr. */
  private Judgement judge(Side side, KubeletVersion version) {
    var judgement = side.judge().apply(version);
    if (judgement.verdict() == Verdict.DECODE) {
      throw Failure.usage(
          side.name()
              + ": kubelet "
              + version
              + " cannot read it: "
              + DocumentCheck.place(judgement.errors().getFirst()),
          "");
    }
    var kubelet = "kubelet " + judgement.version();
    judgement
        .errors()
        .forEach(
            complaint -> warn(side, kubelet + " refuses it: " + DocumentCheck.place(complaint)));
    judgement
        .strict()
        .forEach(complaint ->
            warn(side, kubelet + " goes on without it: " + DocumentCheck.place(complaint)));
    judgement.warnings().forEach(complaint -> warn(side, DocumentCheck.place(complaint)));
    return judgement;
  }

  private void warn(Side side, String message) {
    console
        .err()
        .println(Style.BUSY.paint("warning: ", console.colors()) + side.name() + ": " + message);
  }

  private void printTable(ConfigDiff diff) {
    if (diff.changes().isEmpty()) {
      return;
    }
    Changes.costs(diff).print(console.out(), console.colors());
    diff.cost()
        .ifPresent(cost -> print("\nTo change this takes " + Changes.sentence(cost) + ".\n"));
  }

  private void printUnified(Judgement before, Judgement after) {
    LineDiff.unified(Yaml.write(before.effective()), left, Yaml.write(after.effective()), right)
        .forEach(line -> print(paint(line) + "\n"));
  }

  private String paint(String line) {
    var style =
        switch (line.charAt(0)) {
          case '-' -> Style.BAD;
          case '+' -> Style.GOOD;
          case '@' -> Style.FAINT;
          default -> Style.PLAIN;
        };
    return style.paint(line, console.colors());
  }

  private Map<String, @Nullable Object> tree(Judgement before, Judgement after, ConfigDiff diff) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("from", side(left, before));
    tree.put("to", side(right, after));
    tree.put("changes", diff.changes().stream().map(Changes::treeWithCost).toList());
    tree.put("cost", diff.cost().map(Changes::word).orElse(null));
    return tree;
  }

  private static Map<String, @Nullable Object> side(String source, Judgement judgement) {
    return Tree.object(
        "source",
        source,
        "kubeletVersion",
        judgement.version().toString(),
        "verdict",
        DocumentCheck.word(judgement.verdict()));
  }

  private void print(String text) {
    console.out().print(text);
    console.out().flush();
  }
}
