package dev.retune.kubelet.document;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.SpecVersion;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the first document of a YAML stream from parser events. What follows the first document is
 * not looked at, as the kubelet does not. Aliases share nodes; what they would expand to is counted
 * and bounded, so a small document cannot become a large one.
 */
final class YamlReader {

  /** Values after expansion of all aliases; a kubelet configuration has some hundreds. */
  private static final long MAX_VALUES = 50_000;

  /** As many repeated keys as anybody reads; each is looked for in the document. */
  private static final int MOST_REPEATED = 50;

  private static final String MERGE_TAG = "tag:yaml.org,2002:merge";

  /** A node with what it expands to. */
  private record Part(Node node, long size, int depth) {}

  private final Iterator<Event> events;
  private final Map<String, Optional<Part>> anchors = new HashMap<>();
  private final List<Node.Entry> repeated = new ArrayList<>();
  private long expanded;
  private long aliased;

  private YamlReader(Iterator<Event> events) {
    this.events = events;
  }

  static Document read(String text) throws UnreadableException {
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setCodePointLimit(2 * Document.MAX_BYTES)
              // One read for the whole text: the parser copies what it holds for each further one.
              .setBufferSize(text.length() + 1)
              .build();
      YamlReader reader = new YamlReader(new Parse(settings).parseString(text).iterator());
      return new Document(reader.document(), List.copyOf(reader.repeated));
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      throw new UnreadableException(
          "this is no YAML: " + e.getProblem(),
          mark.map(m -> m.getLine() + 1).orElse(0),
          mark.map(m -> m.getColumn() + 1).orElse(0));
    } catch (YamlEngineException e) {
      throw new UnreadableException("this is no YAML: " + firstLine(e.getMessage()), 0, 0);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
      // The parser meets some malformed escapes and tags with these instead of its own exceptions.
      throw new UnreadableException("this is no YAML", 0, 0);
    }
  }

  private static String firstLine(@Nullable String message) {
    if (message == null) {
      return "malformed";
    }
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private Node document() throws UnreadableException {
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof DocumentStartEvent start) {
        checkVersion(start);
        Node root = part(events.next(), 0).node();
        checkAliases();
        // Ends the document: content that continues it wrongly is found here.
        events.next();
        return root;
      }
    }
    return new Node.Null(1, 1);
  }

  private static void checkVersion(DocumentStartEvent start) throws UnreadableException {
    Optional<SpecVersion> version = start.getSpecVersion();
    if (version.isPresent() && (version.get().getMajor() != 1 || version.get().getMinor() != 1)) {
      throw new UnreadableException(
          "%YAML " + version.get().getMajor() + "." + version.get().getMinor() + "; 1.1 is read",
          line(start),
          1);
    }
  }

  /** Nearly all of a document may come out of aliases, but not all, as in the kubelet's library. */
  private void checkAliases() throws UnreadableException {
    if (aliased > 100 && expanded > 1000 && aliased > 0.99 * expanded) {
      throw new UnreadableException(
          "nearly all of this YAML comes out of aliases: "
              + aliased
              + " of "
              + expanded
              + " values",
          0,
          0);
    }
  }

  private Part part(Event event, int depth) throws UnreadableException {
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth);
    }
    if (!(event instanceof NodeEvent node)) {
      throw new UnreadableException("this is no YAML: a value is missing", line(event), 0);
    }
    Optional<String> anchor = node.getAnchor().map(a -> a.getValue());
    anchor.ifPresent(name -> anchors.put(name, Optional.empty()));
    count(1);
    Part part =
        switch (event) {
          case ScalarEvent scalar -> new Part(scalar(scalar), 1, 0);
          case CollectionStartEvent start -> collection(start, depth);
          default -> throw new UnreadableException("this is no YAML", line(event), 0);
        };
    anchor.ifPresent(name -> anchors.put(name, Optional.of(part)));
    return part;
  }

  private Part alias(AliasEvent alias, int depth) throws UnreadableException {
    String name = alias.getAlias().getValue();
    Optional<Part> known = anchors.get(name);
    if (known == null) {
      throw new UnreadableException(
          "there is no anchor \"" + name + "\" before this alias", line(alias), column(alias));
    }
    if (known.isEmpty()) {
      throw new UnreadableException(
          "the anchor \"" + name + "\" contains itself", line(alias), column(alias));
    }
    Part part = known.get();
    if (depth + part.depth() > Document.MAX_DEPTH) {
      throw tooDeep(alias);
    }
    aliased += part.size();
    count(part.size() + 1);
    return part;
  }

  private void count(long more) throws UnreadableException {
    expanded += more;
    if (expanded > MAX_VALUES) {
      throw new UnreadableException(
          "this YAML has more than "
              + MAX_VALUES
              + " values, those that its aliases repeat included",
          0,
          0);
    }
  }

  private static UnreadableException tooDeep(Event at) {
    return new UnreadableException(
        "nested deeper than " + Document.MAX_DEPTH + " levels", line(at), column(at));
  }

  private static Node scalar(ScalarEvent scalar) throws UnreadableException {
    String tag = scalar.getTag().orElse("");
    boolean unspecific = tag.equals("!");
    return YamlScalars.resolve(
        unspecific ? "" : tag,
        unspecific || scalar.isPlain(),
        scalar.getValue(),
        line(scalar),
        column(scalar));
  }

  private Part collection(CollectionStartEvent start, int depth) throws UnreadableException {
    if (depth >= Document.MAX_DEPTH) {
      throw tooDeep(start);
    }
    return start.getEventId() == Event.ID.SequenceStart
        ? sequence(start, depth + 1)
        : mapping(start, depth + 1);
  }

  private Part sequence(Event start, int depth) throws UnreadableException {
    List<Node> elements = new ArrayList<>();
    long size = 1;
    int below = 0;
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      Part element = part(event, depth);
      elements.add(element.node());
      size += element.size();
      below = Math.max(below, element.depth());
      event = events.next();
    }
    return new Part(new Node.Sequence(elements, line(start), column(start)), size, below + 1);
  }

  private Part mapping(Event start, int depth) throws UnreadableException {
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    long size = 1;
    int below = 0;
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      boolean merge = isMerge(event);
      Part key = part(event, depth);
      Part value = part(events.next(), depth);
      size += key.size() + value.size();
      below = Math.max(below, value.depth());
      if (merge) {
        merge(value.node(), entries, event);
      } else {
        String name = key(key.node());
        Node.Entry entry = new Node.Entry(name, value.node(), line(event), column(event));
        if (entries.put(name, entry) != null && repeated.size() < MOST_REPEATED) {
          repeated.add(entry);
        }
      }
      event = events.next();
    }
    Node node = new Node.Mapping(new ArrayList<>(entries.values()), line(start), column(start));
    return new Part(node, size, below + 1);
  }

  private static boolean isMerge(Event event) {
    return event instanceof ScalarEvent scalar
        && scalar.getValue().equals("<<")
        && scalar.getTag().map(MERGE_TAG::equals).orElse(scalar.isPlain());
  }

  /** Later values win, also over keys that stood before the merge, as in the kubelet's library. */
  private void merge(Node value, Map<String, Node.Entry> entries, Event at)
      throws UnreadableException {
    switch (value) {
      case Node.Mapping mapping -> mergeOne(mapping, entries);
      case Node.Sequence sequence -> {
        for (Node element : sequence.elements().reversed()) {
          if (!(element instanceof Node.Mapping mapping)) {
            throw noMerge(at);
          }
          mergeOne(mapping, entries);
        }
      }
      default -> throw noMerge(at);
    }
  }

  private void mergeOne(Node.Mapping mapping, Map<String, Node.Entry> entries)
      throws UnreadableException {
    count(mapping.entries().size());
    for (Node.Entry entry : mapping.entries()) {
      entries.put(entry.key(), entry);
    }
  }

  private static UnreadableException noMerge(Event at) {
    return new UnreadableException(
        "<< merges an object or a list of objects", line(at), column(at));
  }

  private static String key(Node key) throws UnreadableException {
    return switch (key) {
      case Node.Text t -> t.value();
      case Node.Numeral n -> n.text();
      case Node.Bool b -> Boolean.toString(b.value());
      case Node.Null n ->
          throw new UnreadableException("null cannot be a key", n.line(), n.column());
      case Node.Sequence s ->
          throw new UnreadableException("a list cannot be a key", s.line(), s.column());
      case Node.Mapping m ->
          throw new UnreadableException("an object cannot be a key", m.line(), m.column());
    };
  }

  private static int line(Event event) {
    return event.getStartMark().map(m -> m.getLine() + 1).orElse(0);
  }

  private static int column(Event event) {
    return event.getStartMark().map(m -> m.getColumn() + 1).orElse(0);
  }
}
