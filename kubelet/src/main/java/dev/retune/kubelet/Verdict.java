package dev.retune.kubelet;

/** What a kubelet makes of a document, in the order in which it finds out. */
public enum Verdict {
  /** The document cannot be read: bad syntax, a value of the wrong type, or another kind. */
  DECODE,
  /** A feature gate is unknown to this version, locked to its default, or lacks one it needs. */
  GATES,
  /** The document was read and then refused by the kubelet's own validation. */
  INVALID,
  /** The kubelet starts with it, as far as the document alone can tell. */
  VALID
}
