package dev.retune.kubelet.document;

import dev.retune.kubelet.document.YamlToken.Kind;

/** Scans the scalars that indentation delimits: plain ones and blocks. */
final class YamlBlocks {

  private YamlBlocks() {}

  /**
   * Scans a value without quotation marks.
   *
   * @param indent how far right its further lines stand at least
   * @param into receives its text
   * @return whether it ended with a line
   */
  static boolean plain(YamlSource source, int indent, boolean inFlow, StringBuilder into)
      throws UnreadableException {
    YamlFolding gap = new YamlFolding();
    while (!source.isMarker('-') && !source.isMarker('.') && source.peek() != '#') {
      while (!source.isGap(0) && !endsPlain(source, inFlow)) {
        gap.flush(into);
        source.read(into);
      }
      if (!source.isBlank() && !source.isBreak()) {
        break;
      }
      while (source.isBlank() || source.isBreak()) {
        if (gap.brokeLine() && source.column() < indent && source.peek() == '\t') {
          throw source.fault("there is a tab in the indentation");
        }
        gap.take(source);
      }
      if (!inFlow && source.column() < indent) {
        break;
      }
    }
    return gap.brokeLine();
  }

  private static boolean endsPlain(YamlSource source, boolean inFlow) {
    int c = source.peek();
    return (c == ':' && source.isGap(1)) || (inFlow && ",?[]{}".indexOf(c) >= 0);
  }

  /** Scans a block that starts with a bar or an angle bracket. */
  static YamlToken block(YamlSource source, int parent) throws UnreadableException {
    int line = source.line();
    int column = source.column() + 1;
    final boolean literal = source.peek() == '|';
    source.skip();
    int chomping = chomping(source);
    final int increment = increment(source);
    if (chomping == 0) {
      chomping = chomping(source);
    }
    source.skipBlanks();
    source.skipComment();
    if (!source.isBreakOrEnd()) {
      throw source.fault("only a comment may follow the sign that starts a block");
    }
    source.skipLine();
    StringBuilder text = new StringBuilder();
    StringBuilder lineBreak = new StringBuilder();
    StringBuilder emptyLines = new StringBuilder();
    int indent = increment == 0 ? 0 : Math.max(parent, 0) + increment;
    indent = emptyLines(source, indent, parent, emptyLines);
    boolean blankBefore = false;
    while (source.column() == indent && !source.isEnd()) {
      boolean blank = source.isBlank();
      boolean folds = !literal && !blankBefore && !blank && startsWithNewline(lineBreak);
      if (!folds) {
        text.append(lineBreak);
      } else if (emptyLines.isEmpty()) {
        text.append(' ');
      }
      text.append(emptyLines);
      lineBreak.setLength(0);
      emptyLines.setLength(0);
      blankBefore = blank;
      while (!source.isBreakOrEnd()) {
        source.read(text);
      }
      source.readLine(lineBreak);
      emptyLines(source, indent, parent, emptyLines);
    }
    if (chomping >= 0) {
      text.append(lineBreak);
    }
    if (chomping > 0) {
      text.append(emptyLines);
    }
    return YamlToken.of(Kind.SCALAR, text.toString(), line, column);
  }

  private static boolean startsWithNewline(StringBuilder text) {
    return !text.isEmpty() && text.charAt(0) == '\n';
  }

  private static int chomping(YamlSource source) {
    int c = source.peek();
    if (c != '+' && c != '-') {
      return 0;
    }
    source.skip();
    return c == '+' ? 1 : -1;
  }

  private static int increment(YamlSource source) throws UnreadableException {
    if (!source.isDigit()) {
      return 0;
    }
    int digit = source.peek() - '0';
    if (digit == 0) {
      throw source.fault("the indentation of a block is at least 1");
    }
    source.skip();
    return digit;
  }

  /** Takes empty lines and the indentation of the next line; answers the block's indentation. */
  private static int emptyLines(YamlSource source, int indent, int parent, StringBuilder into)
      throws UnreadableException {
    int furthest = 0;
    while (true) {
      while ((indent == 0 || source.column() < indent) && source.peek() == ' ') {
        source.skip();
      }
      furthest = Math.max(furthest, source.column());
      if ((indent == 0 || source.column() < indent) && source.peek() == '\t') {
        throw source.fault("there is a tab in the indentation");
      }
      if (!source.isBreak()) {
        return indent == 0 ? Math.max(Math.max(furthest, parent + 1), 1) : indent;
      }
      source.readLine(into);
    }
  }
}
