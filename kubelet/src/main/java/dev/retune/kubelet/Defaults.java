package dev.retune.kubelet;

import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.rules.Defaulting;
import dev.retune.kubelet.rules.Gates;
import dev.retune.kubelet.value.Encoder;
import dev.retune.kubelet.value.StructValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a kubelet makes of a document that sets nothing. */
public final class Defaults {

  private Defaults() {}

  /**
   * The configuration of a kubelet of this version that was given an empty document, as a plain
   * JSON tree.
   *
   * @throws IllegalArgumentException when nothing is known of this version
   */
  public static Map<String, @Nullable Object> of(KubeletVersion version) {
    Facts facts = Facts.of(version);
    StructValue config = new StructValue(facts.root());
    Defaulting.apply(config, facts, new Gates(facts, Map.of()));
    Defaulting.evictionHard(config, version);
    return Encoder.encode(config);
  }
}
