package dev.retune.cli.demo;

import java.io.PrintWriter;
import java.io.Writer;

/** Puts what a command prints under the line that was typed, as it comes. */
final class Indented extends Writer {
  private static final String INDENT = "     ";

  private final PrintWriter out;
  private boolean lineStart = true;

  Indented(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void write(char[] text, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (lineStart && text[i] != '\n') {
        out.print(INDENT);
      }
      out.print(text[i]);
      lineStart = text[i] == '\n';
    }
    out.flush();
  }

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void close() {
    flush();
  }
}
