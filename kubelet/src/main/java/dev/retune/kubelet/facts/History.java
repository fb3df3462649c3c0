package dev.retune.kubelet.facts;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.document.Node;

/**
 * Which minor brought and which one took a field or a gate, for those that did not always exist.
 */
public final class History {

  private History() {}

  /** A remark on a top-level field this version does not know; empty when no version knows it. */
  public static String ofField(String name, KubeletVersion version) {
    return remark("fields", name, version);
  }

  /** A remark on a gate this version does not know; empty when no version knows it. */
  public static String ofGate(String name, KubeletVersion version) {
    return remark("gates", name, version);
  }

  private static String remark(String kind, String name, KubeletVersion version) {
    for (Node.Entry entry : Facts.mapping(Facts.resource("history.json"), kind).entries()) {
      if (entry.key().equals(name) && entry.value() instanceof Node.Sequence range) {
        int first = minor(range.elements().getFirst());
        int last = minor(range.elements().getLast());
        return version.minor() < first
            ? ", which came with " + new KubeletVersion(first)
            : ", which " + new KubeletVersion(last) + " was the last to know";
      }
    }
    return "";
  }

  private static int minor(Node node) {
    return node instanceof Node.Numeral number ? Integer.parseInt(number.text()) : 0;
  }
}
