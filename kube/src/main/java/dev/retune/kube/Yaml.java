package dev.retune.kube;

import java.math.BigDecimal;
import java.math.BigInteger;
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
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * YAML as the plain trees of {@link Json}: YAML 1.2's core schema, so {@code yes} and {@code 0644}
 * stay what they look like and there are no dates. Keys become strings, a key twice is refused, as
 * are tags of one's own, nesting deeper than {@link Json#MAX_DEPTH} and documents that aliases blow
 * up beyond {@value #MAX_NODES} values.
 */
public final class Yaml {

  private static final int MAX_NODES = 1_000_000;
  private static final ScalarResolver SCALARS = new CoreScalarResolver(true);

  private final Iterator<Event> events;
  private final Map<Anchor, @Nullable Object> anchors = new HashMap<>();
  private int nodes;

  private Yaml(Iterator<Event> events) {
    this.events = events;
  }

  /**
   * The only document in {@code text}; null when there is none.
   *
   * @throws YamlFormatException when it is no such YAML, or more than one document
   */
  public static @Nullable Object parse(String text) {
    List<@Nullable Object> documents = parseAll(text);
    if (documents.size() > 1) {
      throw new YamlFormatException(
          "one YAML document was expected, not " + documents.size() + " separated by ---");
    }
    return documents.isEmpty() ? null : documents.getFirst();
  }

  /**
   * The only document in {@code text}, which must be an object.
   *
   * @throws YamlFormatException otherwise
   */
  public static Map<String, @Nullable Object> parseObject(String text) {
    if (parse(text) instanceof Map<?, ?> map) {
      return Tree.asObject(map);
    }
    throw new YamlFormatException("a YAML object (name: value) was expected");
  }

  /**
   * All documents in {@code text}, empty ones left out.
   *
   * @throws YamlFormatException when one of them is no such YAML
   */
  public static List<@Nullable Object> parseAll(String text) {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
    List<@Nullable Object> documents = new ArrayList<>();
    try {
      Yaml yaml = new Yaml(new Parse(settings).parseString(text).iterator());
      while (yaml.events.hasNext()) {
        Event event = yaml.events.next();
        if (event instanceof NodeEvent node) {
          Object document = yaml.node(node, 1);
          if (document != null) {
            documents.add(document);
          }
          yaml.anchors.clear();
        }
      }
    } catch (MarkedYamlEngineException e) {
      throw new YamlFormatException("no YAML" + at(e.getProblemMark()) + ": " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new YamlFormatException("no YAML: " + e.getMessage());
    }
    return documents;
  }

  /** {@code value} as a block-style document with a line end, keys in their order. */
  public static String write(@Nullable Object value) {
    return YamlText.of(value);
  }

  private @Nullable Object node(NodeEvent event, int depth) {
    if (depth > Json.MAX_DEPTH) {
      throw refused(event, "nested deeper than " + Json.MAX_DEPTH);
    }
    if (++nodes > MAX_NODES) {
      throw refused(event, "more than " + MAX_NODES + " values");
    }
    if (event instanceof AliasEvent alias) {
      Anchor anchor = alias.getAnchor().orElseThrow();
      if (!anchors.containsKey(anchor)) {
        throw refused(event, "alias *" + anchor + " has no anchor before it");
      }
      return copied(anchors.get(anchor), event, depth);
    }
    Object value =
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event);
          case SequenceStart -> sequence(depth);
          case MappingStart -> mapping(depth);
          default -> throw refused(event, "unexpected " + event.getEventId());
        };
    event.getAnchor().ifPresent(anchor -> anchors.put(anchor, value));
    return value;
  }

  private List<@Nullable Object> sequence(int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    while (events.next() instanceof NodeEvent item) {
      list.add(node(item, depth + 1));
    }
    return list;
  }

  private Map<String, @Nullable Object> mapping(int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    List<Map<String, @Nullable Object>> merged = new ArrayList<>();
    while (events.next() instanceof NodeEvent keyEvent) {
      Object key = node(keyEvent, depth + 1);
      Object value = node((NodeEvent) events.next(), depth + 1);
      if (key instanceof Map<?, ?> || key instanceof List<?>) {
        throw refused(keyEvent, "a key must be a scalar");
      }
      if (keyEvent instanceof ScalarEvent scalar
          && scalar.isPlain()
          && scalar.getValue().equals("<<")) {
        merge(keyEvent, value, merged);
        continue;
      }
      String name = String.valueOf(key);
      if (map.containsKey(name)) {
        throw refused(keyEvent, "key \"" + name + "\" is there twice");
      }
      map.put(name, value);
    }
    for (Map<String, @Nullable Object> defaults : merged) {
      defaults.forEach((name, value) -> {
        if (!map.containsKey(name)) {
          map.put(name, value);
        }
      });
    }
    return map;
  }

  private static void merge(
      NodeEvent event, @Nullable Object value, List<Map<String, @Nullable Object>> merged) {
    switch (value) {
      case Map<?, ?> map -> merged.add(Tree.asObject(map));
      case List<?> list -> list.forEach(item -> merge(event, item, merged));
      case null, default -> throw refused(event, "<< merges objects only");
    }
  }

  private @Nullable Object scalar(ScalarEvent event) {
    String text = event.getValue();
    Optional<String> explicit = event.getTag();
    Tag tag =
        explicit.isPresent() && !explicit.get().equals("!")
            ? new Tag(explicit.get())
            : SCALARS.resolve(text, event.isPlain() && explicit.isEmpty());
    try {
      if (tag.equals(Tag.STR) || tag.equals(Tag.MERGE) || tag.equals(Tag.BINARY)) {
        return text;
      } else if (tag.equals(Tag.NULL)) {
        return null;
      } else if (tag.equals(Tag.BOOL)) {
        return Boolean.valueOf(text);
      } else if (tag.equals(Tag.INT)) {
        return integer(text);
      } else if (tag.equals(Tag.FLOAT)) {
        return Json.fraction(new BigDecimal(bounded(text)));
      }
    } catch (NumberFormatException e) {
      throw refused(event, "not a number that JSON has: " + text);
    }
    throw refused(event, "tag " + tag.getValue() + " is not known");
  }

  private static Number integer(String text) {
    BigInteger number;
    if (text.startsWith("0x")) {
      number = new BigInteger(bounded(text.substring(2)), 16);
    } else if (text.startsWith("0o")) {
      number = new BigInteger(bounded(text.substring(2)), 8);
    } else {
      number = new BigInteger(bounded(text));
    }
    return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
  }

  private static String bounded(String digits) {
    if (digits.length() > 1000) {
      throw new NumberFormatException("more than 1000 digits");
    }
    return digits;
  }

  /** An alias is a copy, so that no two places of a tree share what one of them may change. */
  private @Nullable Object copied(@Nullable Object value, NodeEvent event, int depth) {
    if (++nodes > MAX_NODES || depth > Json.MAX_DEPTH) {
      throw refused(event, "aliases make it larger than " + MAX_NODES + " values");
    }
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, inner) -> copy.put((String) name, copied(inner, event, depth + 1)));
        yield copy;
      }
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        list.forEach(inner -> copy.add(copied(inner, event, depth + 1)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  private static YamlFormatException refused(Event event, String why) {
    return new YamlFormatException("no YAML" + at(event.getStartMark()) + ": " + why);
  }

  private static String at(Optional<Mark> mark) {
    return mark.map(m -> " at line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1))
        .orElse("");
  }
}
