package dev.retune.kubelet.rules;

import dev.retune.kubelet.Host;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.value.StructValue;

/**
 * A configuration after defaulting, with all that decides whether it is refused.
 *
 * @param config the values
 * @param gates the gates as they are with the command line's merged in
 */
public record Candidate(StructValue config, Gates gates, KubeletVersion version, Host host) {

  /** {@code 5 is not allowed; kubelet 1.36 wants …}. */
  String wants(Object given, String allowed) {
    return given + " is not allowed; kubelet " + version + " wants " + allowed;
  }

  /** {@code needs the feature gate X, which is off; kubelet 1.36 …}. */
  String needsGate(String gate) {
    return "needs the feature gate " + gate + ", which kubelet " + version + " has off here";
  }
}
