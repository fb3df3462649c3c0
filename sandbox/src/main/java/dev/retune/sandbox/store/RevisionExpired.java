package dev.retune.sandbox.store;

/** The revision asked for is older than what the store remembers (HTTP 410, reason Expired). */
public final class RevisionExpired extends Exception {
  private static final long serialVersionUID = 1L;
  private final long asked;
  private final long oldest;

  RevisionExpired(long asked, long oldest) {
    super(text(asked, oldest));
    this.asked = asked;
    this.oldest = oldest;
  }

  /** Kubernetes' words for it. */
  public String text() {
    return text(asked, oldest);
  }

  private static String text(long asked, long oldest) {
    return "too old resource version: " + asked + " (" + oldest + ")";
  }
}
