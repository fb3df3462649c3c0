package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Config.Local;
import dev.retune.agent.core.Failures.Overdue;
import dev.retune.agent.core.NodeState.Activation;
import dev.retune.agent.core.NodeState.BadContent;
import dev.retune.agent.core.NodeState.Cause;
import dev.retune.agent.core.NodeState.Trial;
import dev.retune.agent.core.Observation.Kubelet;
import dev.retune.agent.core.Observation.MainProcess;
import dev.retune.agent.core.Observation.Undone;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** From the decision to change the config to the last known good one, or back. */
final class Progress {
  /** How coarsely the kernel tells when a process was started (USER_HZ is 100). */
  private static final Duration START_TIME_GRAIN = Duration.ofMillis(20);

  /** How much observed health may be lost when the agent is killed. */
  private static final Duration TRIAL_SAVED_EVERY = Duration.ofSeconds(30);

  /** How long {@code healthz} must be ok where it is all that can be asked. */
  private static final Duration HEALTH_ALONE = Duration.ofSeconds(10);

  private final Layout layout;
  private final Failures failures;

  Progress(Layout layout, Limits limits) {
    this.layout = layout;
    this.failures = new Failures(limits);
  }

  /** Decides on a change of config and makes it (AGENT-8, AGENT-10). */
  Step begin(NodeState state, Config target, Cause cause, Observation seen, List<Effect> effects) {
    boolean readyBefore =
        state.activation().filter(Activation::readyBefore).isPresent()
            || state.trial().filter(Trial::readyBefore).isPresent()
            || seen.kubelet().ready().orElse(false);
    var activation = decision(target, cause, readyBefore, seen);
    var decided = state.withActivation(Optional.of(activation)).withTrial(Optional.empty());
    effects.add(new Effect.SaveState(decided));
    return restart(decided, activation, seen, effects);
  }

  /** A change of config that was decided and not begun. */
  static Activation decision(Config target, Cause cause, boolean readyBefore, Observation seen) {
    return new Activation(
        target,
        cause,
        false,
        seen.now().bootId(),
        seen.now().sinceBoot(),
        Exits.NONE.beforeRestart(seen),
        readyBefore);
  }

  static Step restart(
      NodeState state, Activation activation, Observation seen, List<Effect> effects) {
    var now = seen.now();
    var exits = activation.exits().beforeRestart(seen);
    var issued =
        state
            .withActivation(Optional.of(activation.issued(now.bootId(), now.sinceBoot(), exits)))
            .withRestartCount(state.restartCount() + 1);
    Optional<Effect> guard =
        state.wayBack().map(back -> new Effect.ArmWayBack(activation.target(), back));
    boolean goesBack = activation.cause() == Cause.ROLLBACK;
    if (!goesBack) {
      // Nothing is touched while nobody but the agent could undo it.
      guard.ifPresent(effects::add);
    }
    effects.add(Announcements.restarting(activation.target()));
    effects.add(new Effect.Activate(activation.target()));
    effects.add(
        new Effect.RestartKubelet(state.active(), state.lastKnownGood(), activation.target()));
    effects.add(new Effect.SaveState(issued));
    if (goesBack) {
      // Nothing keeps a kubelet from being rolled back.
      guard.ifPresent(effects::add);
    }
    return new Step(issued, effects);
  }

  /** Moves on what is under way: an activation, else a trial. */
  Step advance(NodeState state, Observation seen, List<Effect> effects) {
    if (state.activation().isPresent()) {
      return prove(state, state.activation().get(), seen, effects);
    }
    if (state.trial().isPresent()) {
      return trial(state, state.trial().get(), seen, effects);
    }
    if (!state.active().sameContent(state.lastKnownGood())
        && state.active() instanceof Checkpoint) {
      // Found running after the agent's memory was lost: it has to earn its place again.
      var exits = Exits.NONE.notCounting(seen);
      return saved(state.withTrial(Optional.of(newTrial(seen, exits, false, true))), effects);
    }
    if (state.active() instanceof Checkpoint && newVersion(state, seen)) {
      return saved(newVersionOnTrial(state, seen), effects);
    }
    if (state.active() instanceof Local
        && state.bad(BadContent.LOCAL).isPresent()
        && runs(state.active(), seen.kubelet())
        && healthyFor(HEALTH_ALONE, seen)) {
      // It failed, there was nothing to go back to, and it runs after all.
      return saved(state.withoutBad(BadContent.LOCAL), effects);
    }
    return new Step(state, effects);
  }

  /**
   * Whether the kubelet that runs, or does not come up, is of a version that proved nothing yet.
   */
  private static boolean newVersion(NodeState state, Observation seen) {
    var kubelet = seen.kubelet();
    String started = kubelet.process().map(MainProcess::version).orElse("");
    boolean tried = started.equals(kubelet.version()) || kubelet.service().down();
    return !kubelet.version().isEmpty()
        && tried
        && !kubelet.version().equals(state.provenVersion());
  }

  /**
   * AGENT-17: with another kubelet a config that was good is a candidate again, and what would run
   * without Retune is what to fall back to: that is what the upgrade was made with.
   */
  private static NodeState newVersionOnTrial(NodeState state, Observation seen) {
    var version = seen.kubelet().version();
    if (state.provenVersion().isEmpty()) {
      return state.withProvenVersion(version);
    }
    var exits = Exits.NONE.notCounting(seen);
    boolean ready = seen.kubelet().ready().orElse(false);
    var fallingBack =
        state.active().sameContent(state.lastKnownGood())
            ? state.withLastKnownGood(new Local())
            : state;
    return fallingBack
        .withProvenVersion(version)
        .withTrial(Optional.of(newTrial(seen, exits, ready, true)));
  }

  private static Trial newTrial(
      Observation seen, Exits exits, boolean readyBefore, boolean leaseBefore) {
    return new Trial(
        seen.now().wall(),
        Duration.ZERO,
        seen.now().sinceBoot(),
        seen.now().bootId(),
        Duration.ZERO,
        exits,
        readyBefore,
        leaseBefore,
        seen.now().bootId());
  }

  /** AGENT-11. */
  private Step prove(
      NodeState state, Activation activation, Observation seen, List<Effect> effects) {
    var now = seen.now();
    boolean sameBoot = activation.bootId().equals(now.bootId());
    boolean restarted = !sameBoot || startedSince(activation, seen);
    boolean running = restarted && runs(activation.target(), seen.kubelet());
    if (!activation.restartIssued() && !running) {
      // The agent was cut off between its decision and the restart.
      return restart(state, activation, seen, effects);
    }
    if (!sameBoot) {
      // The machine was rebooted: what ended before anybody looked does not count.
      var exits = Exits.NONE.notCounting(seen);
      var booted = activation.issued(now.bootId(), Duration.ZERO, exits);
      return saved(state.withActivation(Optional.of(booted)), effects);
    }
    if (!activation.restartIssued()) {
      // The agent was cut off between the restart and the note of it.
      var noted = activation.issued(now.bootId(), activation.since(), Exits.NONE);
      return saved(state.withActivation(Optional.of(noted)), effects);
    }
    var watched = activation.withExits(activation.exits().seen(seen, false));
    var next = state.withActivation(Optional.of(watched));
    var failure = failures.ofStart(watched, seen);
    if (failure.isPresent()) {
      return WayOut.rollBack(next, watched.target(), failure.get(), seen, effects);
    }
    if (running && proven(seen)) {
      return proven(next, watched, true, seen, effects);
    }
    if (failures.stranded(watched.exits(), seen)) {
      return restart(next, watched, seen, effects);
    }
    if (!failures.late(watched, seen)) {
      return new Step(next, effects);
    }
    return switch (failures.overdue(watched, seen, restarted, running)) {
      case Overdue.Blame(var blamed) ->
          WayOut.rollBack(next, watched.target(), blamed, seen, effects);
      case Overdue.Proven _ -> proven(next, watched, false, seen, effects);
      case Overdue.Restart _ -> restart(next, watched, seen, effects);
      case Overdue.Wait _ -> new Step(next, effects);
    };
  }

  private static boolean startedSince(Activation activation, Observation seen) {
    return seen.kubelet()
        .process()
        .filter(main -> main.startedAt().plus(START_TIME_GRAIN).compareTo(activation.since()) >= 0)
        .isPresent();
  }

  boolean runs(Config config, Kubelet kubelet) {
    return kubelet.process().filter(process -> layout.names(config, process.config())).isPresent();
  }

  private static boolean proven(Observation seen) {
    var kubelet = seen.kubelet();
    if (kubelet.process().isEmpty() || kubelet.healthySince().isEmpty()) {
      return false;
    }
    if (!seen.apiReachable()) {
      // Without an API server nobody can renew a lease: health has to do (AGENT-2).
      return healthyFor(HEALTH_ALONE, seen);
    }
    Instant started =
        seen.now().wallAt(kubelet.process().get().startedAt()).minus(START_TIME_GRAIN);
    return kubelet.leaseRenewed().filter(renewed -> !renewed.isBefore(started)).isPresent();
  }

  private static boolean healthyFor(Duration limit, Observation seen) {
    return seen.kubelet()
        .healthySince()
        .filter(since -> seen.now().sinceBoot().minus(since).compareTo(limit) >= 0)
        .isPresent();
  }

  private static Step proven(
      NodeState state,
      Activation activation,
      boolean leaseBefore,
      Observation seen,
      List<Effect> effects) {
    var target = activation.target();
    boolean alreadyGood = target.sameContent(state.lastKnownGood()) || target instanceof Local;
    Optional<Trial> trial =
        alreadyGood
            ? Optional.empty()
            : Optional.of(
                newTrial(seen, activation.exits(), activation.readyBefore(), leaseBefore));
    var reached =
        state
            .withActive(target)
            .withActivation(Optional.empty())
            .withTrial(trial)
            .withProvenVersion(seen.kubelet().version())
            .withLost("");
    if (activation.cause() == Cause.RESET) {
      reached = reached.withLastKnownGood(new Local());
    }
    effects.add(new Effect.SaveState(reached));
    effects.add(new Effect.CollectGarbage(reached));
    return new Step(reached, effects);
  }

  /** AGENT-12 and AGENT-13. */
  private Step trial(NodeState state, Trial trial, Observation seen, List<Effect> effects) {
    boolean running = runs(state.active(), seen.kubelet());
    boolean healthy = running && failures.well(trial, seen);
    var counted = count(trial, seen, running, healthy);
    // What a kubelet does that somebody started with another config says nothing of this one.
    var failure =
        running || seen.kubelet().process().isEmpty()
            ? failures.ofTrial(counted, seen)
            : Optional.<Failures.Failure>empty();
    if (failure.isPresent()) {
      return WayOut.rollBack(state, state.active(), failure.get(), seen, effects);
    }
    if (failures.stranded(counted.exits(), seen)) {
      return startAgain(state, counted, seen, effects);
    }
    var length = state.assignment().map(Assignment::trialDuration).orElse(Duration.ZERO);
    if (healthy && state.assignment().isPresent() && counted.observed().compareTo(length) >= 0) {
      var good =
          state
              .withLastKnownGood(state.active())
              .withTrial(Optional.empty())
              .withUnjudged(Optional.empty())
              .withLost("");
      effects.add(new Effect.SaveState(good));
      effects.add(Announcements.lastKnownGood(state.active()));
      effects.add(new Effect.CollectGarbage(good));
      return new Step(good, effects);
    }
    var unsaved = counted.observed().minus(counted.savedObserved());
    var every = min(TRIAL_SAVED_EVERY, length.dividedBy(10));
    if (unsaved.compareTo(every) >= 0) {
      return saved(state.withTrial(Optional.of(counted.saved())), effects);
    }
    return new Step(state.withTrial(Optional.of(counted)), effects);
  }

  /** Nothing is held against the config, and nobody else would start the kubelet. */
  private static Step startAgain(
      NodeState state, Trial trial, Observation seen, List<Effect> effects) {
    effects.add(new Effect.RestartKubelet(state.active(), state.lastKnownGood(), state.active()));
    var restarted = trial.withExits(trial.exits().beforeRestart(seen));
    return saved(
        state.withTrial(Optional.of(restarted)).withRestartCount(state.restartCount() + 1),
        effects);
  }

  /** Adds the health that was observed since the last step; what nobody watched does not count. */
  private static Trial count(Trial trial, Observation seen, boolean running, boolean healthy) {
    var now = seen.now();
    boolean sameBoot = trial.bootId().equals(now.bootId());
    var observed = trial.observed();
    if (healthy) {
      var from = seen.kubelet().healthySince().orElse(now.sinceBoot());
      if (sameBoot && trial.countedTo().compareTo(from) > 0) {
        from = trial.countedTo();
      }
      var gained = now.sinceBoot().minus(from);
      observed = gained.isNegative() ? observed : observed.plus(gained);
    }
    return new Trial(
        trial.startedAt(),
        observed,
        now.sinceBoot(),
        now.bootId(),
        trial.savedObserved(),
        sameBoot ? trial.exits().seen(seen, true) : trial.exits().notCounting(seen),
        trial.readyBefore(),
        trial.leaseBefore(),
        running ? now.bootId() : trial.ranIn());
  }

  /** AGENT-15: the dead man's switch has gone the way back. */
  Step undone(NodeState before, Undone undone, Observation seen, List<Effect> effects) {
    return WayOut.undone(before, undone, this::runs, seen, effects);
  }

  private static Step saved(NodeState state, List<Effect> effects) {
    effects.add(new Effect.SaveState(state));
    return new Step(state, effects);
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
