package dev.retune.kubelet;

/**
 * Something that passes the kubelet's validation and comes out only when the kubelet starts.
 *
 * @param complaint the field and what is wrong; the message ends with the consequence
 * @param consequence what the kubelet does
 */
public record Precondition(Complaint complaint, Consequence consequence) {

  /** What a kubelet does about it when it starts. */
  public enum Consequence {
    /** It exits, and the service manager starts it again for ever. */
    EXITS("the kubelet exits at start"),
    /** It runs, and what the field asks for is not done. */
    NO_EFFECT("the kubelet goes on, and this has no effect");

    private final String words;

    Consequence(String words) {
      this.words = words;
    }

    /** As people read it. */
    public String words() {
      return words;
    }
  }

  /** Whether the kubelet would not run. */
  public boolean exits() {
    return consequence == Consequence.EXITS;
  }
}
