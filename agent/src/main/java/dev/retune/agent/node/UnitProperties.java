package dev.retune.agent.node;

import dev.retune.agent.core.Ending;
import dev.retune.agent.core.Ending.How;
import dev.retune.agent.core.Observation.Service;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What {@code systemctl show} printed of a unit. */
record UnitProperties(Map<String, String> values) {

  static final String NAMES =
      "LoadState,ActiveState,SubState,Result,ExecMainCode,ExecMainStatus,NRestarts,MainPID,"
          + "InvocationID,ControlGroup,ExecMainStartTimestampMonotonic,"
          + "ExecMainExitTimestampMonotonic,ActiveExitTimestampMonotonic,ExecStart,Environment,"
          + "EnvironmentFiles";

  /** Ends that systemd itself brings about, after it has seen something go wrong. */
  private static final Set<String> BY_SYSTEMD = Set.of("watchdog", "oom-kill");

  UnitProperties {
    values = Map.copyOf(values);
  }

  static UnitProperties parse(String text) {
    var values = new HashMap<String, String>();
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        // A unit with more than one such command has more than one such line.
        values.merge(
            line.substring(0, equals), line.substring(equals + 1), (one, two) -> one + "\n" + two);
      }
    }
    return new UnitProperties(values);
  }

  /**
   * The unit as the core sees it.
   *
   * @param before how the main process of the invocation before ended, if nobody saw it then
   */
  Service service(Ending last, Optional<Ending> before) {
    return new Service(
        text("LoadState"),
        text("ActiveState"),
        text("SubState"),
        last,
        before,
        number("NRestarts"),
        invocation(),
        definition());
  }

  OptionalLong mainPid() {
    long pid = number("MainPID");
    return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
  }

  String invocation() {
    return text("InvocationID");
  }

  /** Below the mount point of the control groups; empty while nothing runs. */
  String controlGroup() {
    return text("ControlGroup");
  }

  /** How this invocation ended; {@link Ending#NONE} while its main process runs. */
  Ending ending() {
    boolean ended = number("ExecMainExitTimestampMonotonic") > 0;
    var how =
        switch ((int) number("ExecMainCode")) {
          case 1 -> How.EXITED;
          case 2 -> How.KILLED;
          case 3 -> How.DUMPED;
          default -> How.NONE;
        };
    return new Ending(
        text("Result"),
        ended ? how : How.NONE,
        ended ? (int) number("ExecMainStatus") : 0,
        ended && asked());
  }

  /** A process that ends by itself ends the unit's activity; one that a job stops ends after it. */
  private boolean asked() {
    long left = number("ActiveExitTimestampMonotonic");
    return left >= number("ExecMainStartTimestampMonotonic")
        && left < number("ExecMainExitTimestampMonotonic")
        && !BY_SYSTEMD.contains(text("Result"));
  }

  /** The command without what differs from start to start, and what it takes from where. */
  private String definition() {
    String command =
        text("ExecStart").replaceAll(" ; (start_time|stop_time|pid|code|status)=[^;}]*", "");
    String all = command + "\n" + text("Environment") + "\n" + text("EnvironmentFiles");
    return Integer.toHexString(all.hashCode());
  }

  private String text(String name) {
    return values.getOrDefault(name, "");
  }

  private long number(String name) {
    try {
      return Long.parseLong(text(name));
    } catch (NumberFormatException unset) {
      return 0; // systemd prints "[not set]", or nothing
    }
  }
}
