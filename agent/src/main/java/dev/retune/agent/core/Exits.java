package dev.retune.agent.core;

import dev.retune.agent.core.Observation.Service;
import java.util.Optional;

/**
 * How often the kubelet has ended by itself with one config, gathered from one look at its unit
 * after the other. A single look cannot tell: between two crashes a unit is {@code active/running},
 * and NRestarts goes back to nought when somebody restarts the unit or the machine (systemd 252).
 *
 * @param failed ends that count against the config
 * @param restarts NRestarts at the last look; empty before the first
 * @param down whether the unit was down at the last look; that end is counted already
 * @param excused whether one kill for want of memory was seen, and not counted (AGENT-13)
 */
public record Exits(long failed, Optional<Long> restarts, boolean down, boolean excused) {

  /** Nothing seen since the restart. */
  static final Exits NONE = new Exits(0, Optional.empty(), false, false);

  /** These exits after one more look. */
  Exits seen(Service service) {
    if (!service.known()) {
      return this;
    }
    long before = restarts.orElse(service.restarts());
    boolean startedAnew = service.restarts() < before;
    boolean ended = service.down() && (startedAnew || !down);
    long restarted = startedAnew ? service.restarts() : service.restarts() - before;
    // The end that was seen while the unit was down is the one that the next restart is for.
    long fresh = restarted - (down && !startedAnew && restarted > 0 ? 1 : 0) + (ended ? 1 : 0);
    boolean excuse = ended && service.killedForMemory() && !excused;
    return new Exits(
        failed + fresh - (excuse ? 1 : 0),
        Optional.of(service.restarts()),
        service.down(),
        excused || excuse);
  }

  /** These exits after a look that only sets what later looks are compared with: a new boot. */
  Exits notCounting(Service service) {
    return service.known()
        ? new Exits(failed, Optional.of(service.restarts()), service.down(), excused)
        : this;
  }
}
