package dev.retune.sandbox.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The command line and the environment of a unit's next start, expanded by the rules of
 * systemd.service(5) and systemd.exec(5).
 */
record UnitCommand(List<String> arguments, Map<String, String> environment) {

  private record Word(String text, boolean quoted) {}

  /**
   * Reads the environment files and expands the command.
   *
   * @throws IOException when a file that must be there is not, or the command is empty
   */
  static UnitCommand of(UnitSpec spec) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>(spec.environment());
    for (String file : spec.environmentFiles()) {
      boolean optional = file.startsWith("-");
      try {
        environment.putAll(
            variables(Files.readString(Path.of(optional ? file.substring(1) : file))));
      } catch (NoSuchFileException e) {
        if (!optional) {
          throw new IOException("environment file " + file + " does not exist", e);
        }
      }
    }
    List<String> arguments = new ArrayList<>();
    for (Word word : words(spec.execStart())) {
      String name = word.text().startsWith("$") ? word.text().substring(1) : "";
      if (!word.quoted() && name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        words(environment.getOrDefault(name, "")).forEach(part -> arguments.add(part.text()));
      } else {
        arguments.add(inline(word.text(), environment));
      }
    }
    if (arguments.isEmpty()) {
      throw new IOException(spec.name() + ": the command is empty");
    }
    return new UnitCommand(List.copyOf(arguments), environment);
  }

  /** {@code ${NAME}} inside a word: the value as it is, never split. */
  private static String inline(String word, Map<String, String> environment) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (int open = word.indexOf("${"); open >= 0; open = word.indexOf("${", at)) {
      int close = word.indexOf('}', open);
      if (close < 0) {
        break;
      }
      text.append(word, at, open)
          .append(environment.getOrDefault(word.substring(open + 2, close), ""));
      at = close + 1;
    }
    return text.append(word.substring(at)).toString();
  }

  /** Words divided by white space; quotes keep it, and a backslash keeps the character after it. */
  private static List<Word> words(String line) {
    List<Word> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    boolean quoted = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
        inWord = true;
      } else if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        quoted = true;
        inWord = true;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(new Word(word.toString(), quoted));
        }
        word.setLength(0);
        inWord = false;
        quoted = false;
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(new Word(word.toString(), quoted));
    }
    return words;
  }

  /**
   * The assignments of an environment file; other lines, and those that start with {@code #} or
   * {@code ;}, say nothing.
   */
  private static Map<String, String> variables(String file) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String line : file.replace("\\\n", "").split("\n", -1)) {
      String text = line.strip();
      int equals = text.indexOf('=');
      if (equals > 0 && !text.startsWith("#") && !text.startsWith(";")) {
        variables.put(
            text.substring(0, equals).strip(), unquoted(text.substring(equals + 1).strip()));
      }
    }
    return variables;
  }

  private static String unquoted(String value) {
    boolean quotes =
        value.length() >= 2
            && (value.startsWith("\"") || value.startsWith("'"))
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quotes ? value.substring(1, value.length() - 1) : value;
  }
}
