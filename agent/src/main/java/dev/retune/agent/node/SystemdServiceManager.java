package dev.retune.agent.node;

import dev.retune.agent.core.Observation.Service;
import java.io.IOException;
import java.time.Duration;
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
      "ActiveState,SubState,Result,ExecMainStatus,NRestarts,MainPID,InvocationID";

  private final String unit;

  /**
   * A service manager for one unit.
   *
   * @param unit for example {@code kubelet.service}
   */
  public SystemdServiceManager(String unit) {
    this.unit = unit;
  }

  @Override
  public void restart() throws IOException, InterruptedException {
    output(List.of("systemctl", "restart", unit), RESTART_LIMIT);
  }

  @Override
  public State state() throws IOException, InterruptedException {
    return parse(show());
  }

  private String show() throws IOException, InterruptedException {
    return output(List.of("systemctl", "show", unit, "--property=" + PROPERTIES), QUERY_LIMIT);
  }

  static State parse(String properties) {
    Map<String, String> values = values(properties);
    long pid = number(values, "MainPID");
    return new State(
        new Service(
            values.getOrDefault("ActiveState", "unknown"),
            values.getOrDefault("SubState", "unknown"),
            values.getOrDefault("Result", "success"),
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
      return Long.parseLong(values.getOrDefault(property, "0"));
    } catch (NumberFormatException unset) {
      return 0; // systemd prints "[not set]"
    }
  }

  @Override
  public List<String> lastLines(int most) throws IOException, InterruptedException {
    String invocation = values(show()).getOrDefault("InvocationID", "");
    String which =
        invocation.isEmpty() ? "_SYSTEMD_UNIT=" + unit : "_SYSTEMD_INVOCATION_ID=" + invocation;
    String lines =
        output(
            List.of(
                "journalctl", "--no-pager", "--quiet", "--output=cat", "--lines=" + most, which),
            QUERY_LIMIT);
    return lines.lines().toList();
  }

  private static String output(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    var outcome = Commands.run(command, limit);
    if (outcome.exitCode() != 0) {
      throw new IOException(
          String.join(" ", command)
              + " failed with exit code "
              + outcome.exitCode()
              + ": "
              + outcome.output().strip());
    }
    return outcome.output();
  }
}
