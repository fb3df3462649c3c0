package dev.retune.kubelet.rules;

import dev.retune.kubelet.KubeletVersion;

/** The minors for which a rule holds, both ends included. */
public record Versions(int first, int last) {

  private static final int OPEN = Integer.MAX_VALUE;

  /** All of them. */
  public static Versions always() {
    return new Versions(0, OPEN);
  }

  /** From a minor on. */
  public static Versions since(int minor) {
    return new Versions(minor, OPEN);
  }

  /** Up to a minor. */
  public static Versions until(int minor) {
    return new Versions(0, minor);
  }

  /** Whether a version is one of them. */
  public boolean include(KubeletVersion version) {
    return version.minor() >= first && version.minor() <= last;
  }
}
