package dev.retune.kubelet;

import java.util.Map;

/** What a kubelet makes of a document that sets nothing. */
public final class Defaults {

  private Defaults() {}

  /** The configuration of a kubelet of this version that was given an empty document. */
  public static Map<String, Object> of(KubeletVersion version) {
    return Map.of();
  }
}
