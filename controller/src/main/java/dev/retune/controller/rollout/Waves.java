package dev.retune.controller.rollout;

import dev.retune.api.IntOrPercent;
import dev.retune.api.RolloutStrategy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many nodes may have been touched by now (ROLL-1, ROLL-2). A wave is a number and not a list
 * of names, so that nodes that join and leave move no other node from one wave to another.
 *
 * @param number of the wave under way, from 1; the canary is 0
 * @param mayTouch how many nodes in all
 * @param again when the next wave may start if nothing changes; empty when that takes news
 */
record Waves(int number, int mayTouch, Optional<Instant> again) {

  /**
   * The wave under way.
   *
   * @param nodes all nodes that count, with where they stand
   */
  static Waves of(
      RolloutStrategy strategy, Map<FleetNode, Standing> nodes, Instant now, boolean failed) {
    var touched = nodes.entrySet().stream().filter(node -> node.getValue().touched()).toList();
    List<Integer> quotas = quotas(strategy, nodes.size());
    int wave = 0;
    while (wave < quotas.size() - 1 && touched.size() >= quotas.get(wave)) {
      if (quotas.get(wave) > 0 && touched.size() == quotas.get(wave)) {
        boolean canary = wave == 0;
        boolean over =
            touched.stream()
                .allMatch(node ->
                    node.getValue() == Standing.GOOD
                        || node.getValue() == Standing.FAILED
                        || (!canary && node.getValue() == Standing.TRIAL));
        if (!over || failed) {
          break;
        }
        Optional<Instant> soaked =
            canary ? soaked(strategy.canary().soak(), touched) : Optional.empty();
        if (soaked.filter(now::isBefore).isPresent()) {
          return new Waves(wave, quotas.get(wave), soaked);
        }
      }
      wave++;
    }
    return new Waves(wave, quotas.get(wave), Optional.empty());
  }

  private static Optional<Instant> soaked(
      Duration soak, List<Map.Entry<FleetNode, Standing>> canaries) {
    return canaries.stream()
        .map(node -> Judge.goodSince(node.getKey()))
        .flatMap(Optional::stream)
        .max(Instant::compareTo)
        .map(last -> last.plus(soak));
  }

  /** How many nodes may have been touched when each wave ends, none fewer than before. */
  private static List<Integer> quotas(RolloutStrategy strategy, int all) {
    var quotas = new ArrayList<Integer>();
    var canary = strategy.canary().nodes();
    // A share too small for a single node is one all the same: somebody asked for a canary.
    quotas.add(canary.value() == 0 ? 0 : Math.min(all, canary.ofAtLeastOne(all)));
    for (IntOrPercent wave : strategy.waves()) {
      quotas.add(Math.max(quotas.getLast(), wave.of(all)));
    }
    quotas.add(all);
    return quotas;
  }
}
