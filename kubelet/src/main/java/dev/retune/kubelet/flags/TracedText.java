package dev.retune.kubelet.flags;

import java.util.ArrayList;
import java.util.List;

/** Text put together from several lines of a file, that knows the line of each character. */
final class TracedText {

  private final StringBuilder text = new StringBuilder();
  private int[] lines = new int[64];

  void add(char c, int line) {
    if (text.length() == lines.length) {
      lines = java.util.Arrays.copyOf(lines, lines.length * 2);
    }
    lines[text.length()] = line;
    text.append(c);
  }

  void add(String more, int line) {
    for (int i = 0; i < more.length(); i++) {
      add(more.charAt(i), line);
    }
  }

  int length() {
    return text.length();
  }

  char at(int index) {
    return text.charAt(index);
  }

  /** The line of a character; the last one's for an index behind the end. */
  int line(int index) {
    return text.isEmpty() ? 0 : lines[Math.min(index, text.length() - 1)];
  }

  /** Drops white space at the end. */
  TracedText trimmed() {
    int end = text.length();
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    text.setLength(end);
    return this;
  }

  /** A part of it. */
  TracedText from(int start) {
    TracedText part = new TracedText();
    for (int i = start; i < length(); i++) {
      part.add(at(i), line(i));
    }
    return part;
  }

  /**
   * The words of it as systemd splits them: at white space outside of quotes, with the quotes taken
   * away and a backslash that makes the next character an ordinary one.
   *
   * @param escapes whether {@code \n}, {@code \t} and {@code \s} are a line feed, a tab and a space
   */
  List<TracedText> words(boolean escapes) {
    List<TracedText> words = new ArrayList<>();
    TracedText word = null;
    char quote = 0;
    for (int i = 0; i < length(); i++) {
      char c = at(i);
      if (quote == 0 && Character.isWhitespace(c)) {
        if (word != null) {
          words.add(word);
          word = null;
        }
        continue;
      }
      word = word == null ? new TracedText() : word;
      if (c == '\\' && i + 1 < length()) {
        i++;
        word.add(escapes ? unescaped(at(i)) : at(i), line(i));
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else {
        word.add(c, line(i));
      }
    }
    if (word != null) {
      words.add(word);
    }
    return words;
  }

  private static char unescaped(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 's' -> ' ';
      default -> c;
    };
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
