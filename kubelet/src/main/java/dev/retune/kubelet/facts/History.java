package dev.retune.kubelet.facts;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.document.Node;
import java.util.HashMap;
import java.util.Map;

/**
 * Which minor brought and which one took a field or a gate, for those that did not always exist.
 */
public final class History {

  private record Range(int first, int last) {}

  private History() {}

  /** A remark on a top-level field this version does not know; empty when no version knows it. */
  public static String ofField(String name, KubeletVersion version) {
    return remark(Holder.FIELDS, name, version);
  }

  /** A remark on a gate this version does not know; empty when no version knows it. */
  public static String ofGate(String name, KubeletVersion version) {
    return remark(Holder.GATES, name, version);
  }

  private static String remark(Map<String, Range> ranges, String name, KubeletVersion version) {
    Range range = ranges.get(name);
    if (range == null) {
      return "";
    }
    return version.minor() < range.first()
        ? ", which came with " + new KubeletVersion(range.first())
        : ", which " + new KubeletVersion(range.last()) + " was the last to know";
  }

  private static Map<String, Range> read(String kind) {
    Map<String, Range> ranges = new HashMap<>();
    for (Node.Entry entry : Facts.mapping(Facts.resource("history.json"), kind).entries()) {
      if (entry.value() instanceof Node.Sequence range) {
        int first = Facts.number(range.elements().getFirst());
        ranges.put(entry.key(), new Range(first, Facts.number(range.elements().getLast())));
      }
    }
    return Map.copyOf(ranges);
  }

  /** Only read when something is unknown. */
  private static final class Holder {
    static final Map<String, Range> FIELDS = read("fields");
    static final Map<String, Range> GATES = read("gates");
  }
}
