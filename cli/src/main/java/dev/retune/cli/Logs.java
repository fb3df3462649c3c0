package dev.retune.cli;

import java.io.IOException;
import java.nio.file.Path;

/** Where what agents log goes: {@code System.Logger} is the JDK's own logging here. */
public final class Logs {
  private Logs() {}

  /**
   * One line each on stderr, without a time: the journal has its own. The runtime that is shipped
   * has no java.logging, and java.base alone then writes to stderr.
   */
  static void forJournal() {
    if (ModuleLayer.boot().findModule("java.logging").isPresent()) {
      JavaLogging.toStderr("%4$s %5$s%6$s%n");
    } else {
      System.setProperty("jdk.system.logger.format", "%4$s %5$s%6$s%n");
    }
  }

  /** Into a file, out of the way of what a person reads; needs java.logging. */
  public static void toFile(Path file) throws IOException {
    JavaLogging.toFile(file, "%1$tFT%1$tT.%1$tL %4$s %5$s%6$s%n");
  }
}
