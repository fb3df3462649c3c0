package dev.retune.kubelet.flags;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of {@code EnvironmentFile=}, such as kubeadm's {@code kubeadm-flags.env} and {@code
 * /etc/default/kubelet}, by the rules of systemd.exec(5): one assignment a line, comments behind
 * {@code #} and {@code ;} at the start of a line, values with or without quotes that may go over
 * several lines.
 */
final class EnvironmentFile {

  private final String text;
  private int at;
  private int line = 1;

  private EnvironmentFile(String text) {
    this.text = text;
  }

  /** The variables with their values; the last assignment to a name counts. */
  static Map<String, TracedText> parse(String text) {
    return new EnvironmentFile(text).parse();
  }

  private Map<String, TracedText> parse() {
    Map<String, TracedText> variables = new LinkedHashMap<>();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        next();
      } else if (c == '#' || c == ';') {
        skipLine();
      } else {
        int equals = text.indexOf('=', at);
        int end = text.indexOf('\n', at);
        if (equals < 0 || (end >= 0 && end < equals)) {
          skipLine();
          continue;
        }
        String name = text.substring(at, equals).strip();
        at = equals + 1;
        variables.put(name, value());
      }
    }
    return variables;
  }

  private char next() {
    char c = text.charAt(at++);
    if (c == '\n') {
      line++;
    }
    return c;
  }

  private void skipLine() {
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
  }

  private TracedText value() {
    TracedText value = new TracedText();
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    boolean quotedEnd = false;
    while (at < text.length() && text.charAt(at) != '\n') {
      int here = line;
      char c = next();
      quotedEnd = false;
      if (c == '\'' || c == '"') {
        quoted(value, c);
        quotedEnd = true;
      } else if (c == '\\' && at < text.length()) {
        char escaped = next();
        if (escaped != '\n') {
          value.add(escaped, here);
        }
      } else {
        value.add(c, here);
      }
    }
    return quotedEnd ? value : value.trimmed();
  }

  /** In single quotes nothing is special; in double quotes a backslash before a few characters. */
  private void quoted(TracedText value, char quote) {
    while (at < text.length() && text.charAt(at) != quote) {
      int here = line;
      char c = next();
      if (c == '\\' && quote == '"' && at < text.length()) {
        char escaped = next();
        if ("\"\\`$".indexOf(escaped) >= 0) {
          value.add(escaped, here);
        } else if (escaped != '\n') {
          value.add(c, here);
          value.add(escaped, here);
        }
      } else {
        value.add(c, here);
      }
    }
    at = Math.min(at + 1, text.length());
  }
}
