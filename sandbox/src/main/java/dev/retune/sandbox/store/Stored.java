package dev.retune.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One revision of one object: serialised once, never changed, shared by every reader. */
public final class Stored {
  private final Key key;
  private final long revision;
  private final byte[] json;

  Stored(Key key, long revision, byte[] json) {
    this.key = key;
    this.revision = revision;
    this.json = json;
  }

  public Key key() {
    return key;
  }

  /** The value of the store's one counter when this revision was written. */
  public long revision() {
    return revision;
  }

  /** The object as JSON, without a newline. Shared: callers must not write to it. */
  public byte[] json() {
    return json;
  }

  /** A fresh tree that the caller may change. */
  public ObjectNode tree() {
    return Json.parseObject(json);
  }
}
