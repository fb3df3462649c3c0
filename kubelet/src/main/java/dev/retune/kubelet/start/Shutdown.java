package dev.retune.kubelet.start;

import dev.retune.kubelet.value.GoDuration;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The grace periods at shutdown against logind's {@code InhibitDelayMaxSec}. A kubelet that finds
 * it too short writes {@code /etc/systemd/logind.conf.d/99-kubelet.conf} and waits for logind to
 * follow; when that fails it only logs, and the node shuts down without grace.
 */
final class Shutdown {

  private static final long SECOND = 1_000_000_000L;

  private Shutdown() {}

  static void check(Start start) {
    long asked = nanos(start.text("shutdownGracePeriod"));
    String field = "shutdownGracePeriod";
    long byPriority = 0;
    for (Object element : start.list("shutdownGracePeriodByPodPriority")) {
      if (element instanceof Map<?, ?> entry
          && entry.get("shutdownGracePeriodSeconds") instanceof Number seconds) {
        byPriority += seconds.longValue() * SECOND;
      }
    }
    if (byPriority > asked) {
      asked = byPriority;
      field = "shutdownGracePeriodByPodPriority";
    }
    long wanted = asked;
    String name = field;
    start
        .node()
        .inhibitDelay()
        .filter(delay -> wanted > delay.toNanos())
        .ifPresent(delay ->
            start.noEffect(
                name,
                "asks for "
                    + GoDuration.format(wanted)
                    + ", logind delays a shutdown by at most "
                    + GoDuration.format(delay.toNanos())
                    + " (InhibitDelayMaxSec), and the kubelet must be able to raise that in"
                    + " /etc/systemd/logind.conf.d; where it is not"));
  }

  private static long nanos(String duration) {
    OptionalLong nanos = GoDuration.parse(duration);
    return nanos.isPresent() ? nanos.getAsLong() : 0;
  }
}
