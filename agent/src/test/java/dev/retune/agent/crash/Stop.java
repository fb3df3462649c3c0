package dev.retune.agent.crash;

import dev.retune.agent.core.World;
import dev.retune.agent.core.World.Outage;
import dev.retune.agent.store.SimulatedDisk.Loss;

/**
 * One end of the agent.
 *
 * @param at so many steps of the disk, or effects, after the first change begins
 * @param onDisk whether steps of the disk are counted, else effects
 */
record Stop(int at, boolean onDisk, Kind kind) {

  /** What ends. */
  enum Kind {
    /** {@code kill -9}; the service manager starts the agent again in 2 s. */
    KILLED(Outage.KILLED, Loss.NOTHING),
    /** {@code kill -9}; nobody starts the agent for five minutes. */
    AWAY(Outage.AWAY, Loss.NOTHING),
    POWER_CUT(Outage.POWER_CUT, Loss.NOTHING),
    POWER_CUT_NAMES_LOST(Outage.POWER_CUT, Loss.NAMES),
    POWER_CUT_BYTES_LOST(Outage.POWER_CUT, Loss.BYTES),
    POWER_CUT_TORN(Outage.POWER_CUT, Loss.TORN);

    final Outage outage;
    final Loss loss;

    Kind(Outage outage, Loss loss) {
      this.outage = outage;
      this.loss = loss;
    }
  }

  /** Has it happen. */
  void prepare(World world) {
    world.outage = kind.outage;
    world.loss = kind.loss;
    if (onDisk) {
      world.disk.stopAfter(at);
    } else {
      world.stopAfter = world.performed + at;
    }
  }

  @Override
  public String toString() {
    return kind + " after " + (onDisk ? "step " : "effect ") + at;
  }
}
