package dev.retune.controller.rollout;

import dev.retune.api.Condition;
import dev.retune.api.KubeletRollout;
import dev.retune.api.KubeletRolloutStatus;
import dev.retune.api.NodeTrouble;
import dev.retune.api.RolloutCounts;
import dev.retune.api.RolloutPhase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells people and programs how far a rollout is. */
final class Report {
  static final String PROGRESSING = "Progressing";
  static final String PAUSED = "Paused";
  static final String CONFLICT = "Conflict";
  static final String TOO_MANY_FAILURES = "TooManyFailures";

  /** A status is no place for a fleet: the rest is in the nodes' own objects. */
  private static final int MOST_TROUBLES = 20;

  private final KubeletRollout rollout;
  private final Instant now;

  Report(KubeletRollout rollout, Instant now) {
    this.rollout = rollout;
    this.now = now;
  }

  /**
   * The status of now.
   *
   * @param wayBack how far the nodes' way back is; empty when there is none
   */
  KubeletRolloutStatus status(
      Map<FleetNode, Standing> nodes,
      Waves waves,
      boolean stopped,
      Optional<RolloutPhase> wayBack) {
    var counts = counts(nodes);
    var troubles = troubles(nodes);
    var phase = wayBack.orElseGet(() -> phase(counts, stopped));
    return new KubeletRolloutStatus(
        rollout.generation(),
        Optional.of(phase),
        counts,
        waves.number(),
        troubles,
        List.of(progressing(phase, counts), paused(stopped, troubles), conflict(counts)));
  }

  private static RolloutCounts counts(Map<FleetNode, Standing> nodes) {
    var by = new EnumMap<Standing, Long>(Standing.class);
    nodes.values().forEach(standing -> by.merge(standing, 1L, Long::sum));
    return new RolloutCounts(
        nodes.size(),
        sum(by, Standing.CHANGING, Standing.TRIAL, Standing.GOOD, Standing.FAILED),
        sum(by, Standing.PENDING, Standing.RETURNED),
        sum(by, Standing.CHANGING, Standing.RETURNING),
        sum(by, Standing.TRIAL),
        sum(by, Standing.GOOD),
        sum(by, Standing.FAILED),
        sum(by, Standing.UNHEALTHY),
        sum(by, Standing.UNMANAGED),
        sum(by, Standing.CONFLICTING));
  }

  private static long sum(Map<Standing, Long> by, Standing... standings) {
    long sum = 0;
    for (Standing standing : standings) {
      sum += by.getOrDefault(standing, 0L);
    }
    return sum;
  }

  private static List<NodeTrouble> troubles(Map<FleetNode, Standing> nodes) {
    var troubled = new ArrayList<Map.Entry<FleetNode, Standing>>();
    for (var node : nodes.entrySet()) {
      switch (node.getValue()) {
        case FAILED, UNHEALTHY, UNMANAGED, CONFLICTING -> troubled.add(node);
        case PENDING, CHANGING, TRIAL, GOOD, RETURNING, RETURNED -> {}
      }
    }
    return troubled.stream()
        .sorted(Comparator.comparing(Map.Entry::getValue))
        .limit(MOST_TROUBLES)
        .map(node ->
            switch (node.getValue()) {
              case UNMANAGED ->
                  new NodeTrouble(
                      node.getKey().name(),
                      "Unmanaged",
                      "no agent has reported from it: is retune-agent installed there?");
              case CONFLICTING ->
                  new NodeTrouble(
                      node.getKey().name(), "Conflict", "an older rollout has chosen it too");
              case PENDING, CHANGING, TRIAL, GOOD, FAILED, RETURNING, RETURNED, UNHEALTHY ->
                  Judge.trouble(node.getKey());
            })
        .toList();
  }

  private RolloutPhase phase(RolloutCounts counts, boolean stopped) {
    if (stopped || rollout.spec().paused()) {
      return RolloutPhase.Paused;
    }
    if (counts.conflicting() > 0 && counts.conflicting() == counts.nodes()) {
      return RolloutPhase.Conflict;
    }
    if (counts.pending() + counts.changing() + counts.trial() + counts.unhealthy() == 0) {
      return RolloutPhase.Complete;
    }
    return counts.updated() == 0 ? RolloutPhase.Pending : RolloutPhase.Progressing;
  }

  private Condition progressing(RolloutPhase phase, RolloutCounts counts) {
    boolean goes =
        switch (phase) {
          case Pending, Progressing, Reverting -> true;
          case Paused, Reverted, Complete, Conflict -> false;
        };
    return condition(
        PROGRESSING,
        goes,
        phase.name(),
        counts.good()
            + " of "
            + counts.nodes()
            + " nodes have the config as their last known good");
  }

  private Condition paused(boolean stopped, List<NodeTrouble> troubles) {
    if (stopped) {
      String why =
          troubles.stream()
              .filter(trouble -> !trouble.reason().equals("Unmanaged"))
              .findFirst()
              .map(first -> first.node() + ": " + first.reason() + ": " + first.message())
              .or(() -> last(PAUSED).map(Condition::message))
              .orElse("");
      return condition(PAUSED, true, TOO_MANY_FAILURES, why);
    }
    return rollout.spec().paused()
        ? condition(PAUSED, true, "Asked", "spec.paused is true")
        : condition(PAUSED, false, "Running", "nothing holds it up");
  }

  private Condition conflict(RolloutCounts counts) {
    return counts.conflicting() > 0
        ? condition(
            CONFLICT,
            true,
            "OlderRollout",
            counts.conflicting() + " of the chosen nodes are held by an older rollout")
        : condition(CONFLICT, false, "None", "no other rollout has chosen these nodes");
  }

  /** The time of a condition is when its status changed, not when it was looked at. */
  private Condition condition(String type, boolean holds, String reason, String message) {
    var status = holds ? Condition.Status.True : Condition.Status.False;
    Instant since =
        last(type)
            .filter(condition -> condition.status() == status)
            .map(Condition::lastTransitionTime)
            .orElse(now);
    return new Condition(type, status, rollout.generation(), since, reason, message);
  }

  private Optional<Condition> last(String type) {
    return rollout.status().conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst();
  }
}
