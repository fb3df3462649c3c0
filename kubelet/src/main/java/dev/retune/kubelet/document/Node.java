package dev.retune.kubelet.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value as it stands in a document. Lines and columns count from 1; 0 is unknown. A node reached
 * through a YAML alias stands where its anchor is.
 */
public sealed interface Node {

  int line();

  int column();

  /** The word a person would use for this kind of value. */
  default String kind() {
    return switch (this) {
      case Null n -> "null";
      case Bool b -> "a boolean";
      case Numeral n -> "a number";
      case Text t -> "a string";
      case Sequence s -> "a list";
      case Mapping m -> "an object";
    };
  }

  /** Nothing. */
  record Null(int line, int column) implements Node {}

  /** True or false. */
  record Bool(boolean value, int line, int column) implements Node {}

  /** A number in the spelling JSON has for it. */
  record Numeral(String text, int line, int column) implements Node {}

  /** A string. */
  record Text(String value, int line, int column) implements Node {}

  /** A list. */
  record Sequence(List<Node> elements, int line, int column) implements Node {}

  /** An object; from JSON it can hold a key more than once, in the order of the document. */
  record Mapping(List<Entry> entries, int line, int column) implements Node {}

  /** One key of an object, with the place of the key. */
  record Entry(String key, Node value, int line, int column) {}

  /**
   * The node for a plain tree of maps, lists, strings, numbers, booleans and null.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Node ofTree(@Nullable Object tree) {
    return switch (tree) {
      case null -> new Null(0, 0);
      case Boolean b -> new Bool(b, 0, 0);
      case Number n -> new Numeral(n.toString(), 0, 0);
      case String s -> new Text(s, 0, 0);
      case List<?> list -> {
        List<Node> elements = new ArrayList<>(list.size());
        list.forEach(element -> elements.add(ofTree(element)));
        yield new Sequence(elements, 0, 0);
      }
      case Map<?, ?> map -> {
        List<Entry> entries = new ArrayList<>(map.size());
        map.forEach(
            (key, value) -> entries.add(new Entry(String.valueOf(key), ofTree(value), 0, 0)));
        yield new Mapping(entries, 0, 0);
      }
      default -> throw new IllegalArgumentException(tree.getClass() + " is no part of a tree");
    };
  }
}
