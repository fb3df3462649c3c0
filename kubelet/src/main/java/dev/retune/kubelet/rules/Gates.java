package dev.retune.kubelet.rules;

import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.facts.Gate;
import dev.retune.kubelet.facts.History;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The feature gates as a kubelet sees them: what was set explicitly, then {@code AllAlpha} and
 * {@code AllBeta}, then the defaults of the version.
 */
public final class Gates {

  private static final String ALL_ALPHA = "AllAlpha";
  private static final String ALL_BETA = "AllBeta";

  private final Facts facts;
  private final Map<String, ?> set;

  /**
   * @param set gate to Boolean; gates the version does not know are passed over
   */
  public Gates(Facts facts, Map<String, ?> set) {
    this.facts = facts;
    this.set = set;
  }

  /** Whether the gate is on; false for a gate that this version does not know. */
  public boolean on(String name) {
    Gate gate = facts.gates().get(name);
    if (gate == null) {
      return false;
    }
    if (set.isEmpty()) {
      return gate.on();
    }
    if (set.get(name) instanceof Boolean explicit) {
      return explicit;
    }
    String group =
        switch (gate.stage()) {
          case ALPHA -> ALL_ALPHA;
          case BETA -> ALL_BETA;
          case GA, DEPRECATED -> "";
        };
    boolean grouped = !group.isEmpty() && !name.equals(ALL_ALPHA) && !name.equals(ALL_BETA);
    Object value = grouped ? set.get(group) : null;
    return value instanceof Boolean on ? on : gate.on();
  }

  /** Whether this version has the gate. */
  public boolean knows(String name) {
    return facts.gates().containsKey(name);
  }

  private String unknown(String name) {
    String history = History.ofGate(name, facts.version());
    return "kubelet "
        + facts.version()
        + " knows no such feature gate"
        + (history.isEmpty() ? Words.didYouMean(name, facts.gates().keySet()) : history);
  }

  /**
   * Checks what was set.
   *
   * @param errors receives locked gates set otherwise and gates whose dependency is off
   * @param unknown receives gates this version does not know
   */
  public void check(Problems errors, Problems unknown) {
    set.forEach((name, value) -> {
      Gate gate = facts.gates().get(name);
      String field = "featureGates[" + Words.shortened(name) + "]";
      if (gate == null && !unknown.isFull()) {
        unknown.add(field, unknown(name));
      } else if (gate != null && gate.locked() && !value.equals(gate.on())) {
        errors.add(
            field,
            value
                + " is not allowed; kubelet "
                + facts.version()
                + " has it locked to "
                + gate.on());
      }
    });
    if (!errors.isEmpty() || set.isEmpty()) {
      return;
    }
    facts
        .dependencies()
        .forEach((name, needed) -> {
          List<String> missing = new ArrayList<>();
          for (String other : needed) {
            if (!on(other)) {
              missing.add(other);
            }
          }
          if (!missing.isEmpty() && on(name)) {
            errors.add(
                "featureGates[" + name + "]",
                "it is on and needs "
                    + String.join(" and ", missing)
                    + ", which kubelet "
                    + facts.version()
                    + " has off");
          }
        });
  }
}
