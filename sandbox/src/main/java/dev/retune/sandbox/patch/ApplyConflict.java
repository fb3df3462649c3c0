package dev.retune.sandbox.patch;

import java.util.List;

/** A server-side apply of fields others own: HTTP 409, reason {@code Conflict}. */
public final class ApplyConflict extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * One field and its other owner, a cause with reason {@code FieldManagerConflict}.
   *
   * @param manager the owner as a cause's message names it, for example {@code conflict with
   *     "kubectl" using v1}
   * @param path the field, for example {@code .spec.replicas}
   */
  public record Cause(String manager, String path) {}

  private final transient List<Cause> causes;

  ApplyConflict(String message, List<Cause> causes) {
    super(message);
    this.causes = List.copyOf(causes);
  }

  /** The conflicts, by manager and then by path. */
  public List<Cause> causes() {
    return causes;
  }
}
