package dev.retune.kubelet;

import dev.retune.kubelet.flags.CommandLine;
import dev.retune.kubelet.flags.TextFile;
import java.util.List;

/**
 * The kubelet a document is judged for.
 *
 * @param version its version
 * @param commandLine its flags: they win over the document
 * @param host what is known of its host
 * @param dropIns the files of its {@code --config-dir} in the order in which it merges them over
 *     the document
 */
public record Target(
    KubeletVersion version, CommandLine commandLine, Host host, List<TextFile> dropIns) {

  public Target {
    dropIns = List.copyOf(dropIns);
  }

  /** A kubelet without drop-ins. */
  public Target(KubeletVersion version, CommandLine commandLine, Host host) {
    this(version, commandLine, host, List.of());
  }

  /** A kubelet of that version of which nothing else is known. */
  public static Target of(KubeletVersion version) {
    return new Target(version, CommandLine.NONE, Host.UNKNOWN);
  }

  /** The same kubelet with these flags. */
  public Target with(CommandLine flags) {
    return new Target(version, flags, host, dropIns);
  }

  /** The same kubelet with these drop-ins. */
  public Target with(List<TextFile> files) {
    return new Target(version, commandLine, host, files);
  }
}
