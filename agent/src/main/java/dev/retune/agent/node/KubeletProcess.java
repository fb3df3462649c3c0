package dev.retune.agent.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A running kubelet as the kernel tells of it.
 *
 * @param startedAt on the boot-time clock
 * @param commandLine executable and arguments
 * @param ofThisBinary whether the kubelet's file was last changed before the process was started,
 *     so that it is what that file says
 */
public record KubeletProcess(
    long pid, Duration startedAt, List<String> commandLine, boolean ofThisBinary) {
  public KubeletProcess {
    commandLine = List.copyOf(commandLine);
  }

  /**
   * Value of the last flag of that name, written {@code --name=value} or {@code --name value};
   * empty when there is none.
   */
  public String flag(String name) {
    List<String> values = flags(name);
    return values.isEmpty() ? "" : values.getLast();
  }

  /** What follows the executable; a wrapper may put words of its own before the first flag. */
  public List<String> arguments() {
    return commandLine.stream().dropWhile(argument -> !argument.startsWith("-")).toList();
  }

  /** Values of all flags of that name, in order. */
  public List<String> flags(String name) {
    return flags(commandLine, name);
  }

  /** Values of all flags of that name among these words, in order. */
  public static List<String> flags(List<String> words, String name) {
    var values = new ArrayList<String>();
    for (int i = 0; i < words.size(); i++) {
      String argument = words.get(i);
      if (argument.startsWith("--" + name + "=")) {
        values.add(argument.substring(name.length() + 3));
      } else if (argument.equals("--" + name) && i + 1 < words.size()) {
        values.add(words.get(i + 1));
      }
    }
    return values;
  }
}
