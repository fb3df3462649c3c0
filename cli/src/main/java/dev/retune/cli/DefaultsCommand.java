package dev.retune.cli;

import dev.retune.kubelet.Defaults;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.diff.ConfigDiff;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retune defaults}: what a kubelet makes of a config that sets nothing. */
@Command(
    name = "defaults",
    description = {
      "Show every default of a kubelet, or those that differ in another version.",
      "It is the config of a kubelet that was given an empty one, as a document it would take."
    },
    footer = {
      "",
      "Examples:",
      "  retune defaults",
      "  retune defaults --kubelet-version 1.30 > defaults.yaml",
      "  retune defaults --kubelet-version 1.30 --diff 1.36    what moved from 1.30 to 1.36",
      "  retune defaults --kubelet-version 1.30 --diff 1.36 -o json"
    })
final class DefaultsCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--kubelet-version",
      paramLabel = "VERSION",
      description = "The kubelet's version, like 1.30 (default: the newest known).")
  private @Nullable String version;

  @Option(
      names = "--diff",
      paramLabel = "VERSION",
      description = "Another version: show what differs in it.")
  private @Nullable String other;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "yaml|json",
      description = "How to write it (default: yaml; with --diff a table).")
  private Output.@Nullable Format format;

  DefaultsCommand(Session session) {
    this.console = session.console();
  }

  @Override
  public Integer call() {
    var of =
        version == null ? KubeletVersion.newest() : Versions.known(version, "--kubelet-version");
    if (other != null) {
      differences(of, Versions.known(other, "--diff"));
    } else {
      print(format == null ? Output.Format.yaml : format, KubeletDocument.of(Defaults.of(of)));
    }
    return ExitCode.DONE;
  }

  private void differences(KubeletVersion from, KubeletVersion to) {
    var diff = ConfigDiff.between(Defaults.of(from), Defaults.of(to));
    if (format != null) {
      var tree = new LinkedHashMap<String, @Nullable Object>();
      tree.put("from", from.toString());
      tree.put("to", to.toString());
      tree.put("changes", diff.changes().stream().map(Changes::tree).toList());
      print(format, tree);
    } else if (diff.changes().isEmpty()) {
      console.err().println("kubelet " + from + " and " + to + " have the same defaults");
    } else {
      Changes.values(diff, from.toString(), to.toString()).print(console.out(), console.colors());
    }
  }

  private void print(Output.Format format, Map<String, @Nullable Object> tree) {
    console.out().print(Output.text(format, tree));
    console.out().flush();
  }
}
