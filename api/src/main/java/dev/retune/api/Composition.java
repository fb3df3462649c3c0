package dev.retune.api;

/** How the assigned document and the node's local config become one. */
public enum Composition {
  /** The document is the whole config. */
  Replace,
  /** The document is merged over the local config: maps per key, lists replaced. */
  Overlay
}
