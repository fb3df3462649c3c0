package dev.retune.controller.rollout;

import dev.retune.api.KubeletRolloutStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to do for a rollout now. The status is to be reported first: that a rollout was stopped must
 * be known before the nodes that it was stopped for are given back.
 *
 * @param writes to be made in this order; each stands for itself
 * @param status what to report of the rollout; its conditions' times are when they changed
 * @param again when to plan anew at the latest; empty when only news can change anything
 */
public record Plan(List<Write> writes, KubeletRolloutStatus status, Optional<Instant> again) {
  public Plan {
    writes = List.copyOf(writes);
  }

  /** A write to one NodeKubelet. */
  public sealed interface Write {
    /** Name of the node. */
    String node();

    /** The spec gets the rollout's config, and the rollout's claim is noted beside it. */
    record Assign(String node) implements Write {}

    /** The spec gets again what the claim says was there before. */
    record GiveBack(String node) implements Write {}
  }
}
