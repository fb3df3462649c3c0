package dev.retune.agent.crash;

import dev.retune.agent.core.World;
import dev.retune.agent.crash.Stop.Kind;
import dev.retune.agent.store.SimulatedDisk.Loss;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * Every point at which a run can be stopped, from one that is not: before each step of the disk and
 * after each effect. Of the points that leave the same files at the same time, by the same kind of
 * end, the first is taken.
 */
final class StopPoints {
  private final World world;
  private final List<Stop> stops = new ArrayList<>();
  private final HashSet<String> known = new HashSet<>();
  private int steps;

  private StopPoints(World world) {
    this.world = world;
  }

  /** Lets {@code run} happen to a node, and returns the points at which it could be stopped. */
  static List<Stop> of(World world, Consumer<World> run) {
    var points = new StopPoints(world);
    int before = world.performed;
    world.disk.beforeStep(points::beforeStep);
    run.accept(world);
    world.disk.beforeStep(() -> {});
    for (int effect = 1; effect <= world.performed - before; effect++) {
      for (Kind kind : Kind.values()) {
        if (kind.loss == Loss.NOTHING) {
          points.stops.add(new Stop(effect, false, kind));
        }
      }
    }
    return points.stops;
  }

  private void beforeStep() {
    for (Kind kind : Kind.values()) {
      String left =
          switch (kind.outage) {
            case KILLED -> world.disk.fingerprint();
            // Where nothing is lost the disk is as when only the agent ends.
            case POWER_CUT -> kind.loss == Loss.NOTHING ? "" : world.disk.afterPowerCut(kind.loss);
            // It leaves what KILLED leaves, and it is a long time from one step to the next.
            case AWAY -> "";
          };
      if (!left.isEmpty() && known.add(kind.outage + " " + world.performed + " " + left)) {
        stops.add(new Stop(steps, true, kind));
      }
    }
    steps++;
  }
}
