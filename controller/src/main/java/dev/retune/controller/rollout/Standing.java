package dev.retune.controller.rollout;

/** Where a chosen node stands in a rollout. */
public enum Standing {
  /** It waits for its turn. */
  PENDING,
  /** It was told to run the config, and is not proven to or not for long enough (ROLL-1). */
  CHANGING,
  /** It runs the config on trial. */
  TRIAL,
  /** The config is its last known good one. */
  GOOD,
  /** The config was refused or failed there, or something else has the last word on it. */
  FAILED,
  /** It was told to run again what it ran before, and does not yet. */
  RETURNING,
  /** It runs again what it ran before. */
  RETURNED,
  /** It was ill before its turn, and is left alone. */
  UNHEALTHY,
  /** No agent has ever reported from it. */
  UNMANAGED,
  /** An older rollout holds it (ROLL-5). */
  CONFLICTING;

  /** Whether this rollout has written its spec. */
  public boolean touched() {
    return switch (this) {
      case CHANGING, TRIAL, GOOD, FAILED, RETURNING, RETURNED -> true;
      case PENDING, UNHEALTHY, UNMANAGED, CONFLICTING -> false;
    };
  }

  /** Whether a restart is under way or about to be. */
  public boolean moving() {
    return this == CHANGING || this == RETURNING;
  }

  /** Whether the rollout has to do with it at all; a share of the nodes is one of these. */
  public boolean counts() {
    return this != UNMANAGED && this != CONFLICTING;
  }
}
