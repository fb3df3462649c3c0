package dev.retune.sandbox.server;

import java.io.IOException;

/** Leaves a handler so that the connection is closed without the end of the answer. */
final class ConnectionDropped extends IOException {
  private static final long serialVersionUID = 1L;

  ConnectionDropped() {
    super("dropped on order");
  }
}
