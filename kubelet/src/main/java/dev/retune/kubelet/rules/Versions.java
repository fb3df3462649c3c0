package dev.retune.kubelet.rules;

import dev.retune.kubelet.KubeletVersion;

/** The minors for which a rule holds, both ends included. */
record Versions(int first, int last) {

  private static final int OPEN = Integer.MAX_VALUE;

  static Versions always() {
    return new Versions(0, OPEN);
  }

  static Versions since(int minor) {
    return new Versions(minor, OPEN);
  }

  static Versions until(int minor) {
    return new Versions(0, minor);
  }

  static Versions between(int first, int last) {
    return new Versions(first, last);
  }

  boolean include(KubeletVersion version) {
    return version.minor() >= first && version.minor() <= last;
  }
}
