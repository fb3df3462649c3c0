package dev.retune.kubelet.document;

import dev.retune.kubelet.document.YamlToken.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Scans anchors, aliases, tags and directives. */
final class YamlNames {

  private YamlNames() {}

  static YamlToken anchor(YamlSource source, Kind kind) throws UnreadableException {
    int line = source.line();
    int column = source.column() + 1;
    source.skip();
    String name = name(source);
    if (name.isEmpty() || !(source.isGap(0) || "?:,]}%@`".indexOf(source.peek()) >= 0)) {
      throw source.fault("the names of anchors are made of a-z, A-Z, 0-9, _ and -");
    }
    return YamlToken.of(kind, name, line, column);
  }

  private static String name(YamlSource source) {
    StringBuilder name = new StringBuilder();
    while (source.isName()) {
      source.read(name);
    }
    return name.toString();
  }

  static YamlToken tag(YamlSource source) throws UnreadableException {
    int line = source.line();
    int column = source.column() + 1;
    String handle = "";
    String suffix;
    if (source.peek(1) == '<') {
      source.skip(2);
      suffix = uri(source, "");
      if (suffix.isEmpty() || source.peek() != '>') {
        throw source.fault("a tag in angle brackets does not end");
      }
      source.skip();
    } else {
      handle = handle(source);
      if (handle.length() > 1 && handle.endsWith("!")) {
        suffix = uri(source, "");
        if (suffix.isEmpty()) {
          throw source.fault("a tag has no name");
        }
      } else {
        suffix = uri(source, handle.substring(1));
        handle = "!";
        if (suffix.isEmpty()) {
          handle = "";
          suffix = "!";
        }
      }
    }
    if (!source.isGap(0)) {
      throw source.fault("a space is needed after a tag");
    }
    return new YamlToken(Kind.TAG, handle, suffix, false, line, column);
  }

  private static String handle(YamlSource source) throws UnreadableException {
    if (source.peek() != '!') {
      throw source.fault("the handle of a tag starts with !");
    }
    source.skip();
    String name = name(source);
    if (source.peek() != '!') {
      return "!" + name;
    }
    source.skip();
    return "!" + name + "!";
  }

  private static String uri(YamlSource source, String head) throws UnreadableException {
    StringBuilder uri = new StringBuilder(head);
    while (source.isName()
        || (!source.isEnd() && ";/?:@&=+$,.!~*'()[]%".indexOf(source.peek()) >= 0)) {
      if (source.peek() == '%') {
        escaped(source, uri);
      } else {
        source.read(uri);
      }
    }
    return uri.toString();
  }

  private static void escaped(YamlSource source, StringBuilder into) throws UnreadableException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (source.peek() == '%') {
      int high = source.hex(1);
      int low = high < 0 ? -1 : source.hex(2);
      if (low < 0) {
        throw source.fault("% starts an escape of two hexadecimal digits");
      }
      bytes.write(high << 4 | low);
      source.skip(3);
    }
    into.append(bytes.toString(StandardCharsets.UTF_8));
  }

  static YamlToken directive(YamlSource source) throws UnreadableException {
    int line = source.line();
    source.skip();
    String name = name(source);
    if (!source.isGap(0)) {
      throw source.fault("the name of a directive is made of letters");
    }
    YamlToken token =
        switch (name) {
          case "YAML" -> version(source, line);
          case "TAG" -> prefix(source, line);
          default -> throw source.fault("there is no such directive as %" + name);
        };
    source.skipBlanks();
    source.skipComment();
    if (!source.isBreakOrEnd()) {
      throw source.fault("only a comment may follow a directive");
    }
    source.skipLine();
    return token;
  }

  private static YamlToken version(YamlSource source, int line) throws UnreadableException {
    source.skipBlanks();
    int major = number(source);
    if (source.peek() != '.') {
      throw source.fault("a version is two numbers with a point");
    }
    source.skip();
    int minor = number(source);
    return YamlToken.of(Kind.VERSION, major + "." + minor, line, 1);
  }

  private static int number(YamlSource source) throws UnreadableException {
    int value = 0;
    int digits = 0;
    while (source.isDigit() && digits < 2) {
      value = value * 10 + source.peek() - '0';
      source.skip();
      digits++;
    }
    if (digits == 0 || source.isDigit()) {
      throw source.fault("a version is two numbers with a point");
    }
    return value;
  }

  private static YamlToken prefix(YamlSource source, int line) throws UnreadableException {
    source.skipBlanks();
    String handle = handle(source);
    if (!handle.equals("!") && !handle.endsWith("!")) {
      throw source.fault("the handle of a tag ends with !");
    }
    if (!source.isBlank()) {
      throw source.fault("a space is needed after the handle of a tag");
    }
    source.skipBlanks();
    String prefix = uri(source, "");
    if (prefix.isEmpty() || !source.isGap(0)) {
      throw source.fault("the prefix of a tag is missing or no URI");
    }
    return new YamlToken(Kind.TAG_DIRECTIVE, handle, prefix, false, line, 1);
  }
}
