package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Config.Local;
import dev.retune.agent.core.NodeState.BadContent;
import dev.retune.agent.core.NodeState.Trial;
import dev.retune.api.ConfigErrors;
import dev.retune.api.DriftedField;
import dev.retune.api.FieldsStatus;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeConfigStatus;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.Phase;
import dev.retune.api.ShadowedField;
import dev.retune.api.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The status that says what the state and the observation say. Pure. */
public final class StatusReport {
  /** A reported end of a trial is not moved for less than this. */
  private static final Duration TRIAL_END_GRAIN = Duration.ofSeconds(2);

  private StatusReport() {}

  /**
   * The status to report.
   *
   * @param layout tells which config a {@code --config} flag names
   * @param storageError why the agent's own files cannot be written; empty when they can
   * @param previous what was reported last: times of transitions are taken from it
   */
  public static NodeKubeletStatus of(
      Layout layout,
      NodeState state,
      Observation seen,
      Optional<String> storageError,
      NodeKubeletStatus previous) {
    var process = seen.kubelet().process();
    return new NodeKubeletStatus(
        new NodeConfigStatus(
            state.assigned().flatMap(assigned -> source(assigned, state)),
            source(state.active(), state),
            source(state.lastKnownGood(), state),
            error(state, seen, storageError)),
        Optional.of(phase(layout, state, seen, storageError)),
        state.trial().map(trial -> trial(trial, state, seen, previous)),
        inEffect(state, seen).map(known -> "sha256:" + known.hash()).orElse(""),
        seen.kubelet().version(),
        process.map(main ->
            previous
                .kubeletStartTime()
                .filter(known -> close(known, seen.now().wallAt(main.startedAt())))
                .orElse(seen.now().wallAt(main.startedAt()))),
        state.restartCount(),
        state.assignment().map(Assignment::generation).orElse(previous.observedGeneration()),
        inEffect(state, seen).map(InEffect::fields).orElse(FieldsStatus.NONE),
        Conditions.of(layout, state, seen, storageError, previous));
  }

  /** AGENT-4: the reported version follows the object, whichever version the file is of. */
  private static Optional<NodeConfigSource> source(Config config, NodeState state) {
    return switch (config) {
      case Local _ -> Optional.empty();
      case Checkpoint checkpoint ->
          Optional.of(
              NodeConfigSource.of(
                  state.assigned().filter(checkpoint::sameContent).orElse(checkpoint).source()));
    };
  }

  /** What the active config comes to, once that is worked out. */
  static Optional<InEffect> inEffect(NodeState state, Observation seen) {
    return seen.inEffect()
        .filter(known -> known.of().equals(state.active().contentHash()))
        .filter(_ -> state.activation().isEmpty());
  }

  /** AGENT-19: a config that a flag or a drop-in overrides is never as good as applied. */
  static List<ShadowedField> shadowed(NodeState state, Observation seen) {
    return state.active() instanceof Checkpoint
        ? inEffect(state, seen).map(known -> known.fields().shadowed()).orElse(List.of())
        : List.of();
  }

  /** AGENT-17: what somebody has changed on the node and the kubelet has not heard of. */
  static List<DriftedField> drifted(NodeState state, Observation seen) {
    return inEffect(state, seen).map(known -> known.fields().drifted()).orElse(List.of());
  }

  private static boolean changedOnTheNode(NodeState state, Observation seen) {
    return inEffect(state, seen)
        .filter(known -> !known.fields().drifted().isEmpty() || !known.problems().isEmpty())
        .isPresent();
  }

  static String error(NodeState state, Observation seen, Optional<String> storageError) {
    if (storageError.isPresent()) {
      return state.activation().isPresent() ? ConfigErrors.INTERNAL : ConfigErrors.SYNC_INTERNAL;
    }
    if (namesNothing(state)) {
      return ConfigErrors.ALL_NIL_SUBFIELDS;
    }
    if (unavailable(state, seen).isPresent()) {
      return ConfigErrors.DOWNLOAD;
    }
    var refusal = state.refusal();
    if (refusal.isPresent()) {
      return switch (refusal.get().ruling().stage()) {
        case LOAD -> ConfigErrors.LOAD;
        case VALIDATE -> ConfigErrors.VALIDATE;
      };
    }
    return failed(state).isPresent() ? ConfigErrors.RUN : "";
  }

  /** One word, by what matters most; {@link #error} follows the same order. */
  static Phase phase(
      Layout layout, NodeState state, Observation seen, Optional<String> storageError) {
    if (storageError.isPresent()) {
      return Phase.Blocked;
    }
    if (state.activation().isPresent()) {
      return Phase.Restarting;
    }
    if (state.active() instanceof Local && state.bad(BadContent.LOCAL).isPresent()) {
      return Phase.Blocked;
    }
    if (drift(layout, state, seen).isPresent() || changedOnTheNode(state, seen)) {
      return Phase.Drifted;
    }
    if (namesNothing(state)) {
      return Phase.Rejected;
    }
    if (unavailable(state, seen).isPresent()) {
      return Phase.Syncing;
    }
    if (state.refusal().isPresent()) {
      return Phase.Rejected;
    }
    if (failed(state).isPresent()) {
      return Phase.RolledBack;
    }
    if (asksForMore(state)) {
      return Phase.Syncing;
    }
    if (state.trial().isPresent()) {
      return Phase.Trial;
    }
    if (state.active() instanceof Checkpoint
        && !state.active().sameContent(state.lastKnownGood())) {
      // Found running by an agent that lost its memory; its trial is yet to begin.
      return Phase.Syncing;
    }
    if (!shadowed(state, seen).isEmpty()) {
      return Phase.Drifted;
    }
    return state.active() instanceof Local ? Phase.Local : Phase.Good;
  }

  /** The {@code --config} of a kubelet that runs well, but not with the active config. */
  static Optional<String> drift(Layout layout, NodeState state, Observation seen) {
    return state.activation().isPresent() || seen.kubelet().healthySince().isEmpty()
        ? Optional.empty()
        : seen.kubelet()
            .process()
            .map(Observation.MainProcess::config)
            .filter(flag -> !layout.names(state.active(), flag));
  }

  /** Whether a ConfigMap is assigned that is not, or not yet, what the kubelet runs. */
  private static boolean asksForMore(NodeState state) {
    return state.assignment().flatMap(Assignment::source).isPresent()
        && (!resolved(state) || state.assigned().filter(state.active()::sameContent).isEmpty());
  }

  /** Whether {@code assigned} is of the ConfigMap that is asked for now, and not of an earlier. */
  static boolean resolved(NodeState state) {
    return state.assignment().flatMap(Assignment::source).isPresent()
        && state
            .assigned()
            .map(assigned -> assigned.source().unresolved())
            .equals(state.assignment().flatMap(Assignment::source));
  }

  static boolean namesNothing(NodeState state) {
    return state
        .assignment()
        .filter(assignment -> assignment.named() && assignment.source().isEmpty())
        .isPresent();
  }

  /**
   * Why the assigned ConfigMap cannot be had, if it cannot. An API server that is away for a while
   * is no reason to complain of what is on the node already.
   */
  static Optional<String> unavailable(NodeState state, Observation seen) {
    return state.assignment().flatMap(Assignment::source).isPresent()
            && seen.payload() instanceof Payload.Unavailable(String why, boolean answered)
            && (answered || !resolved(state))
        ? Optional.of(why)
        : Optional.empty();
  }

  /** The evidence that what is assigned failed on this node, if it did (AGENT-14). */
  static Optional<BadContent> failed(NodeState state) {
    if (state.assignment().flatMap(Assignment::source).isEmpty()) {
      return state.bad(BadContent.LOCAL);
    }
    return resolved(state)
        ? state.assigned().flatMap(assigned -> state.bad(assigned.hash()))
        : Optional.empty();
  }

  private static TrialStatus trial(
      Trial trial, NodeState state, Observation seen, NodeKubeletStatus previous) {
    var left =
        state
            .assignment()
            .map(Assignment::trialDuration)
            .orElse(Duration.ZERO)
            .minus(trial.observed());
    var ends = seen.now().wall().plus(left.isNegative() ? Duration.ZERO : left);
    var steady =
        previous.trial().map(TrialStatus::endsAt).filter(known -> close(known, ends)).orElse(ends);
    return new TrialStatus(trial.startedAt(), steady);
  }

  private static boolean close(Instant a, Instant b) {
    return Duration.between(a, b).abs().compareTo(TRIAL_END_GRAIN) <= 0;
  }
}
