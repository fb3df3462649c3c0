package dev.retune.agent.core;

import dev.retune.agent.core.Config.Local;
import dev.retune.agent.core.NodeState.Activation;
import dev.retune.agent.core.NodeState.BadContent;
import dev.retune.agent.core.NodeState.Cause;
import dev.retune.agent.core.NodeState.Trial;
import dev.retune.agent.core.Observation.Kubelet;
import dev.retune.agent.core.Observation.Undone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Back from a config that failed: the agent's own way, and after the dead man's switch's. */
final class WayOut {
  private WayOut() {}

  /**
   * Goes back to the last known good config, or, when it is that one which failed, to the local.
   */
  static Step rollBack(
      NodeState state,
      Config failed,
      Failures.Failure failure,
      Observation seen,
      List<Effect> effects) {
    var marked = state.withBad(bad(failed, failure, seen));
    if (failed instanceof Local && failed.sameContent(state.lastKnownGood())) {
      var stuck =
          marked.withActive(failed).withActivation(Optional.empty()).withTrial(Optional.empty());
      effects.add(new Effect.SaveState(stuck));
      effects.add(Announcements.stuck(failed, failure.message()));
      return new Step(stuck, effects);
    }
    var decided = goingBack(marked, failed, seen);
    var activation = decided.activation().orElseThrow();
    var all = new ArrayList<>(effects);
    all.add(new Effect.SaveState(decided));
    // The node comes first, then the news of it.
    var step = Progress.restart(decided, activation, seen, all);
    var ordered = new ArrayList<>(step.effects());
    ordered.add(Announcements.rolledBack(failed, activation.target(), failure.message()));
    return new Step(step.state(), ordered);
  }

  private static BadContent bad(Config failed, Failures.Failure failure, Observation seen) {
    return new BadContent(
        failed.contentHash(), failure.reason(), failure.message(), seen.now().wall());
  }

  /** The state with the decision to go back from what failed. */
  private static NodeState goingBack(NodeState state, Config failed, Observation seen) {
    var back =
        failed.sameContent(state.lastKnownGood()) ? state.withLastKnownGood(new Local()) : state;
    return goingTo(back, back.lastKnownGood(), Cause.ROLLBACK, seen);
  }

  static NodeState goingTo(NodeState state, Config target, Cause cause, Observation seen) {
    boolean readyBefore =
        state
            .activation()
            .map(Activation::readyBefore)
            .or(() -> state.trial().map(Trial::readyBefore))
            .orElse(false);
    var activation = Progress.decision(target, cause, readyBefore, seen);
    return state.withActivation(Optional.of(activation)).withTrial(Optional.empty());
  }

  /**
   * AGENT-15: the dead man's switch has gone the way back, because nobody judged the kubelet or the
   * agent could not write. What it undid is taken back in the agent's files too, and the kubelet is
   * restarted only where it does not run what it should by now.
   */
  static Step undone(
      NodeState before,
      Undone undone,
      BiPredicate<Config, Kubelet> runs,
      Observation seen,
      List<Effect> effects) {
    var failed = before.current();
    boolean ours = failed.contentHash().equals(undone.hash()) && before.wayBack().isPresent();
    // Else it is not what this state is about: the memory was lost, or the agent went back as well.
    var state = remembering(before, undone, seen);
    var decided = ours ? goingBack(state, failed, seen) : state;
    var target = decided.current();
    var news = Announcements.rolledBack(failed, target, Failures.ofUndone(undone).message());
    if (!runs.test(target, seen.kubelet()) && seen.kubelet().process().isPresent()) {
      // What was under way goes on, and for the reason that it had.
      var cause = before.activation().map(Activation::cause).orElse(Cause.ROLLBACK);
      var again = ours ? decided : goingTo(decided, target, cause, seen);
      effects.add(new Effect.SaveState(again));
      effects.add(new Effect.DisarmWayBack());
      var step = Progress.restart(again, again.activation().orElseThrow(), seen, effects);
      var all = new ArrayList<>(step.effects());
      all.add(news);
      return new Step(step.state(), all);
    }
    boolean sameBoot = undone.bootId().equals(seen.now().bootId());
    var since = sameBoot ? undone.sinceBoot() : Duration.ZERO;
    var proving =
        ours
            ? decided
                .withActivation(
                    decided
                        .activation()
                        .map(back ->
                            back.issued(seen.now().bootId(), since, Exits.NONE.notCounting(seen))))
                .withRestartCount(decided.restartCount() + 1)
            : decided;
    effects.add(new Effect.Activate(target));
    effects.add(new Effect.SaveState(proving));
    effects.add(new Effect.DisarmWayBack());
    if (ours) {
      effects.add(news);
    }
    return new Step(proving, effects);
  }

  /**
   * A content that nobody judged is tried once more, with the agent there; undone a second time, or
   * found to have failed, it is bad: it may be what kept the agent from judging.
   */
  private static NodeState remembering(NodeState state, Undone undone, Observation seen) {
    if (!undone.judged() && !state.unjudged().equals(Optional.of(undone.hash()))) {
      return state.withUnjudged(Optional.of(undone.hash()));
    }
    var failure = Failures.ofUndone(undone);
    return state
        .withUnjudged(Optional.empty())
        .withBad(
            new BadContent(undone.hash(), failure.reason(), failure.message(), seen.now().wall()));
  }
}
