package dev.retune.agent.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A running kubelet as the kernel tells of it.
 *
 * @param startedAt on the boot-time clock
 * @param commandLine executable and arguments
 */
public record KubeletProcess(long pid, Duration startedAt, List<String> commandLine) {
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

  /** Values of all flags of that name, in order. */
  public List<String> flags(String name) {
    var values = new ArrayList<String>();
    for (int i = 0; i < commandLine.size(); i++) {
      String argument = commandLine.get(i);
      if (argument.startsWith("--" + name + "=")) {
        values.add(argument.substring(name.length() + 3));
      } else if (argument.equals("--" + name) && i + 1 < commandLine.size()) {
        values.add(commandLine.get(i + 1));
      }
    }
    return values;
  }
}
