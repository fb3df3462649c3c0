package dev.retune.api;

/** In which order a rollout takes its nodes; those of the control plane always come last. */
public enum RolloutOrder {
  /** One zone after the other, the oldest node of each first. */
  Zone,
  /** The oldest node first, whatever its zone. */
  Age
}
