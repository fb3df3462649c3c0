package dev.retune.kube;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes plain trees as YAML that both YAML 1.1 (Go's, in the kubelet and kubectl) and 1.2 read as
 * the same values: a string that either would take for something else is written as a JSON string,
 * which is YAML too.
 */
final class YamlText {

  private static final Pattern WORDS =
      Pattern.compile("[A-Za-z0-9_/.][A-Za-z0-9_/.,+=@%()<>;~$^*&!?'\"\\\\\\[\\]{}| :#-]*");
  private static final Pattern LIKE_A_NUMBER =
      Pattern.compile("[-+.]?[0-9][-+0-9_,.:eExXoOa-fA-FtTzZ ]*");
  private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){2,}");
  private static final Set<String> RESERVED =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", ".nan", ".inf");

  private final StringBuilder out = new StringBuilder();

  private YamlText() {}

  static String of(@Nullable Object value) {
    YamlText text = new YamlText();
    text.block(value, 0);
    return text.out.toString();
  }

  private void block(@Nullable Object value, int indent) {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> entries(map, indent, false);
      case Collection<?> items when !items.isEmpty() -> items(items, indent);
      case null, default -> out.append(scalar(value)).append('\n');
    }
  }

  private void entries(Map<?, ?> map, int indent, boolean firstInPlace) {
    boolean inPlace = firstInPlace;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!inPlace) {
        out.repeat(' ', indent);
      }
      inPlace = false;
      out.append(scalar(String.valueOf(entry.getKey()))).append(':');
      after(entry.getValue(), indent);
    }
  }

  private void after(@Nullable Object value, int indent) {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> {
        out.append('\n');
        entries(map, indent + 2, false);
      }
      case Collection<?> items when !items.isEmpty() -> {
        out.append('\n');
        items(items, indent);
      }
      case String text when isBlock(text) -> {
        out.append(text.endsWith("\n") ? " |\n" : " |-\n");
        text.lines()
            .forEach(line -> {
              if (!line.isEmpty()) {
                out.repeat(' ', indent + 2).append(line);
              }
              out.append('\n');
            });
      }
      case null, default -> out.append(' ').append(scalar(value)).append('\n');
    }
  }

  private void items(Collection<?> items, int indent) {
    for (Object item : items) {
      out.repeat(' ', indent).append('-');
      switch (item) {
        case Map<?, ?> map when !map.isEmpty() -> {
          out.append(' ');
          entries(map, indent + 2, true);
        }
        case Collection<?> inner when !inner.isEmpty() -> {
          out.append('\n');
          items(inner, indent + 2);
        }
        case null, default -> after(item, indent);
      }
    }
  }

  private static String scalar(@Nullable Object value) {
    return value instanceof String text && isPlain(text)
        ? text
        : new String(Json.write(value), StandardCharsets.UTF_8);
  }

  private static boolean isPlain(String text) {
    return WORDS.matcher(text).matches()
        && !text.endsWith(" ")
        && !text.endsWith(":")
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.startsWith("---")
        && !text.startsWith("...")
        && !RESERVED.contains(text.toLowerCase(Locale.ROOT))
        && (!LIKE_A_NUMBER.matcher(text).matches() || ADDRESS.matcher(text).matches());
  }

  /**
   * A literal block keeps these bytes: printable lines, the first not indented, at most one line
   * end.
   */
  private static boolean isBlock(String text) {
    int lineEnd = text.indexOf('\n');
    if (lineEnd < 0 || text.endsWith("\n\n") || text.charAt(0) == ' ' || lineEnd == 0) {
      return false;
    }
    return text.chars()
        .allMatch(
            c -> c == '\n' || c == '\t' || (c >= ' ' && c < 0x7f) || (c >= 0xa0 && c < 0x2028));
  }
}
