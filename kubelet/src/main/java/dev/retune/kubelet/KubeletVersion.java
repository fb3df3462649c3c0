package dev.retune.kubelet;

import dev.retune.kubelet.facts.KnownVersions;
import java.util.List;

/**
 * A minor version of the kubelet, {@code 1.<minor>}. Patch releases and vendor suffixes do not
 * change what a kubelet accepts, so they are left out.
 */
public record KubeletVersion(int minor) implements Comparable<KubeletVersion> {

  /** Refuses a negative minor version with {@link IllegalArgumentException}. */
  public KubeletVersion {
    if (minor < 0) {
      throw new IllegalArgumentException("kubelet minor version " + minor + " is negative");
    }
  }

  /**
   * Reads a version as people and binaries write it: {@code 1.36}, {@code v1.36.2}, {@code
   * Kubernetes v1.36.2}, {@code v1.30.4+k3s1}.
   *
   * @throws IllegalArgumentException when the text names no version 1.x
   */
  public static KubeletVersion parse(String text) {
    String s = text.strip();
    if (s.startsWith("Kubernetes ")) {
      s = s.substring("Kubernetes ".length()).strip();
    }
    if (s.startsWith("v")) {
      s = s.substring(1);
    }
    int end = 2;
    while (end < s.length() && end < 6 && isDigit(s.charAt(end))) {
      end++;
    }
    boolean ended = end >= s.length() || ".+-".indexOf(s.charAt(end)) >= 0;
    if (!s.startsWith("1.") || end == 2 || !ended) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no kubelet version; write it like 1.36 or v1.36.2");
    }
    return new KubeletVersion(Integer.parseInt(s.substring(2, end)));
  }

  /** The versions whose facts are on board, from the oldest to the newest. */
  public static List<KubeletVersion> known() {
    return KnownVersions.all();
  }

  /** The oldest version whose facts are on board. */
  public static KubeletVersion oldest() {
    return known().getFirst();
  }

  /** The newest version whose facts are on board; a newer kubelet is judged by these. */
  public static KubeletVersion newest() {
    return known().getLast();
  }

  /** This version, or the newest one known when this is newer: whose facts it is judged by. */
  public KubeletVersion judgedAs() {
    return compareTo(newest()) > 0 ? newest() : this;
  }

  @Override
  public int compareTo(KubeletVersion other) {
    return Integer.compare(minor, other.minor);
  }

  /** {@code 1.36}. */
  @Override
  public String toString() {
    return "1." + minor;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
