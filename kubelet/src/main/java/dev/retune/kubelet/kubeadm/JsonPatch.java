package dev.retune.kubelet.kubeadm;

import dev.retune.kubelet.document.JsonWriter;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.Node.Entry;
import dev.retune.kubelet.document.Node.Mapping;
import dev.retune.kubelet.document.Node.Sequence;
import dev.retune.kubelet.document.UnreadableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A JSON patch (RFC 6902): operations on places named by pointers (RFC 6901). */
final class JsonPatch {

  private JsonPatch() {}

  /** What the operations make of a document, all of them or none. */
  static Mapping apply(Mapping document, Node operations) throws UnreadableException {
    if (!(operations instanceof Sequence list)) {
      throw new UnreadableException(
          operations.kind() + " is no JSON patch; a list of operations is needed", 0, 0);
    }
    Node result = document;
    for (Node operation : list.elements()) {
      result = perform(result, operation);
    }
    if (result instanceof Mapping mapping) {
      return mapping;
    }
    throw new UnreadableException("the patch leaves " + result.kind() + " of the document", 0, 0);
  }

  private static Node perform(Node document, Node operation) throws UnreadableException {
    String op = text(operation, "op");
    List<String> path = pointer(text(operation, "path"));
    return switch (op) {
      case "add" -> add(document, path, value(operation));
      case "remove" -> edit(document, path, (at, key) -> remove(at, key));
      case "replace" -> {
        Node value = value(operation);
        existing(document, path);
        yield path.isEmpty() ? value : edit(document, path, (at, key) -> set(at, key, value));
      }
      case "move" -> {
        List<String> from = pointer(text(operation, "from"));
        Node moved = existing(document, from);
        yield add(edit(document, from, (at, key) -> remove(at, key)), path, moved);
      }
      case "copy" -> add(document, path, existing(document, pointer(text(operation, "from"))));
      case "test" -> {
        Node wanted = value(operation);
        if (!JsonWriter.compact(existing(document, path)).equals(JsonWriter.compact(wanted))) {
          throw new UnreadableException("the test of /" + String.join("/", path) + " fails", 0, 0);
        }
        yield document;
      }
      default ->
          throw new UnreadableException("\"" + op + "\" is no operation of a JSON patch", 0, 0);
    };
  }

  /** Changes the object or list that has the last step of a way. */
  private interface Edit {
    Node at(Node parent, String key) throws UnreadableException;
  }

  private static Node add(Node document, List<String> path, Node value) throws UnreadableException {
    return path.isEmpty() ? value : edit(document, path, (at, key) -> insert(at, key, value));
  }

  private static Node edit(Node at, List<String> path, Edit edit) throws UnreadableException {
    if (path.isEmpty()) {
      throw new UnreadableException("the document as a whole cannot be removed", 0, 0);
    }
    String key = path.getFirst();
    if (path.size() == 1) {
      return edit.at(at, key);
    }
    Node below = child(at, key).orElseThrow(() -> missing(key));
    return set(at, key, edit(below, path.subList(1, path.size()), edit));
  }

  private static Node insert(Node parent, String key, Node value) throws UnreadableException {
    if (parent instanceof Sequence list) {
      List<Node> elements = new ArrayList<>(list.elements());
      elements.add(key.equals("-") ? elements.size() : index(key, elements.size()), value);
      return new Sequence(elements, list.line(), list.column());
    }
    return set(parent, key, value);
  }

  private static Node set(Node parent, String key, Node value) throws UnreadableException {
    return switch (parent) {
      case Mapping mapping -> {
        List<Entry> entries = new ArrayList<>(mapping.entries());
        entries.removeIf(entry -> entry.key().equals(key));
        entries.add(new Entry(key, value, value.line(), value.column()));
        yield new Mapping(entries, mapping.line(), mapping.column());
      }
      case Sequence list -> {
        List<Node> elements = new ArrayList<>(list.elements());
        elements.set(index(key, elements.size() - 1), value);
        yield new Sequence(elements, list.line(), list.column());
      }
      default -> throw missing(key);
    };
  }

  private static Node remove(Node parent, String key) throws UnreadableException {
    if (child(parent, key).isEmpty()) {
      throw missing(key);
    }
    return switch (parent) {
      case Mapping mapping ->
          new Mapping(
              mapping.entries().stream().filter(entry -> !entry.key().equals(key)).toList(),
              mapping.line(),
              mapping.column());
      case Sequence list -> {
        List<Node> elements = new ArrayList<>(list.elements());
        elements.remove(index(key, elements.size() - 1));
        yield new Sequence(elements, list.line(), list.column());
      }
      default -> throw missing(key);
    };
  }

  private static Optional<Node> child(Node parent, String key) throws UnreadableException {
    return switch (parent) {
      case Mapping mapping ->
          mapping.entries().stream()
              .filter(entry -> entry.key().equals(key))
              .map(Entry::value)
              .reduce((first, last) -> last);
      case Sequence list ->
          Optional.of(list.elements().get(index(key, list.elements().size() - 1)));
      default -> Optional.empty();
    };
  }

  private static Node existing(Node document, List<String> path) throws UnreadableException {
    Node at = document;
    for (String key : path) {
      at = child(at, key).orElseThrow(() -> missing(key));
    }
    return at;
  }

  private static int index(String key, int most) throws UnreadableException {
    if (!key.matches("0|[1-9][0-9]{0,8}") || Integer.parseInt(key) > most) {
      throw new UnreadableException("a list has no index \"" + key + "\" here", 0, 0);
    }
    return Integer.parseInt(key);
  }

  private static List<String> pointer(String text) throws UnreadableException {
    if (text.isEmpty()) {
      return List.of();
    }
    if (!text.startsWith("/")) {
      throw new UnreadableException("\"" + text + "\" is no pointer: it starts with /", 0, 0);
    }
    UnaryOperator<String> unescaped = part -> part.replace("~1", "/").replace("~0", "~");
    return Arrays.stream(text.substring(1).split("/", -1)).map(unescaped).toList();
  }

  private static Node value(Node operation) throws UnreadableException {
    return child(operation, "value")
        .orElseThrow(() -> new UnreadableException("an operation has no \"value\"", 0, 0));
  }

  private static String text(Node operation, String member) throws UnreadableException {
    Optional<Node> value =
        operation instanceof Mapping ? child(operation, member) : Optional.empty();
    if (value.isPresent() && value.get() instanceof Node.Text text) {
      return text.value();
    }
    throw new UnreadableException("an operation needs a string \"" + member + "\"", 0, 0);
  }

  private static UnreadableException missing(String key) {
    return new UnreadableException("there is no \"" + key + "\" where the patch wants it", 0, 0);
  }
}
