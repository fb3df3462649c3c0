package dev.retune.cli;

import dev.retune.cli.text.Table;
import dev.retune.cli.text.Table.Cell;
import dev.retune.kube.Tree;
import dev.retune.kubelet.FieldReference;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.diff.Cost;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retune explain FIELD}: what is known of a field. */
@Command(
    name = "explain",
    description = {
      "Say what is known of a field: its type, defaults, flags, and the cost of a change.",
      "With it go the versions that have it, the feature gates it needs, and what to see to when it"
          + " changes on a running node.",
      "Without FIELD: all fields."
    },
    footer = {
      "",
      "Examples:",
      "  retune explain",
      "  retune explain maxPods",
      "  retune explain authentication.webhook.cacheTTL",
      "  retune explain memorySwap --kubelet-version 1.30",
      "  retune explain cpuManagerPolicy -o json"
    })
final class ExplainCommand implements Callable<Integer> {
  private final Console console;

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
      names = {"-o", "--output"},
      paramLabel = "json|yaml",
      description = "Write it for programs.")
  private Output.@Nullable Format format;

  ExplainCommand(Session session) {
    this.console = session.console();
  }

  @Override
  public Integer call() {
    if (field == null) {
      list(version == null ? KubeletVersion.newest() : asked(version));
    } else {
      // Messages name elements and keys, such as registerWithTaints[0].key.
      explain(field.replaceAll("\\[[^]]*]", ""));
    }
    console.out().flush();
    return ExitCode.DONE;
  }

  private static KubeletVersion asked(String version) {
    return Versions.known(version, "--kubelet-version");
  }

  private void explain(String path) {
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
    var explanation = new Explanation(everywhere, there, wanted);
    if (format == null) {
      explanation.print(console.out(), console.colors());
    } else {
      console.out().print(Output.text(format, explanation.toTree()));
    }
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
