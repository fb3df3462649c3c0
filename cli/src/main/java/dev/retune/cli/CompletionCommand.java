package dev.retune.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code retune completion SHELL}. */
@Command(
    name = "completion",
    description = "Print a script that completes commands and options in a shell.",
    footer = {
      "",
      "Examples:",
      "  source <(retune completion bash)",
      "  retune completion bash > /etc/bash_completion.d/retune",
      "  source <(retune completion zsh)                       in ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {
  /** Shells there is a script for; zsh reads bash's through its bashcompinit. */
  enum Shell {
    bash,
    zsh
  }

  private final Console console;

  @Parameters(paramLabel = "bash|zsh", description = "The shell.")
  private Shell shell = Shell.bash;

  CompletionCommand(Session session) {
    this.console = session.console();
  }

  @Override
  public Integer call() {
    var script = AutoComplete.bash("retune", Main.commandLine(console));
    console
        .out()
        .print(
            switch (shell) {
              case bash -> script;
              case zsh -> "autoload -U +X bashcompinit && bashcompinit\n" + script;
            });
    console.out().flush();
    return ExitCode.DONE;
  }
}
