package dev.retune.api;

/** One word for where a rollout stands. */
public enum RolloutPhase {
  /** It has not begun: it waits for its window, or for what it needs. */
  Pending,
  /** Nodes are being changed. */
  Progressing,
  /** No further node is touched, because somebody said so or too many failed. */
  Paused,
  /** Changed nodes go back to what they ran before. */
  Reverting,
  /** Changed nodes have gone back. */
  Reverted,
  /** Every node that can be reached runs the config as its last known good one. */
  Complete,
  /** Another rollout, an older one, has chosen some of the same nodes. */
  Conflict
}
