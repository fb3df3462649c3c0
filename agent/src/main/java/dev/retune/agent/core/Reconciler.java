package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Config.Local;
import dev.retune.agent.core.Effect.EventType;
import dev.retune.agent.core.NodeState.BadContent;
import dev.retune.agent.core.NodeState.Cause;
import dev.retune.agent.core.NodeState.Refusal;
import dev.retune.agent.core.Ruling.Stage;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.OnInvalid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the agent does next: a function of what it must not forget and what it sees.
 *
 * <p>It is level-triggered. Every step looks at the whole observation and asks three questions in
 * this order: what is assigned (and is its checkpoint on disk), what should the kubelet therefore
 * run, and where does the change to that, or its trial, stand. Nothing depends on having seen each
 * event, so an agent that was killed after any effect goes on from the state it saved last:
 *
 * <ul>
 *   <li>A checkpoint is saved before the state that refers to it.
 *   <li>The state says that an activation is under way before the kubelet's files are touched.
 *   <li>The state says that the restart was issued after it was; an agent that was cut off in
 *       between finds the kubelet running the target, or restarts it once more.
 * </ul>
 */
public final class Reconciler {
  private static final Duration STARTING = Duration.ofMillis(100);
  private static final Duration IN_TRIAL = Duration.ofSeconds(1);

  /** A start that takes longer waits for somebody, and that can take days. */
  private static final Duration LONG_START = Duration.ofMinutes(2);

  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Progress progress;

  public Reconciler(Layout layout, Limits limits) {
    this.progress = new Progress(layout, limits);
  }

  public Step step(NodeState before, Observation seen) {
    return guarded(next(before, seen), seen);
  }

  /**
   * AGENT-15: what is pending is never without the dead man's switch, and what is not pending is
   * not undone by it. A step that restarts the kubelet arms it itself, before it touches anything.
   */
  private static Step guarded(Step step, Observation seen) {
    var guard = new ArrayList<>(step.effects());
    boolean armed = seen.armed();
    for (Effect effect : step.effects()) {
      armed =
          effect instanceof Effect.ArmWayBack
              || (armed && !(effect instanceof Effect.DisarmWayBack));
    }
    var state = step.state();
    if (state.pending() && !armed) {
      state.wayBack().ifPresent(back -> guard.add(new Effect.ArmWayBack(state.current(), back)));
    }
    if (!state.pending() && armed) {
      guard.add(new Effect.DisarmWayBack());
    }
    return new Step(state, guard);
  }

  /**
   * Whether what is pending is being judged, so that the dead man's switch may be kept from acting.
   * It is not when the machine has booted into something else than what is in trial: the power may
   * have been cut when the switch had put back what the kubelet starts with and not yet said so,
   * and it is to do the rest. A person who starts the kubelet with something else is left alone.
   */
  public boolean judges(NodeState state, Observation seen) {
    var kubelet = seen.kubelet();
    return state.activation().isPresent()
        || state
            .trial()
            .filter(trial ->
                trial.ranIn().equals(seen.now().bootId())
                    || kubelet.process().isEmpty()
                    || progress.runs(state.active(), kubelet))
            .isPresent();
  }

  private Step next(NodeState before, Observation seen) {
    var effects = new ArrayList<Effect>();
    if (seen.undone().isPresent()) {
      return progress.undone(before, seen.undone().get(), seen, effects);
    }
    var state = resolve(usable(absorb(before, seen), seen), seen, effects);
    var verdict = verdict(state, seen);
    var remembered = remember(verdict, state, seen);
    // The node comes first, then the news of it.
    var news = newRefusal(state, remembered);
    var step = act(before, remembered, verdict, seen, effects);
    if (news.isEmpty()) {
      return step;
    }
    var all = new ArrayList<>(step.effects());
    all.add(news.get());
    return new Step(step.state(), all);
  }

  private Step act(
      NodeState before, NodeState state, Verdict verdict, Observation seen, List<Effect> effects) {
    var target = target(verdict, state);
    if (target.isPresent() && !state.current().sameContent(target.get().config())) {
      return progress.begin(state, target.get().config(), target.get().cause(), seen, effects);
    }
    if (!state.equals(before)) {
      effects.add(new Effect.SaveState(state));
    }
    if (!state.assigned().equals(before.assigned())) {
      effects.add(new Effect.CollectGarbage(state));
    }
    if (verdict instanceof Verdict.Unjudged(Checkpoint candidate, Document document)) {
      effects.add(new Effect.AskJudge(candidate, document));
    }
    return progress.advance(state, seen, effects);
  }

  /** The spec that holds: the one that is seen, else the last one. */
  private static NodeState absorb(NodeState state, Observation seen) {
    if (seen.assignment().isEmpty() || seen.assignment().equals(state.assignment())) {
      return state;
    }
    var next = seen.assignment();
    var retried = retried(state, next.get());
    boolean sameSource =
        next.flatMap(Assignment::source).equals(state.assignment().flatMap(Assignment::source));
    // A person has decided anew: a local config that failed may be tried again, and what is said of
    // an earlier source says nothing of the new one.
    return retried
        .withAssignment(next)
        .withoutBad(BadContent.LOCAL)
        .withRefusal(sameSource ? retried.refusal() : Optional.empty());
  }

  /** AGENT-14: somebody asks for another try of what failed. */
  private static NodeState retried(NodeState state, Assignment next) {
    boolean asked =
        !next.retry().isEmpty()
            && state.assignment().filter(last -> !last.retry().equals(next.retry())).isPresent();
    return asked
        ? state
            .withoutBad(state.assigned().map(Config::contentHash).orElse(BadContent.LOCAL))
            .withUnjudged(Optional.empty())
            .withRefusal(Optional.empty())
        : state;
  }

  /** AGENT-5: a last known good config whose checkpoint is damaged is none to fall back to. */
  private static NodeState usable(NodeState state, Observation seen) {
    if (!(state.lastKnownGood() instanceof Checkpoint good) || !seen.damaged().contains(good)) {
      return state;
    }
    return seen.payload() instanceof Payload.Found(_, _, var document)
            && document.filter(found -> found.hash().equals(good.hash())).isPresent()
        ? state
        : state
            .withLastKnownGood(new Local())
            .withLost(
                "the checkpoint of the last known good config "
                    + Announcements.name(good)
                    + " is damaged; the kubelet would fall back to its local config");
  }

  /** Resolves the assignment to one exact version and has it on disk before anything uses it. */
  private static NodeState resolve(NodeState state, Observation seen, List<Effect> effects) {
    if (state.assignment().isEmpty()) {
      return state;
    }
    var assignment = state.assignment().get();
    if (assignment.source().isEmpty()) {
      return assignment.named() ? state : state.withAssigned(Optional.empty());
    }
    return switch (seen.payload()) {
      case Payload.Pending _, Payload.Unavailable _ -> state;
      case Payload.Found(String uid, String resourceVersion, var document) -> {
        var candidate =
            new Checkpoint(
                assignment.source().get().resolved(uid, resourceVersion),
                document.map(Document::hash).orElse(""),
                document.flatMap(Document::mergedFrom).isPresent());
        document.ifPresent(text ->
            missing(state, candidate, seen)
                .forEach(checkpoint -> effects.add(new Effect.SaveCheckpoint(checkpoint, text))));
        yield state.withAssigned(Optional.of(candidate));
      }
      case Payload.NotMerged(String uid, String resourceVersion, Document document, _) -> {
        var candidate =
            new Checkpoint(
                assignment.source().get().resolved(uid, resourceVersion), document.hash());
        missing(state, candidate, seen)
            .forEach(checkpoint -> effects.add(new Effect.SaveCheckpoint(checkpoint, document)));
        yield state.withAssigned(Optional.of(candidate));
      }
    };
  }

  /** The checkpoints of the candidate's content that are not on disk, or not any more. */
  private static Set<Checkpoint> missing(NodeState state, Checkpoint candidate, Observation seen) {
    var missing = new LinkedHashSet<Checkpoint>();
    if (!state.assigned().equals(Optional.of(candidate))) {
      missing.add(candidate);
    }
    seen.damaged().stream().filter(candidate::sameContent).forEach(missing::add);
    return missing;
  }

  /** What is to be thought of the assignment. */
  private sealed interface Verdict {
    /** There is none, or its content is not here: what runs goes on. */
    record Unknown() implements Verdict {}

    /** The local config is asked for. */
    record Reset() implements Verdict {}

    record Good(Checkpoint candidate) implements Verdict {}

    record Unjudged(Checkpoint candidate, Document document) implements Verdict {}

    record Refused(Refusal refusal) implements Verdict {}

    /** AGENT-14: it failed on this node before. */
    record KnownBad() implements Verdict {}
  }

  private static Verdict verdict(NodeState state, Observation seen) {
    if (state.assignment().isEmpty()) {
      return new Verdict.Unknown();
    }
    var assignment = state.assignment().get();
    if (assignment.source().isEmpty()) {
      return assignment.named() ? new Verdict.Unknown() : new Verdict.Reset();
    }
    if (seen.payload() instanceof Payload.NotMerged refused) {
      return new Verdict.Refused(new Refusal(refused.document().hash(), refused.ruling()));
    }
    if (!(seen.payload() instanceof Payload.Found found) || state.assigned().isEmpty()) {
      return new Verdict.Unknown();
    }
    var candidate = state.assigned().get();
    if (found.document().isEmpty()) {
      return new Verdict.Refused(new Refusal(candidate.hash(), noSuchKey(candidate.source())));
    }
    if (state.bad(candidate.hash()).isPresent()) {
      return new Verdict.KnownBad();
    }
    if (state.current().sameContent(candidate)
        && state.acceptedUnder().equals(seen.circumstances())) {
      return new Verdict.Good(candidate);
    }
    return seen.ruling()
        .filter(judged ->
            judged.hash().equals(candidate.hash())
                && judged.circumstances().equals(seen.circumstances()))
        .<Verdict>map(judged ->
            switch (judged.ruling()) {
              case Ruling.Accepted _ -> new Verdict.Good(candidate);
              case Ruling.Refused refused ->
                  new Verdict.Refused(new Refusal(candidate.hash(), refused));
            })
        .orElseGet(() -> new Verdict.Unjudged(candidate, found.document().get()));
  }

  /** Keeps a refusal as long as it is about what is assigned. */
  private static NodeState remember(Verdict verdict, NodeState state, Observation seen) {
    return switch (verdict) {
      case Verdict.Refused(Refusal refusal) -> state.withRefusal(Optional.of(refusal));
      case Verdict.Reset _ -> {
        var clean = state.withRefusal(Optional.empty());
        yield clean.current() instanceof Local && clean.activation().isEmpty()
            ? clean.withLastKnownGood(new Local())
            : clean;
      }
      case Verdict.Good _ ->
          state.withRefusal(Optional.empty()).withAcceptedUnder(seen.circumstances());
      case Verdict.KnownBad _ -> state.withRefusal(Optional.empty());
      // An agent that was restarted judges again; until then the last answer holds.
      case Verdict.Unjudged(Checkpoint candidate, _) ->
          state.withRefusal(state.refusal().filter(known -> known.hash().equals(candidate.hash())));
      case Verdict.Unknown _ -> state;
    };
  }

  /** Tells of a refusal once. */
  private static Optional<Effect> newRefusal(NodeState before, NodeState after) {
    return after
        .refusal()
        .filter(refusal -> !before.refusal().equals(Optional.of(refusal)))
        .map(refusal ->
            new Effect.Announce(
                EventType.Warning,
                "KubeletConfigRejected",
                "Kubelet config "
                    + after.assigned().map(Announcements::name).orElse("")
                    + " was refused, "
                    + kept(after)
                    + ": "
                    + refusal.ruling().message()));
  }

  private static String kept(NodeState state) {
    return switch (onInvalid(state)) {
      case KeepActive -> "the kubelet was not touched";
      case LastKnownGood -> "the last known good config is used";
    };
  }

  /** A config that should run, and why. */
  private record Target(Config config, Cause cause) {}

  private static Optional<Target> target(Verdict verdict, NodeState state) {
    return switch (verdict) {
      case Verdict.Unknown _, Verdict.Unjudged _ -> Optional.empty();
      case Verdict.Reset _ ->
          state.bad(BadContent.LOCAL).isPresent()
              ? Optional.empty()
              : Optional.of(new Target(new Local(), Cause.RESET));
      case Verdict.Good(Checkpoint candidate) -> Optional.of(new Target(candidate, Cause.ASSIGNED));
      case Verdict.Refused _, Verdict.KnownBad _ ->
          switch (onInvalid(state)) {
            case KeepActive -> Optional.empty();
            case LastKnownGood -> Optional.of(new Target(state.lastKnownGood(), Cause.INVALID));
          };
    };
  }

  private static OnInvalid onInvalid(NodeState state) {
    return state.assignment().map(Assignment::onInvalid).orElse(OnInvalid.KeepActive);
  }

  private static Ruling.Refused noSuchKey(ConfigMapNodeConfigSource source) {
    return new Ruling.Refused(
        Stage.LOAD,
        "KeyNotFound",
        "ConfigMap "
            + source.namespace()
            + "/"
            + source.name()
            + " has no key \""
            + source.kubeletConfigKey()
            + "\" in its data");
  }

  /**
   * How long the agent may sleep after a step when nothing wakes it: it looks closely while a
   * kubelet starts, once a second in a trial, and else as seldom as health may be reported late.
   */
  public static Duration pace(NodeState state, Observation seen) {
    if (state.activation().isPresent()) {
      var since = seen.now().sinceBoot().minus(state.activation().get().since());
      return since.compareTo(LONG_START) > 0 ? IN_TRIAL : STARTING;
    }
    if (state.trial().isPresent()) {
      var left =
          state
              .assignment()
              .map(Assignment::trialDuration)
              .orElse(IDLE)
              .minus(state.trial().get().observed());
      return left.compareTo(IN_TRIAL) > 0 ? IN_TRIAL : left.isNegative() ? STARTING : left;
    }
    return IDLE;
  }
}
