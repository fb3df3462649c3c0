package dev.retune.sandbox.authorization;

/**
 * Whether somebody may do something.
 *
 * @param reason for people; often empty
 */
public record Decision(boolean allowed, String reason) {
  static final Decision ALLOWED = new Decision(true, "");
  static final Decision REFUSED = refused("");

  static Decision refused(String reason) {
    return new Decision(false, reason);
  }
}
