package dev.retune.kubelet.document;

import dev.retune.kubelet.document.YamlToken.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the first document of a YAML stream. What follows the first document is not looked at, as
 * the kubelet does not. Aliases share nodes; what they would expand to is counted and bounded, so a
 * small document cannot become a large one.
 */
final class YamlReader {

  private static final String STANDARD = "tag:yaml.org,2002:";

  /** The properties a node can have before it. */
  private record Properties(String anchor, String tag) {}

  private final YamlScanner scanner;
  private final YamlParts parts = new YamlParts();
  private final Map<String, String> handles = new HashMap<>();
  private final Map<String, Optional<YamlParts.Part>> anchors = new HashMap<>();

  private YamlReader(YamlScanner scanner) {
    this.scanner = scanner;
  }

  static Document read(String text) throws UnreadableException {
    YamlReader reader = new YamlReader(new YamlScanner(YamlSource.of(text)));
    Node root = reader.document();
    return new Document(root, reader.parts.repeated());
  }

  private Node document() throws UnreadableException {
    if (peekIs(Kind.STREAM_END)) {
      return new Node.Null(1, 1);
    }
    boolean explicit = peekIs(Kind.VERSION, Kind.TAG_DIRECTIVE, Kind.DOCUMENT_START);
    if (explicit) {
      directives();
    }
    handles.putIfAbsent("!", "!");
    handles.putIfAbsent("!!", STANDARD);
    boolean empty =
        explicit
            && peekIs(
                Kind.VERSION,
                Kind.TAG_DIRECTIVE,
                Kind.DOCUMENT_START,
                Kind.DOCUMENT_END,
                Kind.STREAM_END);
    YamlParts.Part root = empty ? nothing() : node(0, true, false);
    // The scanner goes on to what ends the document: a fault there is one of the document.
    scanner.peek();
    return parts.whole(root);
  }

  private void directives() throws UnreadableException {
    boolean versioned = false;
    while (!peekIs(Kind.DOCUMENT_START)) {
      YamlToken token = scanner.next();
      if (token.is(Kind.VERSION)) {
        if (versioned || !token.value().equals("1.1")) {
          throw new UnreadableException(
              "%YAML " + token.value() + "; 1.1 is read, and said once", token.line(), 1);
        }
        versioned = true;
      } else if (!token.is(Kind.TAG_DIRECTIVE)) {
        throw YamlSource.fault("--- is missing after the directives", token.line(), token.column());
      } else if (handles.put(token.value(), token.suffix()) != null) {
        throw YamlSource.fault("%TAG " + token.value() + " is given twice", token.line(), 1);
      }
    }
    scanner.next();
  }

  private boolean peekIs(Kind... kinds) throws UnreadableException {
    return scanner.peek().is(kinds);
  }

  private boolean takeIf(Kind kind) throws UnreadableException {
    if (!peekIs(kind)) {
      return false;
    }
    scanner.next();
    return true;
  }

  /**
   * Reads a node.
   *
   * @param block whether lists and objects by indentation are allowed
   * @param indentless whether the elements of a list may stand as far left as the key it belongs to
   */
  private YamlParts.Part node(int depth, boolean block, boolean indentless)
      throws UnreadableException {
    YamlToken start = scanner.peek();
    if (start.is(Kind.ALIAS)) {
      return alias(scanner.next(), depth);
    }
    Properties properties = properties();
    if (!properties.anchor().isEmpty()) {
      anchors.put(properties.anchor(), Optional.empty());
    }
    parts.count(1);
    YamlParts.Part part = content(start, properties, depth, block, indentless);
    if (!properties.anchor().isEmpty()) {
      anchors.put(properties.anchor(), Optional.of(part));
    }
    return part;
  }

  private YamlParts.Part content(
      YamlToken start, Properties properties, int depth, boolean block, boolean indentless)
      throws UnreadableException {
    YamlToken token = scanner.peek();
    boolean list =
        token.is(Kind.FLOW_SEQUENCE)
            || (block && token.is(Kind.BLOCK_SEQUENCE))
            || (indentless && token.is(Kind.BLOCK_ENTRY));
    boolean object = token.is(Kind.FLOW_MAPPING) || (block && token.is(Kind.BLOCK_MAPPING));
    if ((list || object) && depth >= Document.MAX_DEPTH) {
      throw YamlParts.tooDeep(token);
    }
    if (list) {
      return switch (token.kind()) {
        case BLOCK_ENTRY -> indentlessSequence(start, depth + 1);
        case BLOCK_SEQUENCE -> blockSequence(start, depth + 1);
        default -> flowSequence(start, depth + 1);
      };
    }
    if (object) {
      return token.is(Kind.BLOCK_MAPPING)
          ? blockMapping(start, depth + 1)
          : flowMapping(start, depth + 1);
    }
    if (token.is(Kind.SCALAR)) {
      scanner.next();
      boolean plain = properties.tag().isEmpty() && token.plain();
      return parts.scalar(properties.tag(), plain, token.value(), start);
    }
    if (!properties.anchor().isEmpty() || !properties.tag().isEmpty()) {
      return parts.scalar(properties.tag(), properties.tag().isEmpty(), "", start);
    }
    throw YamlSource.fault("a value is missing", token.line(), token.column());
  }

  private Properties properties() throws UnreadableException {
    String anchor = "";
    String tag = "";
    if (peekIs(Kind.ANCHOR)) {
      anchor = scanner.next().value();
    }
    if (peekIs(Kind.TAG)) {
      tag = tag(scanner.next());
      if (anchor.isEmpty() && peekIs(Kind.ANCHOR)) {
        anchor = scanner.next().value();
      }
    }
    return new Properties(anchor, tag);
  }

  private String tag(YamlToken token) throws UnreadableException {
    if (token.value().isEmpty()) {
      return token.suffix();
    }
    String prefix = handles.get(token.value());
    if (prefix == null) {
      throw YamlSource.fault(
          "no %TAG says what " + token.value() + " is", token.line(), token.column());
    }
    return prefix + token.suffix();
  }

  private YamlParts.Part alias(YamlToken alias, int depth) throws UnreadableException {
    Optional<YamlParts.Part> known = anchors.get(alias.value());
    if (known == null) {
      throw new UnreadableException(
          "there is no anchor \"" + alias.value() + "\" before this alias",
          alias.line(),
          alias.column());
    }
    if (known.isEmpty()) {
      throw new UnreadableException(
          "the anchor \"" + alias.value() + "\" contains itself", alias.line(), alias.column());
    }
    return parts.aliased(known.get(), alias, depth);
  }

  /** What stands where there is nothing. */
  private YamlParts.Part nothing() throws UnreadableException {
    parts.count(1);
    return parts.scalar("", true, "", scanner.peek());
  }

  private YamlParts.Part nodeUnless(int depth, boolean block, boolean indentless, Kind... kinds)
      throws UnreadableException {
    return peekIs(kinds) ? nothing() : node(depth, block, indentless);
  }

  private YamlParts.Part blockSequence(YamlToken start, int depth) throws UnreadableException {
    YamlParts.Sequence sequence = parts.sequence(start);
    scanner.next();
    while (takeIf(Kind.BLOCK_ENTRY)) {
      sequence.add(nodeUnless(depth, true, false, Kind.BLOCK_ENTRY, Kind.BLOCK_END));
    }
    end(Kind.BLOCK_END, "the next element of the list, or its end, is missing");
    return sequence.end();
  }

  private YamlParts.Part indentlessSequence(YamlToken start, int depth) throws UnreadableException {
    YamlParts.Sequence sequence = parts.sequence(start);
    while (takeIf(Kind.BLOCK_ENTRY)) {
      sequence.add(
          nodeUnless(depth, true, false, Kind.BLOCK_ENTRY, Kind.KEY, Kind.VALUE, Kind.BLOCK_END));
    }
    return sequence.end();
  }

  private YamlParts.Part blockMapping(YamlToken start, int depth) throws UnreadableException {
    YamlParts.Mapping mapping = parts.mapping(start);
    scanner.next();
    while (takeIf(Kind.KEY)) {
      YamlParts.Part key = nodeUnless(depth, true, true, Kind.KEY, Kind.VALUE, Kind.BLOCK_END);
      YamlParts.Part value =
          takeIf(Kind.VALUE)
              ? nodeUnless(depth, true, true, Kind.KEY, Kind.VALUE, Kind.BLOCK_END)
              : nothing();
      mapping.add(key, value);
    }
    end(Kind.BLOCK_END, "the next key of the object, or its end, is missing");
    return mapping.end();
  }

  private YamlParts.Part flowSequence(YamlToken start, int depth) throws UnreadableException {
    YamlParts.Sequence sequence = parts.sequence(start);
    scanner.next();
    while (!peekIs(Kind.FLOW_SEQUENCE_END)) {
      YamlToken token = scanner.peek();
      sequence.add(takeIf(Kind.KEY) ? pair(token, depth) : node(depth, false, false));
      if (!takeIf(Kind.FLOW_ENTRY)) {
        break;
      }
    }
    end(Kind.FLOW_SEQUENCE_END, "a comma or ] is missing");
    return sequence.end();
  }

  /** An object of one entry without braces, in a list in brackets. */
  private YamlParts.Part pair(YamlToken start, int depth) throws UnreadableException {
    if (depth >= Document.MAX_DEPTH) {
      throw YamlParts.tooDeep(start);
    }
    parts.count(1);
    YamlParts.Mapping mapping = parts.mapping(start);
    YamlParts.Part key;
    if (peekIs(Kind.VALUE, Kind.FLOW_ENTRY, Kind.FLOW_SEQUENCE_END)) {
      // The kubelet's library takes that token for the key, and so the value has none before it.
      scanner.next();
      key = nothing();
    } else {
      key = node(depth + 1, false, false);
    }
    YamlParts.Part value =
        takeIf(Kind.VALUE)
            ? nodeUnless(depth + 1, false, false, Kind.FLOW_ENTRY, Kind.FLOW_SEQUENCE_END)
            : nothing();
    mapping.add(key, value);
    return mapping.end();
  }

  private YamlParts.Part flowMapping(YamlToken start, int depth) throws UnreadableException {
    YamlParts.Mapping mapping = parts.mapping(start);
    scanner.next();
    while (!peekIs(Kind.FLOW_MAPPING_END)) {
      if (takeIf(Kind.KEY)) {
        YamlParts.Part key =
            nodeUnless(depth, false, false, Kind.VALUE, Kind.FLOW_ENTRY, Kind.FLOW_MAPPING_END);
        YamlParts.Part value =
            takeIf(Kind.VALUE)
                ? nodeUnless(depth, false, false, Kind.FLOW_ENTRY, Kind.FLOW_MAPPING_END)
                : nothing();
        mapping.add(key, value);
      } else {
        mapping.add(node(depth, false, false), nothing());
      }
      if (!takeIf(Kind.FLOW_ENTRY)) {
        break;
      }
    }
    end(Kind.FLOW_MAPPING_END, "a comma or } is missing");
    return mapping.end();
  }

  private void end(Kind kind, String otherwise) throws UnreadableException {
    YamlToken token = scanner.peek();
    if (!token.is(kind)) {
      throw YamlSource.fault(otherwise, token.line(), token.column());
    }
    scanner.next();
  }
}
