package dev.retune.kubelet;

import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.value.Words;

/** Reads what a document says it is. */
public final class Header {

  private static final String KIND = "KubeletConfiguration";
  private static final String API_VERSION = "kubelet.config.k8s.io/v1beta1";

  private Header() {}

  /**
   * The root object of a kubelet configuration.
   *
   * @throws UnreadableException when the document is something else or does not say what it is
   */
  public static Node.Mapping check(Node root) throws UnreadableException {
    Node.Mapping mapping = object(root);
    String kind = value(mapping, "kind", KIND);
    String apiVersion = value(mapping, "apiVersion", API_VERSION);
    if (!kind.equals(KIND) || !apiVersion.equals(API_VERSION)) {
      throw new UnreadableException(
          "this is a "
              + Words.quoted(kind)
              + " of "
              + Words.quoted(apiVersion)
              + "; a kubelet reads a \""
              + KIND
              + "\" of \""
              + API_VERSION
              + "\"",
          mapping.line(),
          mapping.column());
    }
    return mapping;
  }

  /**
   * The root object of a drop-in as kubelets 1.29 to 1.31 read it: it must name a kind, and any
   * will do.
   *
   * @throws UnreadableException when it names none
   */
  public static Node.Mapping checkAnyKind(Node root) throws UnreadableException {
    Node.Mapping mapping = object(root);
    value(mapping, "kind", KIND);
    return mapping;
  }

  private static Node.Mapping object(Node root) throws UnreadableException {
    if (root instanceof Node.Null) {
      throw new UnreadableException(
          "the document is empty; at least apiVersion and kind are needed", 0, 0);
    }
    if (!(root instanceof Node.Mapping mapping)) {
      throw new UnreadableException(
          root.kind() + " is no kubelet configuration; an object is needed",
          root.line(),
          root.column());
    }
    return mapping;
  }

  /** The kubelet finds these two without regard to upper and lower case; the last one counts. */
  private static String value(Node.Mapping mapping, String name, String wanted)
      throws UnreadableException {
    String value = "";
    boolean configz = false;
    for (Node.Entry entry : mapping.entries()) {
      configz |= entry.key().equals("kubeletconfig");
      if (!entry.key().equalsIgnoreCase(name)) {
        continue;
      }
      switch (entry.value()) {
        case Node.Text text -> value = text.value();
        case Node.Null n -> {}
        default ->
            throw new UnreadableException(
                name + " is " + entry.value().kind() + "; it must be \"" + wanted + "\"",
                entry.line(),
                entry.column());
      }
    }
    if (value.isEmpty()) {
      throw new UnreadableException(
          name
              + " is missing; it must be \""
              + wanted
              + "\""
              + (configz
                  ? " (this looks like the answer of /configz: take what is under"
                      + " \"kubeletconfig\" and add apiVersion and kind)"
                  : ""),
          mapping.line(),
          mapping.column());
    }
    return value;
  }
}
