package dev.retune.sandbox.patch;

/**
 * A patch that cannot be read or that does not fit the object: HTTP 400 when the patch itself is
 * malformed, 422 when it is well-formed and does not apply.
 */
public final class PatchRejected extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;

  PatchRejected(int code, String message) {
    super(message);
    this.code = code;
  }

  /** The HTTP status: 400 (reason {@code BadRequest}) or 422 (reason {@code Invalid}). */
  public int code() {
    return code;
  }

  static PatchRejected malformed(String message) {
    return new PatchRejected(400, message);
  }

  static PatchRejected doesNotApply(String message) {
    return new PatchRejected(422, message);
  }
}
