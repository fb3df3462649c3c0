package dev.retune.kubelet.diff;

import dev.retune.kubelet.Hazards;
import dev.retune.kubelet.Hazards.Hazard;
import dev.retune.kubelet.Hazards.HazardClass;
import java.util.Set;

/** What it takes to bring a change to a running node, from the least to the most. */
public enum Cost {
  /** No current kubelet looks at the field. */
  NOTHING("nothing"),
  /** The kubelet restarts; pods go on. */
  RESTART("restart"),
  /** The kubelet restarts, and a state file of its resource managers is moved aside meanwhile. */
  STATE_FILE("restart and state file"),
  /** The node is drained first. */
  DRAIN("drain"),
  /** The node is drained and reboots. */
  REBOOT("reboot");

  private final String words;

  Cost(String words) {
    this.words = words;
  }

  /** As people read it. */
  public String words() {
    return words;
  }

  /** What it costs to change a top-level field; a restart when nothing is known of it. */
  public static Cost ofField(String topLevelField) {
    return Hazards.of(topLevelField).map(Cost::of).orElse(RESTART);
  }

  static Cost of(Hazard hazard) {
    if (hazard.classes().contains(HazardClass.R)) {
      return REBOOT;
    }
    if (hazard.classes().contains(HazardClass.S)) {
      return STATE_FILE;
    }
    if (hazard.classes().contains(HazardClass.D)) {
      return DRAIN;
    }
    return hazard.classes().equals(Set.of(HazardClass.O)) ? NOTHING : RESTART;
  }
}
