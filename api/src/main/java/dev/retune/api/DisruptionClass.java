package dev.retune.api;

/** What a change may do to what runs on a node, from the least to the most. */
public enum DisruptionClass {
  /** The kubelet restarts, and that is all. */
  RestartOnly,
  /** It reaches pods and containers that are made from then on. */
  NewPodsOnly,
  /** Running pods may be rejected or evicted, or images deleted. */
  RunningPods,
  /** The node has to be drained. */
  Drain,
  /** The node has to be drained and rebooted. */
  Reboot
}
