package dev.retune.kubelet;

import dev.retune.kubelet.facts.HazardTable;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What it does to a running node to change a field. Up to Kubernetes 1.20 the kubelet's types
 * carried such advice as comments; it was deleted there and lives on as data here.
 */
public final class Hazards {

  /** A class of disruption. A field can have several. */
  public enum HazardClass {
    F("hands the node over or cuts it off: forbidden unless a policy allows it"),
    R("drain and reboot"),
    S("drain, delete a state file, restart"),
    D("drain and restart"),
    A("running pods may be rejected at the restart, or allocatable moves"),
    E("may evict pods or delete images, which nothing brings back"),
    N("reaches only new pods or containers"),
    P("the node must meet a precondition, or the kubelet may not start"),
    C("another component must be changed with it"),
    X("sensitive for security"),
    T("tuning: a restart is all it takes"),
    O("without effect on current kubelets"),
    LATENT("fails only later: at a reboot, an expiry, an upgrade");

    private final String words;

    HazardClass(String words) {
      this.words = words;
    }

    /** As people read it. */
    public String words() {
      return words;
    }
  }

  /**
   * What is known of one field.
   *
   * @param classes its classes of disruption
   * @param handling what to see to, in words
   */
  public record Hazard(Set<HazardClass> classes, String handling) {}

  private Hazards() {}

  /** What is known of a top-level field; empty for a field nothing is known of. */
  public static Optional<Hazard> of(String topLevelField) {
    return Optional.ofNullable(HazardTable.all().get(topLevelField));
  }

  /** All fields something is known of. */
  public static Map<String, Hazard> all() {
    return HazardTable.all();
  }
}
