package dev.retune.kubelet.document;

import dev.retune.kubelet.document.YamlScalars.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts the nodes of a YAML document together: keys, merges, repeated keys and aliases. */
final class YamlParts {

  /** Values after expansion of all aliases; a kubelet configuration has some hundreds. */
  private static final long MAX_VALUES = 50_000;

  /** As many repeated keys as anybody reads; each is looked for in the document. */
  private static final int MOST_REPEATED = 50;

  /**
   * A node with what it expands to.
   *
   * @param scalar the value, when it is a scalar
   * @param merges whether it is the key that merges another object
   * @param alias whether it stands elsewhere
   */
  record Part(
      Node node, Optional<Scalar> scalar, boolean merges, boolean alias, long size, int depth) {}

  private final List<Node.Entry> repeated = new ArrayList<>();

  /** What cannot become JSON. It is no fault when a later value takes its place. */
  private final IdentityHashMap<Node, String> faults = new IdentityHashMap<>();

  /** The entries of the objects so far, to merge them. */
  private final IdentityHashMap<Node, Map<Object, Node.Entry>> keyed = new IdentityHashMap<>();

  private long expanded;
  private long aliased;

  List<Node.Entry> repeated() {
    return List.copyOf(repeated);
  }

  void count(long more) throws UnreadableException {
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

  static UnreadableException tooDeep(YamlToken at) {
    return new UnreadableException(
        "nested deeper than " + Document.MAX_DEPTH + " levels", at.line(), at.column());
  }

  Part scalar(String tag, boolean plain, String text, YamlToken at) throws UnreadableException {
    Scalar scalar = YamlScalars.resolve(tag, plain, text, at);
    Node node = scalar.node(at.line(), at.column());
    if (!scalar.isFinite()) {
      faults.put(node, text + " cannot be carried over to JSON, as the kubelet does");
    }
    return new Part(node, Optional.of(scalar), YamlScalars.isMerge(tag, plain, text), false, 1, 0);
  }

  Part aliased(Part part, YamlToken alias, int depth) throws UnreadableException {
    if (depth + part.depth() > Document.MAX_DEPTH) {
      throw tooDeep(alias);
    }
    aliased += part.size();
    count(part.size() + 1);
    return new Part(part.node(), part.scalar(), false, true, part.size(), part.depth());
  }

  Sequence sequence(YamlToken start) {
    return new Sequence(start);
  }

  Mapping mapping(YamlToken start) {
    return new Mapping(start);
  }

  /** The root, once it is known that it can become JSON. */
  Node whole(Part root) throws UnreadableException {
    // Nearly all of a document may come out of aliases, but not all, as in the kubelet's library.
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
    if (!faults.isEmpty()) {
      check(root.node());
    }
    return root.node() instanceof Node.Mapping mapping ? likeJson(mapping) : root.node();
  }

  private void check(Node node) throws UnreadableException {
    String fault = faults.get(node);
    if (fault != null) {
      throw new UnreadableException(fault, node.line(), node.column());
    }
    switch (node) {
      case Node.Sequence sequence -> {
        for (Node element : sequence.elements()) {
          check(element);
        }
      }
      case Node.Mapping mapping -> {
        for (Node.Entry entry : mapping.entries()) {
          check(entry.value());
        }
      }
      default -> {}
    }
  }

  /**
   * JSON made of YAML has its keys sorted. That is seen only where the kubelet takes the last of
   * keys that differ in upper and lower case: kind and apiVersion.
   */
  private static Node likeJson(Node.Mapping root) {
    Set<String> names = new HashSet<>();
    boolean unique = true;
    for (Node.Entry entry : root.entries()) {
      unique &= names.add(entry.key().toLowerCase(Locale.ROOT));
    }
    if (unique) {
      return root;
    }
    List<Node.Entry> sorted = new ArrayList<>(root.entries());
    sorted.sort(Comparator.comparing(Node.Entry::key));
    return new Node.Mapping(sorted, root.line(), root.column());
  }

  /** A list under construction. */
  static final class Sequence {
    private final YamlToken start;
    private final List<Node> elements = new ArrayList<>();
    private long size = 1;
    private int below;

    private Sequence(YamlToken start) {
      this.start = start;
    }

    void add(Part element) {
      elements.add(element.node());
      size += element.size();
      below = Math.max(below, element.depth());
    }

    Part end() {
      Node node = new Node.Sequence(elements, start.line(), start.column());
      return new Part(node, Optional.empty(), false, false, size, below + 1);
    }
  }

  /** An object under construction. */
  final class Mapping {
    private final YamlToken start;

    /** By the key's type and value: the number 1 and the string "1" are two keys in YAML. */
    private final Map<Object, Node.Entry> entries = new LinkedHashMap<>();

    private String fault = "";
    private long size = 1;
    private int below;

    private Mapping(YamlToken start) {
      this.start = start;
    }

    void add(Part key, Part value) throws UnreadableException {
      size += key.size() + value.size();
      below = Math.max(below, value.depth());
      if (key.merges()) {
        merge(key.node(), value);
        return;
      }
      Node at = key.node();
      if (key.scalar().isEmpty()) {
        throw new UnreadableException(at.kind() + " cannot be a key", at.line(), at.column());
      }
      Scalar scalar = key.scalar().get();
      if (!scalar.isKey()) {
        fault = scalar.name() + " cannot be a key";
      }
      put(scalar, new Node.Entry(scalar.name(), value.node(), at.line(), at.column()));
    }

    private void put(Object identity, Node.Entry entry) {
      if (entries.put(identity, entry) != null && repeated.size() < MOST_REPEATED) {
        repeated.add(entry);
      }
    }

    /**
     * Later values win, also over keys that stood before the merge, as in the kubelet's library.
     */
    private void merge(Node at, Part value) throws UnreadableException {
      switch (value.node()) {
        case Node.Mapping mapping -> mergeOne(mapping);
        case Node.Sequence sequence when !value.alias() -> {
          for (Node element : sequence.elements().reversed()) {
            if (!(element instanceof Node.Mapping mapping)) {
              throw noMerge(at);
            }
            mergeOne(mapping);
          }
        }
        default -> throw noMerge(at);
      }
    }

    private void mergeOne(Node.Mapping mapping) throws UnreadableException {
      count(mapping.entries().size());
      keyed.getOrDefault(mapping, Map.of()).forEach(this::put);
      fault = faults.getOrDefault(mapping, fault);
    }

    private UnreadableException noMerge(Node at) {
      return new UnreadableException(
          "<< merges an object or a list of objects", at.line(), at.column());
    }

    Part end() {
      Map<String, Node.Entry> byName = LinkedHashMap.newLinkedHashMap(entries.size());
      entries.values().forEach(entry -> byName.put(entry.key(), entry));
      Node.Mapping node =
          new Node.Mapping(new ArrayList<>(byName.values()), start.line(), start.column());
      keyed.put(node, entries);
      if (!fault.isEmpty()) {
        faults.put(node, fault);
      }
      return new Part(node, Optional.empty(), false, false, size, below + 1);
    }
  }
}
