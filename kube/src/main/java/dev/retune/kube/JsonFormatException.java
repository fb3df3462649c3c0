package dev.retune.kube;

import java.io.IOException;

/**
 * Bytes that are no JSON document, or one that is nested or sized beyond what {@link Json} reads.
 */
public final class JsonFormatException extends IOException {

  /** The message names the line and column. */
  public JsonFormatException(String message) {
    super(message);
  }
}
