package dev.retune.agent.node;

import dev.retune.agent.core.WayBack;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Undoes an activation by itself when nobody pushes it forward (AGENT-15): it works with the agent,
 * its files and the API server gone, and after a reboot.
 */
public interface DeadMansSwitch {

  /**
   * Prepares the way back, durably, and starts its clock. Nothing may be activated when this fails.
   * Arming what is armed already replaces its way back; with the same one its clock goes on.
   *
   * @throws IOException when the way back would not work; the kubelet was not touched
   */
  void arm(WayBack wayBack) throws IOException, InterruptedException;

  /** Starts the clock anew: somebody still judges the kubelet. */
  void push() throws IOException, InterruptedException;

  /** Goes the way back now: for an agent whose disk takes nothing any more. */
  void pull() throws IOException, InterruptedException;

  /** There is nothing to undo any more; what it had done is forgotten too. */
  void disarm() throws IOException, InterruptedException;

  /** Whether it is armed, on this boot or since an earlier one. Cheap enough for every look. */
  boolean armed();

  /** What it has done; empty while it has not. Cheap enough for every look. */
  Optional<Taken> taken();

  /**
   * The way back was gone.
   *
   * @param undone hash of the content that was undone, as in {@link WayBack#undoes}
   * @param bootId boot in which that was
   * @param sinceBoot when that was, on the boot-time clock
   * @param evidence what the kubelet's unit looked like before, for people
   */
  record Taken(String undone, String bootId, Duration sinceBoot, String evidence) {}
}
