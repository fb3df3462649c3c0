package dev.retune.controller.rollout;

import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubeletStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * A chosen node as the cluster tells of it.
 *
 * @param name of the Node and of its NodeKubelet
 * @param zone label {@code topology.kubernetes.io/zone}; empty without one
 * @param createdAt when the Node was registered
 * @param controlPlane whether it has the label {@code node-role.kubernetes.io/control-plane}
 * @param ready the Node's condition Ready
 * @param kubelet its NodeKubelet; empty when there is none
 */
public record FleetNode(
    String name,
    String zone,
    Instant createdAt,
    boolean controlPlane,
    boolean ready,
    Optional<Kubelet> kubelet) {

  /**
   * What a NodeKubelet says.
   *
   * @param source what its spec assigns; empty is the local config
   * @param generation counts changes of its spec
   * @param claim what a rollout noted on it; empty when none did
   */
  public record Kubelet(
      Optional<NodeConfigSource> source,
      long generation,
      Optional<Claim> claim,
      NodeKubeletStatus status) {}

  /**
   * What a rollout notes on each NodeKubelet whose spec it writes, in the same write: all that it
   * takes to give the node back, whoever does it.
   *
   * @param rollout uid of the KubeletRollout
   * @param generation of its spec that was carried out
   * @param before what the spec assigned before
   * @param givenBack whether {@code before} was put back
   */
  public record Claim(
      String rollout, long generation, Optional<NodeConfigSource> before, boolean givenBack) {}
}
