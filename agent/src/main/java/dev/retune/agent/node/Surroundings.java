package dev.retune.agent.node;

import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.TextFile;
import java.util.List;

/**
 * What a kubelet runs with besides its config.
 *
 * @param arguments without the executable; empty when they are not known
 * @param dropIns the files of {@code --config-dir}, in the order in which it merges them
 */
public record Surroundings(List<Argument> arguments, List<TextFile> dropIns) {
  /** Nothing but the config. */
  public static final Surroundings NONE = new Surroundings(List.of(), List.of());

  public Surroundings {
    arguments = List.copyOf(arguments);
    dropIns = List.copyOf(dropIns);
  }
}
