package dev.retune.e2e.node;

import dev.retune.api.ConfigErrors;

/** The kinds of config in the tables of the original feature's end-to-end test. */
enum Kind {
  LOCAL(""),
  CORRECT(""),
  UNPARSABLE(ConfigErrors.LOAD),
  INVALID(ConfigErrors.VALIDATE);

  /** {@code maxPods} of {@link #CORRECT}. */
  static final int CORRECT_PODS = 77;

  private final String error;

  Kind(String error) {
    this.error = error;
  }

  /** What {@code status.config.error} says of it. */
  String error() {
    return error;
  }

  boolean runs() {
    return this == LOCAL || this == CORRECT;
  }

  String document() {
    return switch (this) {
      case LOCAL, CORRECT -> Documents.correct(CORRECT_PODS);
      case UNPARSABLE -> Documents.unparsable();
      case INVALID -> Documents.invalid();
    };
  }
}
