package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;

/** Something to be done in the world. Effects are done in order; one that fails ends the step. */
public sealed interface Effect {

  /** Write the document to the checkpoint's place, durably. */
  record SaveCheckpoint(Checkpoint checkpoint, Document document) implements Effect {}

  /** Write the state, durably. */
  record SaveState(NodeState state) implements Effect {}

  /** Ask the judge; the answer is seen later. */
  record AskJudge(Checkpoint checkpoint, Document document) implements Effect {}

  /** Tell the cluster with an Event on the Node; waits 2 s at most. */
  record Announce(EventType type, String reason, String message) implements Effect {}

  /** Make {@code target} what the kubelet starts with next time (AGENT-8). */
  record Activate(Config target) implements Effect {}

  /**
   * Restart the kubelet through the service manager (AGENT-10), with its state files moved out of
   * the way or put back in between where they fit one config and not the other (AGENT-18).
   *
   * @param running what it was proven to run last
   * @param lastKnownGood whose state files are kept
   * @param target what it is to run
   */
  record RestartKubelet(Config running, Config lastKnownGood, Config target) implements Effect {}

  /**
   * Have the node undo this change by itself when the agent does not (AGENT-15).
   *
   * @param undoes what is undone
   * @param to what the kubelet runs then
   */
  record ArmWayBack(Config undoes, Config to) implements Effect {}

  /** Nothing is to be undone any more. */
  record DisarmWayBack() implements Effect {}

  /** Remove checkpoints that nothing refers to (AGENT-5). */
  record CollectGarbage(NodeState state) implements Effect {}

  /** Type of a core/v1 Event. */
  enum EventType {
    Normal,
    Warning
  }
}
