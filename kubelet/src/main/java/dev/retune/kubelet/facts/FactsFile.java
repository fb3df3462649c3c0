package dev.retune.kubelet.facts;

import dev.retune.kubelet.document.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The resource of one minor: sections with a line for each fact, a name and what is said of it. A
 * format of its own, because every start of a command reads it, and reads nothing else before it.
 */
final class FactsFile {

  /** A name and what is said of it. */
  record Line(String name, String text) {}

  private final Map<String, List<Line>> sections = new LinkedHashMap<>();

  private FactsFile() {}

  static FactsFile read(String resource) {
    String text;
    try (InputStream in = Facts.open(resource)) {
      text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    FactsFile file = new FactsFile();
    List<Line> section = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('\n', at);
      if (text.charAt(at) == ' ') {
        int space = text.indexOf(' ', at + 2);
        section.add(new Line(text.substring(at + 2, space), text.substring(space + 1, end)));
      } else {
        section = new ArrayList<>();
        file.sections.put(text.substring(at, end), section);
      }
      at = end + 1;
    }
    return file;
  }

  List<Line> section(String name) {
    return Objects.requireNonNull(sections.get(name), () -> "no section " + name);
  }

  /** The same for a section that not every file has. */
  List<Line> sectionOrNone(String name) {
    return sections.getOrDefault(name, List.of());
  }

  /** A section whose names are ways through objects and whose texts are values, as an object. */
  Node.Mapping tree(String name) {
    Node.Mapping root = empty();
    for (Line line : section(name)) {
      Node.Mapping at = root;
      int from = 0;
      for (int slash = line.name().indexOf('/');
          slash > 0;
          slash = line.name().indexOf('/', from)) {
        at = child(at, line.name().substring(from, slash));
        from = slash + 1;
      }
      at.entries().add(new Node.Entry(line.name().substring(from), value(line.text()), 0, 0));
    }
    return root;
  }

  private static Node.Mapping empty() {
    return new Node.Mapping(new ArrayList<>(), 0, 0);
  }

  private static Node.Mapping child(Node.Mapping parent, String name) {
    for (Node.Entry entry : parent.entries()) {
      if (entry.key().equals(name)) {
        return (Node.Mapping) entry.value();
      }
    }
    Node.Mapping child = empty();
    parent.entries().add(new Node.Entry(name, child, 0, 0));
    return child;
  }

  /**
   * A value in JSON's spelling; objects are empty, and strings have nothing in them that needs an
   * escape.
   */
  private static Node value(String text) {
    char first = text.charAt(0);
    if (first == '"') {
      return new Node.Text(text.substring(1, text.length() - 1), 0, 0);
    }
    if (first == '{') {
      return empty();
    }
    if (first == '[') {
      List<Node> elements = new ArrayList<>();
      for (String element : text.substring(1, text.length() - 1).split(", ", -1)) {
        elements.add(value(element));
      }
      return new Node.Sequence(elements, 0, 0);
    }
    return first == 't' || first == 'f'
        ? new Node.Bool(first == 't', 0, 0)
        : new Node.Numeral(text, 0, 0);
  }
}
