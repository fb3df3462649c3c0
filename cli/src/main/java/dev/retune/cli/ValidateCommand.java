package dev.retune.cli;

import dev.retune.kubelet.Target;
import dev.retune.kubelet.flags.CommandLine;
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
      "  retune validate node.yaml --kubelet-args kubeadm-flags.env",
      "  retune config node-1 | retune validate - -o json",
      "",
      "Many documents: --batch reads lines of JSON, one document each, and answers each with a line",
      "in the same order as soon as there is nothing more to read:",
      "  retune validate --batch --kubelet-version 1.36 < configs.jsonl > verdicts.jsonl",
      "  in:   {\"id\": \"a\", \"config\": \"kind: KubeletConfiguration\\n…\"}",
      "  out:  {\"id\":\"a\",\"verdict\":\"invalid\",\"errors\":[{\"field\":\"maxPods\",\"message\":\"…\"}],",
      "        \"strict\":[],\"defaulted\":{…}}",
      "The id is a string or a number, the config YAML or JSON in a string. The verdict is decode (it",
      "cannot be read), gates (its feature gates are refused), invalid or valid; strict has the fields",
      "that the kubelet would go on without; defaulted is the config with its defaults, empty for",
      "decode. Exit code 0: each line was answered, whatever the verdicts; 2: a line was no such",
      "object; those before it were answered."
    })
final class ValidateCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Mixin private final KubeletOptions kubelet = new KubeletOptions();

  @Mixin private final KubeletArgs kubeletArgs = new KubeletArgs();

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

  @Option(
      names = "--strict",
      description =
          "A warning refuses the document too, such as one about a field that a flag sets.")
  private boolean strict;

  @Option(
      names = "--batch",
      description = "Read lines of JSON, from standard input or FILE, and answer each with a line.")
  private boolean batch;

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
    if (batch) {
      return batch(sources);
    }
    if (sources.isEmpty()) {
      throw Failure.usage("no FILE given", "for example: retune validate node.yaml");
    }
    var judging = kubelet.kubelet(session, cluster);
    var arguments = kubeletArgs.read(session.console(), sources.contains("-"));
    var checks = new ArrayList<DocumentCheck>();
    for (String source : sources) {
      checks.add(
          DocumentCheck.of(source, Input.read(session.console(), source), judging, arguments));
    }
    print(checks);
    return checks.stream().allMatch(this::passes) ? ExitCode.DONE : ExitCode.FAILED;
  }

  private boolean passes(DocumentCheck check) {
    return check.accepted() && !(strict && check.hasWarnings());
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

  private int batch(List<String> sources) {
    if (strict) {
      throw Failure.usage(
          "--strict says nothing with --batch", "look at \"strict\" in the answers instead");
    }
    if (format == Output.Format.yaml) {
      throw Failure.usage("-o yaml: --batch writes lines of JSON", "leave -o yaml away");
    }
    if (sources.size() > 1) {
      throw Failure.usage(
          "--batch reads one FILE, not " + String.join(", ", sources),
          "join them: cat " + String.join(" ", sources) + " | retune validate --batch");
    }
    var source = sources.isEmpty() ? "-" : sources.getFirst();
    var version = kubelet.kubelet(session, cluster).version();
    var flags = CommandLine.parse(kubeletArgs.read(session.console(), source.equals("-")), version);
    if (!flags.problems().isEmpty()) {
      throw Failure.of(
          "kubelet "
              + version
              + " refuses its flags: "
              + DocumentCheck.place(flags.problems().getFirst()),
          "correct the file of --kubelet-args");
    }
    new Batch(session.console(), source, Target.of(version).with(flags)).run();
    return ExitCode.DONE;
  }
}
