package dev.retune.kubelet.facts;

/**
 * A feature gate of one version.
 *
 * @param on its default
 * @param locked whether it cannot be set to anything but its default
 */
public record Gate(Stage stage, boolean on, boolean locked) {

  /** How far a feature has come. */
  public enum Stage {
    ALPHA,
    BETA,
    GA,
    DEPRECATED
  }

  /** Reads {@code BETA on locked}. */
  static Gate parse(String text) {
    String[] words = text.split(" ", -1);
    return new Gate(Stage.valueOf(words[0]), words[1].equals("on"), words.length > 2);
  }
}
