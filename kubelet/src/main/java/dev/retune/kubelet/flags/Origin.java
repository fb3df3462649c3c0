package dev.retune.kubelet.flags;

/**
 * Where an argument was written.
 *
 * @param file name of the file; empty when only the running command line is known
 * @param line line in that file, from 1; 0 when unknown
 */
public record Origin(String file, int line) {

  /** For a command line that was read from a process. */
  public static final Origin COMMAND_LINE = new Origin("", 0);

  /** {@code /var/lib/kubelet/kubeadm-flags.env:1}, or {@code the command line}. */
  @Override
  public String toString() {
    if (file.isEmpty()) {
      return "the command line";
    }
    return line > 0 ? file + ":" + line : file;
  }
}
