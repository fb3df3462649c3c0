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
    /** Forbidden unless a policy allows it: it hands the node over or cuts it off. */
    F,
    /** Drain and reboot. */
    R,
    /** Drain, delete a state file, restart. */
    S,
    /** Drain and restart. */
    D,
    /** Running pods may be rejected at the restart, or allocatable moves. */
    A,
    /** May evict pods or delete images, which nothing brings back. */
    E,
    /** Reaches only new pods or containers. */
    N,
    /** The node must meet a precondition, or the kubelet may not start. */
    P,
    /** Another component must be changed with it. */
    C,
    /** Sensitive for security. */
    X,
    /** Tuning: a restart is all it takes. */
    T,
    /** Without effect on current kubelets. */
    O,
    /** Fails only later: at a reboot, an expiry, an upgrade. */
    LATENT
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
