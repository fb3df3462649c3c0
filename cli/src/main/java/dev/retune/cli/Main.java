package dev.retune.cli;

import dev.retune.cli.text.Spelling;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one executable: the commands people use, and what runs on nodes. */
public final class Main {
  private static final int USAGE_WIDTH = 100;

  private Main() {}

  /** Runs one command and exits: 0 done, 1 refused or failed, 2 usage. */
  public static void main(String[] args) {
    HeadStart.begin(List.of(args));
    var console = Console.system();
    var interruption = Interruption.ofThisThread();
    int exitCode = run(List.of(args), console);
    console.out().flush();
    console.err().flush();
    interruption.over();
    System.exit(exitCode);
  }

  /**
   * Runs one command in this process.
   *
   * @return the exit code: 0 done, 1 refused or failed, 2 usage
   */
  public static int run(List<String> args, Console console) {
    return commandLine(console, named(args)).execute(args.toArray(String[]::new));
  }

  /**
   * The one command that comes first, which is then all that matters; otherwise all of them. What a
   * command has is found by reflection, and to do that for all would be most of a start's time.
   */
  private static List<RetuneCommand.Entry> named(List<String> args) {
    for (var command : RetuneCommand.COMMANDS) {
      if (!args.isEmpty() && args.getFirst().equals(command.name())) {
        return List.of(command);
      }
    }
    return RetuneCommand.COMMANDS;
  }

  /** The whole command line, with every command. */
  static CommandLine commandLine(Console console) {
    return commandLine(console, RetuneCommand.COMMANDS);
  }

  private static CommandLine commandLine(Console console, List<RetuneCommand.Entry> commands) {
    var session = new Session(console, new ClusterOptions());
    var name = System.getProperty("retune.command", "retune");
    var factory = new Commands(session);
    var commandLine = new CommandLine(RetuneCommand.class, factory);
    commandLine.addMixin("cluster", session.outer());
    for (var command : commands) {
      commandLine.addSubcommand(new CommandLine(command.type(), factory));
    }
    addHelp(commandLine);
    return commandLine
        .setCommandName(name)
        .setOut(console.out())
        .setErr(console.err())
        .setColorScheme(Help.defaultColorScheme(console.colors() ? Help.Ansi.ON : Help.Ansi.OFF))
        .setUsageHelpWidth(USAGE_WIDTH)
        .setUsageHelpLongOptionsMaxWidth(28)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((wrong, _) -> usage(wrong, console))
        .setExecutionExceptionHandler((wrong, command, _) -> failed(wrong, command, console));
  }

  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    command.getSubcommands().values().forEach(Main::addHelp);
  }

  private static int usage(ParameterException wrong, Console console) {
    var command = wrong.getCommandLine();
    if (RetuneCommand.NO_COMMAND.equals(wrong.getMessage())) {
      command.usage(console.err());
      return ExitCode.USAGE;
    }
    console.err().println("error: " + inWords(wrong));
    if (wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      var near = Spelling.near(unmatched.getUnmatched().getFirst(), words(command));
      if (!near.isEmpty()) {
        console.err().println("did you mean " + String.join(" or ", near) + "?");
      }
    }
    console
        .err()
        .println(
            "see '" + command.getCommandSpec().qualifiedName() + " --help' for how it is used");
    return ExitCode.USAGE;
  }

  private static List<String> words(CommandLine command) {
    var words = new ArrayList<>(command.getSubcommands().keySet());
    words.addAll(command.getCommandSpec().optionsMap().keySet());
    return words;
  }

  private static String inWords(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      var argument = unmatched.getUnmatched().getFirst();
      var command = wrong.getCommandLine().getCommandSpec();
      if (argument.startsWith("-")) {
        return "unknown option " + argument + " for " + command.qualifiedName();
      }
      return command.subcommands().isEmpty()
          ? "unexpected argument \"" + argument + "\" for " + command.qualifiedName()
          : "there is no command \"" + argument + "\" in " + command.qualifiedName();
    }
    return String.valueOf(wrong.getMessage());
  }

  /** A command to which 1 means something else says in its annotation how it ends then. */
  private static int failed(Exception wrong, CommandLine command, Console console) {
    int failed = command.getCommandSpec().exitCodeOnExecutionException();
    return switch (wrong) {
      case Failure failure -> {
        console.err().println("error: " + failure.getMessage());
        if (!failure.next().isEmpty()) {
          console.err().println(failure.next());
        }
        yield Math.max(failure.exitCode(), failed);
      }
      case InterruptedException _ -> {
        Thread.currentThread().interrupt();
        yield failed;
      }
      default -> {
        console.err().println("error: " + wrong);
        wrong.printStackTrace(console.err());
        console.err().println("this is a bug in Retune; please report it with the lines above");
        yield failed;
      }
    };
  }

  /** Makes commands with the session they run in; everything else as picocli does. */
  private record Commands(Session session) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (var constructor : type.getDeclaredConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0] == Session.class) {
          return type.cast(constructor.newInstance(session));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
