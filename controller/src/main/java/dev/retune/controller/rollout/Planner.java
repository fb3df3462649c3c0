package dev.retune.controller.rollout;

import dev.retune.api.KubeletRollout;
import dev.retune.api.OnFailure;
import dev.retune.api.RolloutOrder;
import dev.retune.api.RolloutPhase;
import dev.retune.controller.rollout.Plan.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides what to write for a rollout, from what the cluster says and nothing else (ROLL-4).
 *
 * <p>The order of the questions is the order of safety: what is already moving and what is ill take
 * their places in the budget first; then a failure too many stops everything; then the canary and
 * the waves say how far the rollout may have come; only then is the next node taken.
 */
public final class Planner {
  private final KubeletRollout rollout;
  private final Judge judge;
  private final Instant now;

  private Planner(KubeletRollout rollout, Set<String> heldByOthers, Instant now) {
    this.rollout = rollout;
    this.judge = new Judge(rollout, heldByOthers, now);
    this.now = now;
  }

  /**
   * Plans.
   *
   * @param rollout with the status that was reported last: a rollout that was stopped stays so
   *     until its spec is changed
   * @param nodes all nodes that its selector chooses
   * @param heldByOthers names of those that an older rollout holds
   */
  public static Plan plan(
      KubeletRollout rollout, Collection<FleetNode> nodes, Set<String> heldByOthers, Instant now) {
    return new Planner(rollout, heldByOthers, now).plan(nodes);
  }

  private Plan plan(Collection<FleetNode> nodes) {
    var all = new LinkedHashMap<FleetNode, Standing>();
    nodes.stream().sorted(order()).forEach(node -> all.put(node, judge.standing(node)));
    var counting = new LinkedHashMap<>(all);
    counting.values().removeIf(standing -> !standing.counts());

    long failures = all.values().stream().filter(Standing.FAILED::equals).count();
    boolean tooMany = failures > rollout.spec().strategy().maxFailures();
    boolean stopped = tooMany || wasStopped();
    boolean reverting = stopped && rollout.spec().strategy().onFailure() == OnFailure.Revert;
    var waves = Waves.of(rollout.spec().strategy(), counting, now, stopped);
    var window = opens();
    boolean starts = !stopped && !rollout.spec().paused() && !window.isAfter(now);
    List<Write> writes =
        reverting ? giveBack(counting) : starts ? assign(counting, waves) : List.of();

    var again =
        Stream.concat(
                Stream.concat(waves.again().stream(), Stream.of(window)),
                all.keySet().stream().map(judge::readyAt).flatMap(Optional::stream))
            .filter(now::isBefore)
            .min(Instant::compareTo);
    boolean back =
        all.entrySet().stream()
            .noneMatch(node ->
                node.getValue() == Standing.RETURNING
                    || toBeGivenBack(node.getKey(), node.getValue()));
    var status =
        new Report(rollout, now)
            .status(
                all,
                waves,
                stopped,
                reverting
                    ? Optional.of(back ? RolloutPhase.Reverted : RolloutPhase.Reverting)
                    : Optional.empty());
    return new Plan(writes, status, again);
  }

  /** Those of the control plane last, then by zone, the oldest first (ROLL-1). */
  private Comparator<FleetNode> order() {
    boolean byZone = rollout.spec().strategy().order() == RolloutOrder.Zone;
    return Comparator.comparing(FleetNode::controlPlane)
        .thenComparing(node -> byZone ? node.zone() : "")
        .thenComparing(FleetNode::createdAt)
        .thenComparing(FleetNode::name);
  }

  /** ROLL-3: a rollout that was stopped by failures is, until somebody changes its spec. */
  private boolean wasStopped() {
    var last = rollout.status();
    return last.observedGeneration() == rollout.generation()
        && last.conditions().stream()
            .anyMatch(condition ->
                condition.type().equals(Report.PAUSED)
                    && condition.reason().equals(Report.TOO_MANY_FAILURES));
  }

  private Instant opens() {
    return rollout.spec().strategy().window().map(window -> window.opens(now)).orElse(now);
  }

  /** How many further nodes may start to move (ROLL-1). */
  private int slots(Map<FleetNode, Standing> nodes) {
    int budget = rollout.spec().strategy().maxUnavailable().ofAtLeastOne(nodes.size());
    long taken =
        nodes.entrySet().stream()
            .filter(node -> takesPlace(node.getKey(), node.getValue()))
            .count();
    return (int) Math.max(0, budget - taken);
  }

  private static boolean takesPlace(FleetNode node, Standing standing) {
    return standing.moving() || !Judge.healthy(node);
  }

  private List<Write> assign(Map<FleetNode, Standing> nodes, Waves waves) {
    int touched = (int) nodes.values().stream().filter(Standing::touched).count();
    int most = Math.min(slots(nodes), waves.mayTouch() - touched);
    var writes = new ArrayList<Write>();
    for (var node : nodes.entrySet()) {
      if (writes.size() < most
          && node.getValue() == Standing.PENDING
          && mayStart(node.getKey(), nodes, writes)) {
        writes.add(new Write.Assign(node.getKey().name()));
      }
    }
    return writes;
  }

  /** A node of the control plane goes alone, when the others are done. */
  private static boolean mayStart(
      FleetNode node, Map<FleetNode, Standing> nodes, List<Write> writes) {
    return !node.controlPlane()
        || (writes.isEmpty()
            && nodes.entrySet().stream()
                .noneMatch(other ->
                    other.getValue().moving()
                        || (other.getValue() == Standing.PENDING
                            && !other.getKey().controlPlane())));
  }

  /** The failed ones first: they are back already, and only have to hear that they may stay so. */
  private List<Write> giveBack(Map<FleetNode, Standing> nodes) {
    var writes = new ArrayList<Write>();
    int slots = slots(nodes);
    for (boolean failed : new boolean[] {true, false}) {
      for (var node : nodes.entrySet()) {
        if (!toBeGivenBack(node.getKey(), node.getValue())
            || failed != (node.getValue() == Standing.FAILED)) {
          continue;
        }
        boolean hasPlace = takesPlace(node.getKey(), node.getValue());
        if (hasPlace || slots > 0) {
          writes.add(new Write.GiveBack(node.getKey().name()));
          slots -= hasPlace ? 0 : 1;
        }
      }
    }
    return writes;
  }

  /** A node that ran the config before anybody rolled it out keeps it. */
  private boolean toBeGivenBack(FleetNode node, Standing standing) {
    return judge.ours(node)
        && switch (standing) {
          case CHANGING, TRIAL, GOOD, FAILED -> true;
          case PENDING, RETURNING, RETURNED, UNHEALTHY, UNMANAGED, CONFLICTING -> false;
        };
  }
}
