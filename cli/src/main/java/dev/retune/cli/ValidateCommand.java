package dev.retune.cli;

import dev.retune.kubelet.KubeletVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retune validate FILE}: what a kubelet would say, without a kubelet. */
@Command(
    name = "validate",
    description = {
      "Say what a kubelet would say to a config, without a kubelet or a cluster.",
      "Exit code 0: accepted; 1: refused; 2: the file cannot be read."
    },
    footer = {
      "",
      "Examples:",
      "  retune validate node.yaml",
      "  retune validate node.yaml --kubelet-version 1.30",
      "  retune validate -f node.yaml --node node-1            for that node's kubelet",
      "  retune config node-1 | retune validate - -o json"
    })
final class ValidateCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Mixin private final KubeletOptions kubelet = new KubeletOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Documents to check; - is standard input.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "The same, as kubectl spells it.")
  private List<String> moreFiles = new ArrayList<>();

  @Option(names = "--strict", description = "A warning refuses the document too.")
  private boolean strict;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "json|yaml",
      description = "Write the verdicts for programs.")
  private Output.@Nullable Format format;

  ValidateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    var sources = new ArrayList<>(files);
    sources.addAll(moreFiles);
    if (sources.isEmpty()) {
      throw Failure.usage("no FILE given", "for example: retune validate node.yaml");
    }
    KubeletVersion version = kubelet.version(session, cluster);
    var checks = new ArrayList<DocumentCheck>();
    for (String source : sources) {
      checks.add(DocumentCheck.of(source, Input.read(session.console(), source), version));
    }
    print(checks);
    return checks.stream().allMatch(this::passes) ? ExitCode.DONE : ExitCode.FAILED;
  }

  private boolean passes(DocumentCheck check) {
    return check.accepted() && !(strict && !check.judgement().warnings().isEmpty());
  }

  private void print(List<DocumentCheck> checks) {
    var out = session.console().out();
    if (format == null) {
      checks.forEach(check -> check.print(out, session.console().colors()));
    } else {
      var trees = checks.stream().map(DocumentCheck::toTree).toList();
      out.print(Output.text(format, trees.size() == 1 ? trees.getFirst() : trees));
      out.flush();
    }
  }
}
