package dev.retune.cli;

import dev.retune.kubelet.KubeletVersion;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retune version}. */
@Command(
    name = "version",
    description = "Show the version of Retune and of the kubelets it knows.",
    footer = {"", "Examples:", "  retune version", "  retune version -o json"})
final class VersionCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "json|yaml",
      description = "Write it for programs.")
  private Output.@Nullable Format format;

  VersionCommand(Session session) {
    this.console = session.console();
  }

  @Override
  public Integer call() {
    var version = new LinkedHashMap<String, @Nullable Object>();
    version.put("retune", retune());
    version.put("kubelets", KubeletVersion.oldest() + " to " + KubeletVersion.newest());
    version.put("java", Runtime.version().toString());
    if (format != null) {
      console.out().print(Output.text(format, version));
    } else {
      version.forEach((name, value) -> console.out().println(name + " " + value));
    }
    console.out().flush();
    return ExitCode.DONE;
  }

  /** From the jar's manifest; classes in a directory have none. */
  static String retune() {
    var packaged = VersionCommand.class.getPackage().getImplementationVersion();
    return packaged == null ? "unpackaged" : packaged;
  }
}
