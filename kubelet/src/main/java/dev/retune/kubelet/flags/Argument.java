package dev.retune.kubelet.flags;

import java.util.List;

/** One word of a command line, and where it was written. */
public record Argument(String text, Origin origin) {

  /** The words of a command line of which nothing else is known, the executable left out. */
  public static List<Argument> ofCommandLine(List<String> words) {
    return words.stream().map(word -> new Argument(word, Origin.COMMAND_LINE)).toList();
  }
}
