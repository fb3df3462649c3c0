package dev.retune.controller.rollout;

import dev.retune.api.Condition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.KubeletRollout;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.NodeTrouble;
import dev.retune.api.Phase;
import dev.retune.api.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Says where a node stands, from nothing but what the cluster says of it. */
final class Judge {
  private final KubeletRollout rollout;
  private final Set<String> heldByOthers;
  private final Instant now;
  private final Duration minReady;

  Judge(KubeletRollout rollout, Set<String> heldByOthers, Instant now) {
    this.rollout = rollout;
    this.heldByOthers = heldByOthers;
    this.now = now;
    this.minReady = Duration.ofSeconds(rollout.spec().strategy().minReadySeconds());
  }

  Standing standing(FleetNode node) {
    if (heldByOthers.contains(node.name())) {
      return Standing.CONFLICTING;
    }
    if (node.kubelet().isEmpty() || node.kubelet().get().status().phase().isEmpty()) {
      return Standing.UNMANAGED;
    }
    var kubelet = node.kubelet().get();
    if (kubelet.claim().filter(this::givenBack).isPresent()) {
      return settled(kubelet) ? Standing.RETURNED : Standing.RETURNING;
    }
    if (same(kubelet.source(), Optional.of(rollout.spec().configSource()))) {
      return assigned(kubelet);
    }
    return healthy(node) ? Standing.PENDING : Standing.UNHEALTHY;
  }

  /** Whether this rollout wrote the node's spec, so that it can be given back. */
  boolean ours(FleetNode node) {
    return node.kubelet()
        .flatMap(FleetNode.Kubelet::claim)
        .filter(claim -> claim.rollout().equals(rollout.uid()))
        .isPresent();
  }

  /** Once somebody has changed the rollout's spec, the node is there to be changed again. */
  private boolean givenBack(FleetNode.Claim claim) {
    return claim.rollout().equals(rollout.uid())
        && claim.generation() == rollout.generation()
        && claim.givenBack();
  }

  private Standing assigned(FleetNode.Kubelet kubelet) {
    var status = kubelet.status();
    if (!seen(kubelet)) {
      return Standing.CHANGING;
    }
    return switch (status.phase().orElse(Phase.Syncing)) {
      case Local, Syncing, Restarting -> Standing.CHANGING;
      case Trial -> wellSince(status).isPresent() ? Standing.TRIAL : Standing.CHANGING;
      case Good -> wellSince(status).isPresent() ? Standing.GOOD : Standing.CHANGING;
      case RolledBack, Rejected, Blocked, Drifted -> Standing.FAILED;
    };
  }

  /** Whether the agent has acted on the spec of now. */
  private static boolean seen(FleetNode.Kubelet kubelet) {
    return kubelet.status().observedGeneration() == kubelet.generation();
  }

  private static boolean settled(FleetNode.Kubelet kubelet) {
    return seen(kubelet)
        && kubelet
            .status()
            .phase()
            .filter(phase ->
                switch (phase) {
                  case Local, Trial, Good, RolledBack, Rejected, Drifted -> true;
                  case Syncing, Restarting, Blocked -> false;
                })
            .isPresent();
  }

  /** Since when the kubelet is well with the config, if that is long enough ago. */
  private Optional<Instant> wellSince(NodeKubeletStatus status) {
    return provenAt(status).filter(since -> !since.plus(minReady).isAfter(now));
  }

  /** When a node that is proven will have been well for long enough. */
  Optional<Instant> readyAt(FleetNode node) {
    return node.kubelet()
        .filter(Judge::seen)
        .flatMap(kubelet -> provenAt(kubelet.status()))
        .map(since -> since.plus(minReady));
  }

  private static Optional<Instant> provenAt(NodeKubeletStatus status) {
    return status
        .trial()
        .map(TrialStatus::startedAt)
        .or(() -> since(status, Condition.KUBELET_HEALTHY));
  }

  /** Since when the config is the last known good one; empty when it is not. */
  static Optional<Instant> goodSince(FleetNode node) {
    return node.kubelet()
        .flatMap(kubelet -> since(kubelet.status(), Condition.LAST_KNOWN_GOOD_UP_TO_DATE));
  }

  private static Optional<Instant> since(NodeKubeletStatus status, String condition) {
    return status
        .condition(condition)
        .filter(found -> found.status() == Condition.Status.True)
        .map(Condition::lastTransitionTime);
  }

  static boolean healthy(FleetNode node) {
    boolean ill =
        node.kubelet()
            .flatMap(kubelet -> kubelet.status().condition(Condition.KUBELET_HEALTHY))
            .filter(condition -> condition.status() == Condition.Status.False)
            .isPresent();
    return node.ready() && !ill;
  }

  /** What is wrong with a node, in its own words. */
  static NodeTrouble trouble(FleetNode node) {
    var status = node.kubelet().map(FleetNode.Kubelet::status).orElse(NodeKubeletStatus.UNKNOWN);
    for (String type :
        new String[] {Condition.CONFIG_VALID, Condition.KUBELET_HEALTHY, Condition.SYNCED}) {
      var wrong = status.condition(type).filter(found -> found.status() == Condition.Status.False);
      if (wrong.isPresent()) {
        return new NodeTrouble(node.name(), wrong.get().reason(), wrong.get().message());
      }
    }
    return new NodeTrouble(
        node.name(),
        node.ready() ? status.phase().map(Phase::name).orElse("Unmanaged") : "NodeNotReady",
        status.config().error());
  }

  /** Whether both assign the same, whatever version of it. */
  private static boolean same(Optional<NodeConfigSource> one, Optional<NodeConfigSource> other) {
    return unresolved(one).equals(unresolved(other));
  }

  private static Optional<ConfigMapNodeConfigSource> unresolved(Optional<NodeConfigSource> source) {
    return source.flatMap(NodeConfigSource::configMap).map(ConfigMapNodeConfigSource::unresolved);
  }
}
