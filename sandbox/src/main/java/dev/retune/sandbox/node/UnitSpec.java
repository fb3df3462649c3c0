package dev.retune.sandbox.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Supervisor} runs, in the terms of systemd.service(5).
 *
 * @param name for messages, such as {@code kubelet.service}
 * @param execStart the command, with {@code $NAME} and {@code ${NAME}} as systemd expands them
 * @param environment variables, as of {@code Environment=}
 * @param environmentFiles read in this order at each start, later ones over earlier ones and all
 *     over {@code environment}; one that starts with {@code -} may be missing
 * @param restartSec how long after its end a process is started again; {@code Restart=always} is
 *     meant
 * @param timeoutStopSec how long after SIGTERM a process is killed
 */
public record UnitSpec(
    String name,
    String execStart,
    Map<String, String> environment,
    List<String> environmentFiles,
    Duration restartSec,
    Duration timeoutStopSec) {

  private static final Duration RESTART_SEC = Duration.ofMillis(100);
  private static final Duration TIMEOUT_STOP_SEC = Duration.ofSeconds(90);

  public UnitSpec {
    environment = Map.copyOf(environment);
    environmentFiles = List.copyOf(environmentFiles);
  }

  /** A unit with systemd's defaults: RestartSec 100 ms, TimeoutStopSec 90 s. */
  public static UnitSpec of(String name, String execStart) {
    return new UnitSpec(name, execStart, Map.of(), List.of(), RESTART_SEC, TIMEOUT_STOP_SEC);
  }

  /** As of {@code Environment=}. */
  public UnitSpec withEnvironment(String variable, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(variable, value);
    return new UnitSpec(name, execStart, more, environmentFiles, restartSec, timeoutStopSec);
  }

  /** As of {@code EnvironmentFile=-path}: it may be missing. */
  public UnitSpec withEnvironmentFile(Path path) {
    List<String> more = new ArrayList<>(environmentFiles);
    more.add("-" + path);
    return new UnitSpec(name, execStart, environment, more, restartSec, timeoutStopSec);
  }

  /** As of {@code RestartSec=}. */
  public UnitSpec withRestartSec(Duration time) {
    return new UnitSpec(name, execStart, environment, environmentFiles, time, timeoutStopSec);
  }

  /** As of {@code TimeoutStopSec=}. */
  public UnitSpec withTimeoutStopSec(Duration time) {
    return new UnitSpec(name, execStart, environment, environmentFiles, restartSec, time);
  }
}
