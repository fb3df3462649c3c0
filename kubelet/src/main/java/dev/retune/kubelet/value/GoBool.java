package dev.retune.kubelet.value;

import java.util.Optional;

/** Truth values as Go reads them in flags and options ({@code strconv.ParseBool}). */
public final class GoBool {

  private GoBool() {}

  /** The value; empty when the text is none of Go's spellings. */
  public static Optional<Boolean> parse(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
      case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
