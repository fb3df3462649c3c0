package dev.retune.sandbox.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.patch.Shape.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Path elements of field sets: fields, keys and values of list items. */
final class Elements {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Elements() {}

  static String field(String name) {
    return "f:" + name;
  }

  /** The element of an item of a list that is merged; empty when it has none of the keys. */
  static Optional<String> item(Shape list, JsonNode item) {
    if (!(list.kind() instanceof Kind.KeyedList(List<String> keys))) {
      return Optional.of("v:" + item);
    }
    Map<String, JsonNode> values = new TreeMap<>();
    for (String key : keys) {
      JsonNode value = item.path(key);
      if (!value.isMissingNode()) {
        values.put(key, value);
      } else if (!list.keyDefault(key).isEmpty()) {
        values.put(key, parse(list.keyDefault(key)));
      }
    }
    return values.isEmpty() ? Optional.empty() : Optional.of(keyElement(values));
  }

  private static String keyElement(Map<String, JsonNode> values) {
    ObjectNode key = MAPPER.createObjectNode();
    values.forEach(key::set);
    return "k:" + key;
  }

  /** An element read from a managed field entry, in the form {@link #item} gives it. */
  static String normalize(String element) {
    if (element.startsWith("v:")) {
      return "v:" + parse(element.substring(2));
    } else if (element.startsWith("k:") && parse(element.substring(2)) instanceof ObjectNode key) {
      Map<String, JsonNode> values = new TreeMap<>();
      key.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
      return keyElement(values);
    }
    return element;
  }

  /** The element as messages have it: {@code .name}, {@code [name="a"]} or {@code [="a"]}. */
  static String show(String element) {
    String text = element.substring(2);
    if (element.startsWith("k:")) {
      return parse(text).properties().stream()
          .map(field -> field.getKey() + "=" + field.getValue())
          .collect(Collectors.joining(",", "[", "]"));
    } else if (element.startsWith("v:")) {
      return "[=" + text + "]";
    } else if (element.startsWith("i:")) {
      return "[" + text + "]";
    }
    return "." + text;
  }

  static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw PatchRejected.malformed("managedFields have a path element that is no JSON: " + json);
    }
  }
}
