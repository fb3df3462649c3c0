package dev.retune.kubelet;

import dev.retune.kubelet.flags.CommandLine;

/**
 * The kubelet a document is judged for.
 *
 * @param version its version
 * @param commandLine its flags: they win over the document
 * @param host what is known of its host
 */
public record Target(KubeletVersion version, CommandLine commandLine, Host host) {

  /** A kubelet of that version of which nothing else is known. */
  public static Target of(KubeletVersion version) {
    return new Target(version, CommandLine.NONE, Host.UNKNOWN);
  }

  /** The same kubelet with these flags. */
  public Target with(CommandLine flags) {
    return new Target(version, flags, host);
  }
}
