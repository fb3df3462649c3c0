package dev.retune.agent.core;

import dev.retune.agent.core.NodeState.Cause;
import java.util.List;

/**
 * What to do next.
 *
 * @param state the state from now on; where it matters after a power cut, a {@link
 *     Effect.SaveState} is among the effects
 * @param effects to be done in order
 */
public record Step(NodeState state, List<Effect> effects) {
  public Step {
    effects = List.copyOf(effects);
  }

  /** Whether the kubelet is to be brought back from a config that failed. */
  public boolean goesBack() {
    return effects.stream().anyMatch(Effect.RestartKubelet.class::isInstance)
        && state.activation().filter(next -> next.cause() == Cause.ROLLBACK).isPresent();
  }
}
