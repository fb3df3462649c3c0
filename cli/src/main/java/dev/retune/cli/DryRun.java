package dev.retune.cli;

/** {@code --dry-run}, as kubectl means it. */
enum DryRun {
  /** Do it. */
  none,
  /** Only print what would be sent. */
  client,
  /** Let the server check it without storing it. */
  server;

  /** What a write's path ends in. */
  String query() {
    return this == server ? "?dryRun=All" : "";
  }

  /** What a line about the outcome ends in. */
  String suffix() {
    return this == none ? "" : " (" + name() + " dry run)";
  }

  /** The option itself. */
  static final class Option {
    @picocli.CommandLine.Option(
        names = "--dry-run",
        arity = "0..1",
        fallbackValue = "client",
        paramLabel = "client|server",
        description =
            "Change nothing: client only shows the object, server has it checked by the API"
                + " server too.")
    private DryRun mode = none;

    DryRun mode() {
      return mode;
    }
  }
}
