package dev.retune.agent.node;

import dev.retune.agent.core.Observation.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * systemd, through {@code systemctl} and {@code journalctl}: what an administrator would type, and
 * cheaper in memory than any D-Bus library.
 */
public final class SystemdServiceManager implements ServiceManager {
  private static final Duration QUERY_LIMIT = Duration.ofSeconds(5);

  /** systemd itself gives a stop 90 s before it kills. */
  private static final Duration RESTART_LIMIT = Duration.ofMinutes(2);

  private static final String PROPERTIES =
      "LoadState,ActiveState,SubState,Result,ExecMainStatus,NRestarts,MainPID,InvocationID";

  private final List<String> prefix;
  private final String unit;

  /** The start that was seen to fail since the last restart: its log is the evidence. */
  private String failedInvocation = "";

  /** The start that was seen last. */
  private String invocation = "";

  /**
   * A service manager for one unit.
   *
   * @param unit for example {@code kubelet.service}
   */
  public SystemdServiceManager(String unit) {
    this(List.of(), unit);
  }

  /**
   * A service manager for a unit of a systemd that is reached through another command.
   *
   * @param prefix what to put before {@code systemctl} and {@code journalctl}, for example {@code
   *     nsenter} with its arguments
   */
  public SystemdServiceManager(List<String> prefix, String unit) {
    this.prefix = List.copyOf(prefix);
    this.unit = unit;
  }

  @Override
  public void restart() throws IOException, InterruptedException {
    if (!failedInvocation.isEmpty()) {
      allowStarts();
    }
    failedInvocation = "";
    String before = invocation;
    var outcome = run(List.of("systemctl", "restart", unit), RESTART_LIMIT);
    if (outcome.exitCode() != 0 && show().getOrDefault("InvocationID", "").equals(before)) {
      allowStarts();
      outcome = run(List.of("systemctl", "restart", unit), RESTART_LIMIT);
    }
    succeeded(List.of("systemctl", "restart", unit), outcome);
  }

  @Override
  public void stop() throws IOException, InterruptedException {
    output(List.of("systemctl", "stop", unit), RESTART_LIMIT);
  }

  /**
   * Lets systemd forget how often it has started the unit: past StartLimitBurst it would refuse the
   * restart that is to help. How it tells of that differs by what failed before, so the sign of it
   * is that no new invocation has begun.
   */
  private void allowStarts() throws IOException, InterruptedException {
    output(List.of("systemctl", "reset-failed", unit), QUERY_LIMIT);
  }

  @Override
  public State state() throws IOException, InterruptedException {
    Map<String, String> properties = show();
    State state = state(properties);
    invocation = properties.getOrDefault("InvocationID", "");
    if (state.service().down()) {
      failedInvocation = invocation;
    }
    return state;
  }

  private Map<String, String> show() throws IOException, InterruptedException {
    Map<String, String> properties =
        values(output(List.of("systemctl", "show", unit, "--property=" + PROPERTIES), QUERY_LIMIT));
    if ("not-found".equals(properties.get("LoadState"))) {
      throw new IOException(
          "systemd has no unit " + unit + "; name the kubelet's unit with --kubelet-unit");
    }
    return properties;
  }

  private static State state(Map<String, String> values) {
    long pid = number(values, "MainPID");
    return new State(
        new Service(
            values.getOrDefault("ActiveState", ""),
            values.getOrDefault("SubState", ""),
            values.getOrDefault("Result", ""),
            (int) number(values, "ExecMainStatus"),
            number(values, "NRestarts")),
        pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid));
  }

  private static Map<String, String> values(String properties) {
    var values = new HashMap<String, String>();
    for (String line : properties.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return values;
  }

  private static long number(Map<String, String> values, String property) {
    try {
      return Long.parseLong(values.getOrDefault(property, ""));
    } catch (NumberFormatException unset) {
      return 0; // systemd prints "[not set]", or nothing
    }
  }

  @Override
  public List<String> lastLines(int most) throws IOException, InterruptedException {
    state();
    String start = failedInvocation.isEmpty() ? invocation : failedInvocation;
    if (!start.isEmpty()) {
      List<String> lines = journal("_SYSTEMD_INVOCATION_ID=" + start, most);
      if (!lines.isEmpty()) {
        return lines;
      }
    }
    // journald may file the lines of a process that ended within moments under its successor.
    return journal("_SYSTEMD_UNIT=" + unit, most);
  }

  private List<String> journal(String which, int most) throws IOException, InterruptedException {
    return output(
            List.of(
                "journalctl", "--no-pager", "--quiet", "--output=cat", "--lines=" + most, which),
            QUERY_LIMIT)
        .lines()
        .toList();
  }

  private String output(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    var outcome = run(command, limit);
    succeeded(command, outcome);
    return outcome.output();
  }

  private Commands.Outcome run(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    var whole = new ArrayList<>(prefix);
    whole.addAll(command);
    return Commands.run(whole, limit);
  }

  private static void succeeded(List<String> command, Commands.Outcome outcome) throws IOException {
    if (outcome.exitCode() != 0) {
      throw new IOException(
          String.join(" ", command)
              + " failed with exit code "
              + outcome.exitCode()
              + ": "
              + outcome.output().strip());
    }
  }
}
