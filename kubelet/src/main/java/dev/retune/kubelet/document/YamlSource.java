package dev.retune.kubelet.document;

/**
 * The characters of a YAML stream and the place in it. Past the end there is nothing but zeros.
 * YAML 1.1 knows five line breaks; those of Unicode stay as they are in the values that hold them.
 */
final class YamlSource {

  private static final int NEXT_LINE = 0x85;
  private static final int LINE_SEPARATOR = 0x2028;
  private static final int PARAGRAPH_SEPARATOR = 0x2029;

  /** No rule looks further ahead than this. */
  private static final int LOOK_AHEAD = 10;

  private final int[] text;
  private int at;
  private int line = 1;
  private int column;

  private YamlSource(int[] text) {
    this.text = text;
  }

  /**
   * Takes the text.
   *
   * @throws UnreadableException for characters that YAML does not allow
   */
  static YamlSource of(String text) throws UnreadableException {
    int[] characters = new int[text.codePointCount(0, text.length()) + LOOK_AHEAD];
    int line = 1;
    int length = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(characters[length++])) {
      int c = text.codePointAt(i);
      characters[length] = c;
      if (c == '\n') {
        line++;
      }
      if (!isAllowed(c)) {
        throw new UnreadableException(
            String.format("this is no YAML: the character U+%04X is not allowed", c), line, 0);
      }
    }
    return new YamlSource(characters);
  }

  private static boolean isAllowed(int c) {
    if (c < ' ') {
      return c == '\t' || c == '\n' || c == '\r';
    }
    return c <= '~' || c == NEXT_LINE || (c >= 0xa0 && c <= 0xfffd) || c > 0xffff;
  }

  /** How many characters were taken. */
  int at() {
    return at;
  }

  /** The line from 1. */
  int line() {
    return line;
  }

  /** The column from 0. */
  int column() {
    return column;
  }

  int peek() {
    return text[at];
  }

  int peek(int ahead) {
    return text[at + ahead];
  }

  boolean isEnd() {
    return text[at] == 0;
  }

  boolean isBlank() {
    return isBlank(0);
  }

  boolean isBlank(int ahead) {
    return text[at + ahead] == ' ' || text[at + ahead] == '\t';
  }

  boolean isBreak() {
    return isBreak(0);
  }

  boolean isBreak(int ahead) {
    int c = text[at + ahead];
    return c == '\n'
        || c == '\r'
        || c == NEXT_LINE
        || c == LINE_SEPARATOR
        || c == PARAGRAPH_SEPARATOR;
  }

  boolean isBreakOrEnd() {
    return isBreak(0) || isEnd();
  }

  /** Whether a word ends there. */
  boolean isGap(int ahead) {
    return isBlank(ahead) || isBreak(ahead) || text[at + ahead] == 0;
  }

  /** A character of names: of anchors, tags and directives. */
  boolean isName() {
    int c = text[at];
    return isDigit() || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  }

  boolean isDigit() {
    return text[at] >= '0' && text[at] <= '9';
  }

  /** The value of a hexadecimal digit; -1 when it is none. */
  int hex(int ahead) {
    int c = text[at + ahead];
    return c > 'f' ? -1 : Character.digit(c, 16);
  }

  /** Whether a line starts here with three of that character and a gap. */
  boolean isMarker(char c) {
    return column == 0 && text[at] == c && text[at + 1] == c && text[at + 2] == c && isGap(3);
  }

  void skip() {
    at++;
    column++;
  }

  void skip(int count) {
    at += count;
    column += count;
  }

  void skipBlanks() {
    while (isBlank()) {
      skip();
    }
  }

  void skipComment() {
    if (text[at] == '#') {
      while (!isBreakOrEnd()) {
        skip();
      }
    }
  }

  void read(StringBuilder into) {
    into.appendCodePoint(text[at]);
    skip();
  }

  /** Takes a line break if there is one, and appends it as it counts in a value. */
  void readLine(StringBuilder into) {
    if (isBreak()) {
      boolean kept = text[at] == LINE_SEPARATOR || text[at] == PARAGRAPH_SEPARATOR;
      into.append(kept ? (char) text[at] : '\n');
      skipLine();
    }
  }

  void skipLine() {
    if (isBreak()) {
      at += text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1;
      column = 0;
      line++;
    }
  }

  /** A fault at this place. */
  UnreadableException fault(String reason) {
    return fault(reason, line, column + 1);
  }

  static UnreadableException fault(String reason, int line, int column) {
    return new UnreadableException("this is no YAML: " + reason, line, column);
  }
}
