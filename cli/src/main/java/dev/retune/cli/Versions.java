package dev.retune.cli;

import dev.retune.kubelet.KubeletVersion;

/** Versions of kubelets as people and nodes give them. */
final class Versions {
  private Versions() {}

  /**
   * A version to judge for. One that is newer than Retune is judged by the newest facts.
   *
   * @param source the option or the node that it comes from
   */
  static KubeletVersion judged(String text, String source) {
    KubeletVersion version;
    try {
      version = KubeletVersion.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw Failure.usage(source + ": " + wrong.getMessage(), "");
    }
    if (version.compareTo(KubeletVersion.oldest()) < 0) {
      throw unknown(source, version, "older");
    }
    return version;
  }

  /** A version whose facts are on board. */
  static KubeletVersion known(String text, String source) {
    var version = judged(text, source);
    if (version.compareTo(KubeletVersion.newest()) > 0) {
      throw unknown(source, version, "newer");
    }
    return version;
  }

  private static Failure unknown(String source, KubeletVersion version, String how) {
    return Failure.usage(
        source + ": kubelet " + version + " is " + how + " than Retune knows",
        "known are " + KubeletVersion.oldest() + " to " + KubeletVersion.newest());
  }
}
