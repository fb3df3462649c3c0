package dev.retune.kubelet.document;

import dev.retune.kubelet.document.YamlToken.Kind;

/** Scans scalars in quotation marks. */
final class YamlQuotes {

  private YamlQuotes() {}

  static YamlToken scan(YamlSource source) throws UnreadableException {
    final int line = source.line();
    final int column = source.column() + 1;
    int quote = source.peek();
    boolean escapes = quote == '"';
    source.skip();
    StringBuilder text = new StringBuilder();
    while (true) {
      if (source.isMarker('-') || source.isMarker('.')) {
        throw source.fault("the document ends inside quotation marks");
      }
      if (source.isEnd()) {
        throw YamlSource.fault("the closing quotation mark is missing", line, column);
      }
      YamlFolding gap = new YamlFolding();
      while (!source.isGap(0)) {
        int c = source.peek();
        if (c == quote && !escapes && source.peek(1) == quote) {
          text.append('\'');
          source.skip(2);
        } else if (c == quote) {
          break;
        } else if (escapes && c == '\\' && source.isBreak(1)) {
          source.skip();
          source.skipLine();
          gap.breakLine();
          break;
        } else if (escapes && c == '\\') {
          escape(source, text);
        } else {
          source.read(text);
        }
      }
      if (source.peek() == quote) {
        break;
      }
      while (source.isBlank() || source.isBreak()) {
        gap.take(source);
      }
      gap.flush(text);
    }
    source.skip();
    return YamlToken.of(Kind.SCALAR, text.toString(), line, column);
  }

  private static void escape(YamlSource source, StringBuilder into) throws UnreadableException {
    int c = source.peek(1);
    int digits =
        switch (c) {
          case 'x' -> 2;
          case 'u' -> 4;
          case 'U' -> 8;
          default -> 0;
        };
    if (digits > 0) {
      into.appendCodePoint(numbered(source, digits));
      source.skip(2 + digits);
      return;
    }
    into.append(
        switch (c) {
          case '0' -> '\0';
          case 'a' -> '\u0007';
          case 'b' -> '\b';
          case 't', '\t' -> '\t';
          case 'n' -> '\n';
          case 'v' -> '\u000b';
          case 'f' -> '\f';
          case 'r' -> '\r';
          case 'e' -> '\u001b';
          case 'N' -> '\u0085';
          case '_' -> '\u00a0';
          case 'L' -> '\u2028';
          case 'P' -> '\u2029';
          case ' ', '"', '\'', '\\' -> (char) c;
          default -> throw source.fault("there is no such escape as \\" + Character.toString(c));
        });
    source.skip(2);
  }

  private static int numbered(YamlSource source, int digits) throws UnreadableException {
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = source.hex(2 + i);
      if (digit < 0) {
        throw source.fault(
            digits + " hexadecimal digits are needed after \\" + (char) source.peek(1));
      }
      value = value << 4 | digit;
    }
    if (value > Character.MAX_CODE_POINT || (value >= 0xd800 && value <= 0xdfff)) {
      throw source.fault("the escape is no character");
    }
    return (int) value;
  }
}
