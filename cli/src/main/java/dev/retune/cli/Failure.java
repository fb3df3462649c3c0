package dev.retune.cli;

/** A command that cannot go on: what is wrong, with which value, and what to do next. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String next;
  private final int exitCode;

  private Failure(String message, String next, int exitCode) {
    super(message, null, false, false);
    this.next = next;
    this.exitCode = exitCode;
  }

  /** Refused or failed: exit code 1. */
  public static Failure of(String message, String next) {
    return new Failure(message, next, ExitCode.FAILED);
  }

  /** Asked for in a way that cannot be: exit code 2. */
  static Failure usage(String message, String next) {
    return new Failure(message, next, ExitCode.USAGE);
  }

  /** The next step; empty when the message says it all. */
  String next() {
    return next;
  }

  int exitCode() {
    return exitCode;
  }
}
