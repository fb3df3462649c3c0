package dev.retune.kubelet.start;

import dev.retune.kubelet.KubeletVersion;

/** The minors for which something holds, both ends included. */
record Minors(int first, int last) {

  private static final int OPEN = Integer.MAX_VALUE;

  static Minors always() {
    return new Minors(0, OPEN);
  }

  static Minors since(int minor) {
    return new Minors(minor, OPEN);
  }

  static Minors until(int minor) {
    return new Minors(0, minor);
  }

  boolean include(KubeletVersion version) {
    return version.minor() >= first && version.minor() <= last;
  }
}
