package dev.retune.agent.node;

import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.Origin;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.kubeadm.NodeParts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a node's own files make of its kubelet: what would run if Retune were not there (its drop-in
 * and its files of variables left out).
 *
 * @param executable the kubelet, as {@code ExecStart=} has it; empty when the unit starts none
 * @param arguments its arguments, each with the file and line it stands in
 * @param configArguments the words of the unit's {@code KUBELET_CONFIG_ARGS}; empty when the unit
 *     does not use that variable
 * @param config the file of its last {@code --config} with its text; empty when it has none or the
 *     file cannot be read
 * @param dropIns the files that its {@code --config-dir} makes it merge over the config, in that
 *     order
 * @param parts what the node adds to a config of the whole cluster, as kubeadm does
 * @param problems what is wrong with any of these files, for people
 */
public record LocalKubelet(
    String executable,
    List<Argument> arguments,
    List<String> configArguments,
    Optional<TextFile> config,
    List<TextFile> dropIns,
    NodeParts parts,
    List<String> problems) {

  /** A node of which nothing is known. */
  public static final LocalKubelet UNKNOWN =
      new LocalKubelet(
          "", List.of(), List.of(), Optional.empty(), List.of(), NodeParts.NONE, List.of());

  public LocalKubelet {
    arguments = List.copyOf(arguments);
    configArguments = List.copyOf(configArguments);
    dropIns = List.copyOf(dropIns);
    problems = List.copyOf(problems);
  }

  /**
   * The words of a running command line, each with where it is written, if it is in these files.
   */
  public List<Argument> traced(List<String> words) {
    var left = new ArrayList<>(arguments);
    return words.stream()
        .map(word -> {
          var known = left.stream().filter(argument -> argument.text().equals(word)).findFirst();
          known.ifPresent(left::remove);
          return known.orElseGet(() -> new Argument(word, Origin.COMMAND_LINE));
        })
        .toList();
  }

  /** Reads a node's files. */
  public interface Reader {
    LocalKubelet read();

    /**
     * The files and directories whose change may change what {@link #read} says. What does not
     * exist (yet) is a file here: its coming is seen in its directory.
     */
    List<Path> watched();
  }
}
