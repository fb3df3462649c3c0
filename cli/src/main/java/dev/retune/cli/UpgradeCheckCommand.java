package dev.retune.cli;

import dev.retune.cli.text.Style;
import dev.retune.cli.text.Table;
import dev.retune.cli.text.Table.Cell;
import dev.retune.kube.Tree;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.NodeFacts;
import dev.retune.kubelet.diff.Upgrade;
import dev.retune.kubelet.diff.Upgrade.Effect;
import dev.retune.kubelet.diff.Upgrade.Finding;
import dev.retune.kubelet.flags.CommandLine;
import dev.retune.kubelet.value.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retune upgrade-check FILE}: what another kubelet makes of the same config. */
@Command(
    name = "upgrade-check",
    description = {
      "Say what changes when the same config, with the same flags, meets another kubelet.",
      "BREAKS: the new kubelet does not start. IGNORES: it passes over a field that the old one"
          + " followed. CHANGES: a value moves although nobody changed the config. TIDY: nothing"
          + " moves now.",
      "Exit code 0: the new kubelet starts; 1: it does not; 2: a file cannot be read."
    },
    footer = {
      "",
      "Examples:",
      "  retune upgrade-check node.yaml --from 1.30 --to 1.36",
      "  retune upgrade-check node.yaml --from 1.30 --to 1.36 --kubelet-args kubeadm-flags.env",
      "  retune config node-1 | retune upgrade-check - --from 1.35 --to 1.36 -o json"
    })
final class UpgradeCheckCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final KubeletArgs kubeletArgs = new KubeletArgs();

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "The config; - is standard input.")
  private @Nullable String file;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "The same, as kubectl spells it.")
  private @Nullable String sameFile;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "VERSION",
      description = "The kubelet that runs it now, like 1.30.")
  private String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "VERSION",
      description = "The kubelet that is to run it; an older one is a downgrade.")
  private String to = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "json|yaml",
      description = "Write the findings for programs.")
  private Output.@Nullable Format format;

  UpgradeCheckCommand(Session session) {
    this.console = session.console();
  }

  @Override
  public Integer call() {
    var source = source();
    var before = Versions.judged(from, "--from");
    var after = Versions.judged(to, "--to");
    var arguments = kubeletArgs.read(console, source.equals("-"));
    var document = Input.read(console, source);
    var upgrade = Upgrade.check(document, arguments, before, after);
    var old = check(source, upgrade.from(), CommandLine.parse(arguments, before));
    var now = check(source, upgrade.to(), CommandLine.parse(arguments, after));
    if (format != null) {
      console.out().print(Output.text(format, tree(source, upgrade, old, now)));
    } else {
      print(source, upgrade, old, now);
    }
    console.out().flush();
    return now.refusals().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static DocumentCheck check(String source, Judgement judgement, CommandLine flags) {
    return DocumentCheck.of(source, judgement, flags, NodeFacts.UNKNOWN);
  }

  private String source() {
    if (file != null && sameFile != null) {
      throw Failure.usage("two files are given: " + file + " and " + sameFile, "give one of them");
    }
    if (file == null && sameFile == null) {
      throw Failure.usage(
          "no FILE given", "for example: retune upgrade-check node.yaml --from 1.30 --to 1.36");
    }
    return file == null ? String.valueOf(sameFile) : file;
  }

  private void print(String source, Upgrade upgrade, DocumentCheck old, DocumentCheck now) {
    var colors = console.colors();
    var out = console.out();
    now.judgement().warnings().forEach(complaint -> warn(DocumentCheck.place(complaint)));
    if (!upgrade.findings().isEmpty()) {
      var table = new Table(List.of("EFFECT", "FIELD", "WHAT"));
      for (Finding finding : upgrade.findings()) {
        table.add(
            List.of(
                new Cell(finding.effect().name(), style(finding.effect())),
                Cell.of(Words.shortened(finding.field())),
                Cell.of(finding.message())));
      }
      table.print(out, colors);
      out.println();
    }
    var kubelet = "kubelet " + now.judgement().version();
    var headline =
        now.refusals().isEmpty()
            ? Style.GOOD.paint(kubelet + " starts with it", colors)
            : Style.BAD.paint(kubelet + " does not start with it", colors);
    out.println(source + ": " + headline + "; " + count(upgrade));
    if (!upgrade.breaks()) {
      now.refusals().forEach(complaint -> out.println("  " + DocumentCheck.place(complaint)));
    }
    if (!old.refusals().isEmpty()) {
      var either = now.refusals().isEmpty() ? "" : " either";
      warn("kubelet " + old.judgement().version() + " does not start with it" + either);
    }
  }

  private void warn(String message) {
    console.out().flush();
    console.err().println(Style.BUSY.paint("warning: ", console.colors()) + message);
  }

  private static String count(Upgrade upgrade) {
    if (upgrade.findings().isEmpty()) {
      return "nothing changes";
    }
    var counts = new ArrayList<String>();
    for (Effect effect : Effect.values()) {
      long findings = upgrade.findings().stream().filter(f -> f.effect() == effect).count();
      if (findings > 0) {
        counts.add(effect + " " + findings);
      }
    }
    return String.join(", ", counts);
  }

  private static Style style(Effect effect) {
    return switch (effect) {
      case BREAKS -> Style.BAD;
      case IGNORES, CHANGES -> Style.BUSY;
      case TIDY -> Style.PLAIN;
    };
  }

  private static Map<String, @Nullable Object> tree(
      String source, Upgrade upgrade, DocumentCheck old, DocumentCheck now) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("source", source);
    tree.put("from", side(old));
    tree.put("to", side(now));
    tree.put("findings", upgrade.findings().stream().map(UpgradeCheckCommand::tree).toList());
    return tree;
  }

  private static Map<String, @Nullable Object> side(DocumentCheck check) {
    return Tree.object(
        "kubeletVersion",
        check.judgement().version().toString(),
        "starts",
        check.refusals().isEmpty(),
        "refusals",
        check.refusals().stream().map(DocumentCheck::tree).toList());
  }

  private static Map<String, @Nullable Object> tree(Finding finding) {
    return Tree.object(
        "effect",
        finding.effect().name().toLowerCase(Locale.ROOT),
        "field",
        finding.field(),
        "message",
        finding.message());
  }
}
