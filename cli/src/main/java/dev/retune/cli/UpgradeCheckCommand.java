package dev.retune.cli;

import dev.retune.cli.text.Style;
import dev.retune.cli.text.Table;
import dev.retune.cli.text.Table.Cell;
import dev.retune.kube.Tree;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Verdict;
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
    var upgrade = Upgrade.check(Input.read(console, source), arguments, before, after);
    var starts =
        !upgrade.breaks()
            && upgrade.to().verdict() == Verdict.VALID
            && CommandLine.parse(arguments, after).problems().isEmpty();
    if (format != null) {
      console.out().print(Output.text(format, tree(source, upgrade, starts)));
    } else {
      print(source, upgrade, starts, after);
    }
    console.out().flush();
    return starts ? ExitCode.DONE : ExitCode.FAILED;
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

  private void print(String source, Upgrade upgrade, boolean starts, KubeletVersion after) {
    var colors = console.colors();
    refusals(source, upgrade.from());
    upgrade
        .to()
        .warnings()
        .forEach(complaint ->
            console
                .err()
                .println(Style.BUSY.paint("warning: ", colors) + DocumentCheck.place(complaint)));
    if (!upgrade.findings().isEmpty()) {
      var table = new Table(List.of("EFFECT", "FIELD", "WHAT"));
      for (Finding finding : upgrade.findings()) {
        table.add(
            List.of(
                new Cell(finding.effect().name(), style(finding.effect())),
                Cell.of(Words.shortened(finding.field())),
                Cell.of(finding.message())));
      }
      table.print(console.out(), colors);
      console.out().println();
    }
    console
        .out()
        .println(
            source
                + ": "
                + (starts
                    ? Style.GOOD.paint("kubelet " + after + " starts with it", colors)
                    : Style.BAD.paint("kubelet " + after + " does not start with it", colors))
                + "; "
                + count(upgrade));
  }

  /** What the old kubelet does not take is no news of the upgrade, but it is not to be missed. */
  private void refusals(String source, Judgement old) {
    for (var complaint : old.errors()) {
      console
          .err()
          .println(
              Style.BUSY.paint("warning: ", console.colors())
                  + source
                  + ": kubelet "
                  + old.version()
                  + " refuses it already: "
                  + DocumentCheck.place(complaint));
    }
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
      String source, Upgrade upgrade, boolean starts) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    tree.put("source", source);
    tree.put("from", side(upgrade.from()));
    tree.put("to", side(upgrade.to()));
    tree.put("starts", starts);
    tree.put("findings", upgrade.findings().stream().map(UpgradeCheckCommand::tree).toList());
    return tree;
  }

  private static Map<String, @Nullable Object> side(Judgement judgement) {
    return Tree.object(
        "kubeletVersion",
        judgement.version().toString(),
        "verdict",
        DocumentCheck.word(judgement.verdict()),
        "errors",
        judgement.errors().stream().map(DocumentCheck::tree).toList());
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
