package dev.retune.cli;

import dev.retune.agent.AgentOptions;
import java.util.List;

/**
 * {@code retune agent} as a unit starts it, without the library that reads command lines: it would
 * stay in the memory of every node. Whatever a unit does not write, a call for help or a slip of
 * the hand, is left to {@link Main}.
 */
final class AgentMain {
  private AgentMain() {}

  /**
   * Runs until it is ended; exit codes as in {@link Main}.
   *
   * @param args what follows {@code agent}
   */
  public static void main(String[] args) {
    var options = AgentOptions.ofArguments(List.of(args));
    if (options.isEmpty()) {
      var all = new String[args.length + 1];
      all[0] = "agent";
      System.arraycopy(args, 0, all, 1, args.length);
      Main.main(all);
      return;
    }
    var interruption = Interruption.ofThisThread();
    int exitCode = run(options.get());
    interruption.over();
    System.exit(exitCode);
  }

  private static int run(AgentOptions options) {
    try {
      return AgentCommand.run(options);
    } catch (Failure failure) {
      System.err.println("error: " + failure.getMessage());
      System.err.println(failure.next());
      return failure.exitCode();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }
}
