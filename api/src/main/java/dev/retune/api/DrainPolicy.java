package dev.retune.api;

/** When pods are evicted before a kubelet is restarted. */
public enum DrainPolicy {
  Never,
  /** When a changed field needs it. */
  WhenNeeded,
  Always
}
