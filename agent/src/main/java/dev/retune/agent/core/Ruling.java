package dev.retune.agent.core;

import java.util.List;

/** What the judge says of a document (AGENT-6). */
public sealed interface Ruling {

  /** The kubelet will take it. */
  record Accepted(List<String> warnings) implements Ruling {
    public Accepted {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The kubelet would not, or should not, run with it.
   *
   * @param stage which of the two fixed error texts tells of it
   * @param reason one CamelCase word for programs
   * @param message field, value and the kubelet's own words, for people
   */
  record Refused(Stage stage, String reason, String message) implements Ruling {}

  /** How far the document got. */
  enum Stage {
    /** It cannot be parsed or decoded. */
    LOAD,
    /** It was read, and is refused. */
    VALIDATE
  }
}
