package dev.retune.api;

/** What the kubelet runs when the assigned config is refused. */
public enum OnInvalid {
  /** The kubelet goes on with what it runs, and its trial goes on; no restart. */
  KeepActive,
  /** The kubelet falls back to the last known good config, as kubelets 1.11–1.23 did. */
  LastKnownGood
}
