package dev.retune.api;

/** One word for where a node stands between an assignment and the last known good config. */
public enum Phase {
  /** Nothing is assigned; the kubelet runs its local config. */
  Local,
  /** An assignment was seen; its content is not yet here and judged. */
  Syncing,
  /** The kubelet is being restarted into the assigned config and not yet proven. */
  Restarting,
  /** The kubelet runs the assigned config and must stay healthy until the trial ends. */
  Trial,
  /** The assigned config is the last known good one. */
  Good,
  /** The assigned config failed on this node; the kubelet is back on the last known good one. */
  RolledBack,
  /** The assigned config was refused before the kubelet was touched. */
  Rejected,
  /** The agent cannot go on without a person: the condition that is False says why. */
  Blocked,
  /** What the kubelet runs is not what the agent put in place. */
  Drifted
}
