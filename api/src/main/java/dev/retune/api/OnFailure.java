package dev.retune.api;

/** What a rollout does when more nodes have failed than it may. */
public enum OnFailure {
  /** No further node is touched; those that run the config keep it. */
  Pause,
  /** Every changed node goes back to what it ran before, at the same pace. */
  Revert
}
