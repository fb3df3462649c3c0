package dev.retune.kubelet;

/** What the kubelet's validation looks at outside of the document. */
public enum Host {
  /**
   * Nothing is known of the host. Judged as the facts were asked: on cgroup v1, where a kubelet
   * with {@code failCgroupV1} leaves the rest of the checks that depend on the host undone; that it
   * refuses cgroup v1 as such is not held against the document.
   */
  UNKNOWN,
  /** The host has cgroup v1. */
  CGROUP_V1,
  /** The host has cgroup v2 ({@code /sys/fs/cgroup/cgroup.controllers} exists). */
  CGROUP_V2
}
