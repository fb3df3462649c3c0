package dev.retune.agent.node;

import dev.retune.agent.core.Ending;
import dev.retune.agent.core.Ending.How;
import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * systemd, through {@code systemctl} and {@code journalctl}: what an administrator would type, and
 * cheaper in memory than any D-Bus library.
 */
public final class SystemdServiceManager implements ServiceManager {
  private static final Duration QUERY_LIMIT = Duration.ofSeconds(5);

  /** systemd itself gives a stop 90 s before it kills. */
  private static final Duration RESTART_LIMIT = Duration.ofMinutes(2);

  private static final int SIGKILL = 9;

  /** How many of systemd's own lines about one start are looked at. */
  private static final int LINES_OF_A_START = 50;

  private final List<String> prefix;
  private final String unit;

  /** The start that was seen to fail since the last restart: its log is the evidence. */
  private String failedInvocation = "";

  /** The start that was seen last. */
  private String invocation = "";

  /** Whether that start was seen to end. */
  private boolean endSeen;

  /** How the start before that one ended, where that was not seen. */
  private Optional<Ending> unseen = Optional.empty();

  private final MemoryKills memoryKills;

  /** The kernel's count when the kubelet was last seen to run. */
  private long killsBefore;

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
    this(prefix, unit, new MemoryKills());
  }

  SystemdServiceManager(List<String> prefix, String unit, MemoryKills memoryKills) {
    this.memoryKills = memoryKills;
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
    invocation = "";
    var outcome = run(List.of("systemctl", "restart", unit), RESTART_LIMIT);
    if (outcome.exitCode() != 0 && show().invocation().equals(before)) {
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
    // What is counted before the unit is seen to run was not the end of it.
    long earlier = memoryKills.count();
    var properties = show();
    boolean another = memoryKills.near(properties.controlGroup());
    long kills = memoryKills.count();
    if (!properties.invocation().equals(invocation)) {
      boolean missed = !invocation.isEmpty() && !endSeen;
      unseen = missed ? ending(invocation, kills) : Optional.empty();
      invocation = properties.invocation();
    }
    var service = properties.service(named(properties.ending(), kills), unseen);
    endSeen = service.down();
    if (endSeen) {
      failedInvocation = invocation;
    } else {
      killsBefore = another ? kills : earlier;
    }
    return new State(service, properties.mainPid());
  }

  private UnitProperties show() throws IOException, InterruptedException {
    return UnitProperties.parse(
        output(
            List.of("systemctl", "show", unit, "--property=" + UnitProperties.NAMES), QUERY_LIMIT));
  }

  /** Says of a kill who it was, where only the kernel's counter tells. */
  private Ending named(Ending ending, long kills) {
    boolean killed = ending.how() == How.KILLED && ending.status() == SIGKILL && !ending.asked();
    return killed && kills > killsBefore
        ? new Ending("oom-kill", ending.how(), ending.status(), false)
        : ending;
  }

  /**
   * How a start ended that nobody looked at then, by what systemd logged of it. Only what it
   * started again by itself is asked for, so that nobody stopped it.
   */
  private Optional<Ending> ending(String of, long kills) throws InterruptedException {
    var how = How.NONE;
    int status = 0;
    String result = "success";
    boolean found = false;
    try {
      for (String line : systemdLines(of)) {
        var entry = Json.parseObject(line.getBytes(StandardCharsets.UTF_8));
        result = Tree.string(entry, "UNIT_RESULT").orElse(result);
        var code = Tree.string(entry, "EXIT_CODE");
        found |= code.isPresent();
        if (code.isPresent() && Tree.string(entry, "COMMAND").orElse("").equals("ExecStart")) {
          how =
              switch (code.get()) {
                case "exited" -> How.EXITED;
                case "killed" -> How.KILLED;
                default -> How.DUMPED;
              };
          status = Integer.parseInt(Tree.string(entry, "EXIT_STATUS").orElse("0"));
        }
      }
    } catch (IOException | NumberFormatException unreadable) {
      return Optional.empty();
    }
    return found
        ? Optional.of(named(new Ending(result, how, status, false), kills))
        : Optional.empty();
  }

  private List<String> systemdLines(String of) throws IOException, InterruptedException {
    return output(
            List.of(
                "journalctl",
                "--no-pager",
                "--quiet",
                "--output=json",
                "--output-fields=COMMAND,EXIT_CODE,EXIT_STATUS,UNIT_RESULT",
                "--lines=" + LINES_OF_A_START,
                "_PID=1",
                "INVOCATION_ID=" + of),
            QUERY_LIMIT)
        .lines()
        .toList();
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
