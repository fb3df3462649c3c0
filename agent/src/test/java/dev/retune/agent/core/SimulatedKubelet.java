package dev.retune.agent.core;

import dev.retune.agent.core.Observation.MainProcess;
import dev.retune.agent.core.Observation.Service;
import dev.retune.agent.core.Vitals.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A kubelet under systemd with kubeadm's {@code Restart=always, RestartSec=10}, on virtual time.
 * What it does is written in the document it was started with: see {@link Texts}. What its unit
 * shows is what systemd 252 shows: {@code SystemdServiceManagerTest} holds the real one against the
 * same rules.
 */
public final class SimulatedKubelet {
  public static final Duration RESTART_SEC = Duration.ofSeconds(10);
  public static final Duration HEALTHY_AFTER = Duration.ofMillis(450);
  private static final Duration LEASE_AFTER = Duration.ofMillis(500);
  private static final Duration LEASE_GRACE = Duration.ofSeconds(40);

  /** One start of the process. */
  public record Start(Duration at, String config, String document) {}

  private final Function<String, String> documents;
  private final List<Start> starts = new ArrayList<>();

  /** What the binary on the disk says of itself. */
  public String version = "v1.36.2";

  private String startedVersion = "";
  private Duration now = Duration.ZERO;
  private Duration wallOffset = Duration.ZERO;
  private long nextPid = 100;
  private OptionalLong pid = OptionalLong.empty();
  private Duration startedAt = Duration.ZERO;
  private String config = "";
  private String document = "";
  private Optional<Duration> restartAt = Optional.empty();
  private long restarts;
  private long invocation;
  private String activeState = "inactive";
  private String subState = "dead";
  private Ending last = Ending.NONE;
  private Optional<Duration> lastRenewed = Optional.empty();
  private Optional<Instant> renewTime = Optional.empty();
  private String environment = "";
  private boolean leaseReachable = true;

  /** Whether the machine is such that no kubelet stays up: a container runtime that is down. */
  public boolean brokenMachine;

  /** Whether no kubelet stays up with the local config. */
  public boolean brokenLocal;

  /** The unit's {@code Restart=}. */
  public Restart policy = Restart.ALWAYS;

  /** Whether there is nothing to execute, as in the middle of a package's upgrade. */
  public boolean programMissing;

  /** The unit's LoadState: {@code loaded}, {@code masked}, {@code not-found}. */
  public String loadState = "loaded";

  /** Whether a unit that this one needs cannot be started. */
  public boolean dependencyFails;

  /** The {@code --config} that somebody else's drop-in makes it start with. */
  public Optional<String> foreignConfig = Optional.empty();

  /** Whether the kubelet's credentials are such that it cannot renew its lease. */
  public boolean leaseRefused;

  /** The controller manager's {@code --node-monitor-grace-period}. */
  public Duration grace = LEASE_GRACE;

  /** Whether the Node is not Ready whatever the kubelet runs: a network that is not set up. */
  public boolean neverReady;

  /** Stands for the unit's command and environment. */
  public String definition = "as installed";

  /** When systemd starts a unit again that ended by itself. */
  public enum Restart {
    ALWAYS,
    ON_FAILURE,
    NO
  }

  /**
   * A kubelet that was not started.
   *
   * @param documents gives the text of the file that a {@code --config} names
   */
  SimulatedKubelet(Function<String, String> documents) {
    this.documents = documents;
  }

  /** Lets time pass for it; {@code wall} is the wall clock minus the boot-time clock. */
  public void advance(Duration to, Duration wall, boolean apiReachable, String configFlag) {
    environment = configFlag;
    leaseReachable = apiReachable;
    wallOffset = wall;
    while (true) {
      Optional<Duration> crash =
          pid.isEmpty() ? Optional.empty() : crashAfter().map(startedAt::plus);
      if (crash.isPresent() && crash.get().compareTo(to) <= 0) {
        renew(crash.get());
        now = max(now, crash.get());
        boolean clean = Texts.says(document, "exitsCleanly");
        end(new Ending(clean ? "success" : "exit-code", Ending.How.EXITED, clean ? 0 : 1, false));
      } else if (restartAt.isPresent() && restartAt.get().compareTo(to) <= 0) {
        now = max(now, restartAt.get());
        restarts++;
        launch();
      } else {
        renew(to);
        now = max(now, to);
        return;
      }
    }
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private Optional<Duration> crashAfter() {
    if (brokenMachine || (brokenLocal && config.isEmpty())) {
      return Optional.of(Duration.ofMillis(100));
    }
    if (Texts.value(document, "crashesWith").filter(startedVersion::equals).isPresent()) {
      return Optional.of(Duration.ofMillis(100));
    }
    return Texts.duration(document, "crashAfter");
  }

  private void renew(Duration to) {
    if (pid.isEmpty() || !leaseReachable || leaseRefused || Texts.says(document, "neverRenews")) {
      return;
    }
    Duration first = startedAt.plus(LEASE_AFTER);
    Duration until = Texts.duration(document, "leaseStopsAfter").map(startedAt::plus).orElse(to);
    Duration last = until.compareTo(to) < 0 ? until : to;
    if (last.compareTo(first) < 0) {
      return;
    }
    Duration every = Texts.duration(document, "leaseHolds").orElse(LEASE_GRACE).dividedBy(4);
    long periods = last.minus(first).dividedBy(every);
    Duration renewed = first.plus(every.multipliedBy(periods));
    if (lastRenewed.isEmpty() || renewed.compareTo(lastRenewed.get()) > 0) {
      lastRenewed = Optional.of(renewed);
      renewTime = Optional.of(Instant.EPOCH.plus(wallOffset).plus(renewed));
    }
  }

  private void launch() {
    invocation++;
    restartAt = Optional.empty();
    if (programMissing) {
      end(new Ending("exit-code", Ending.How.EXITED, 203, false));
      return;
    }
    pid = OptionalLong.of(nextPid++);
    startedAt = now;
    config = foreignConfig.orElse(environment);
    document =
        config.isEmpty() || foreignConfig.isPresent() ? Texts.LOCAL : documents.apply(config);
    activeState = "active";
    subState = "running";
    last = Ending.NONE;
    startedVersion = version;
    starts.add(new Start(now, config, document));
  }

  private void end(Ending how) {
    pid = OptionalLong.empty();
    last = how;
    boolean clean = how.result().equals("success");
    boolean again =
        !how.asked() && (policy == Restart.ALWAYS || (policy == Restart.ON_FAILURE && !clean));
    restartAt = again ? Optional.of(now.plus(RESTART_SEC)) : Optional.empty();
    activeState = again ? "activating" : clean ? "inactive" : "failed";
    subState = again ? "auto-restart" : clean ? "dead" : "failed";
  }

  /**
   * {@code systemctl restart kubelet}, by the agent or by a person.
   *
   * @return whether systemd did it
   */
  public boolean restart() {
    if (!loadState.equals("loaded")) {
      return false;
    }
    stop();
    if (dependencyFails) {
      return false;
    }
    restarts = 0;
    launch();
    return true;
  }

  /** {@code systemctl stop kubelet}. */
  public void stop() {
    if (pid.isPresent()) {
      end(new Ending("success", Ending.How.EXITED, 0, true));
    }
    restartAt = Optional.empty();
    if (!activeState.equals("failed")) {
      activeState = "inactive";
      subState = "dead";
    }
  }

  public void crash() {
    end(new Ending("exit-code", Ending.How.EXITED, 1, false));
  }

  /** {@code kill -SIGNAL} by somebody; a kubelet ends well on SIGTERM. */
  public void signal(int signal) {
    end(
        signal == 15
            ? new Ending("success", Ending.How.EXITED, 0, false)
            : new Ending("signal", Ending.How.KILLED, signal, false));
  }

  public void killForMemory() {
    end(new Ending("oom-kill", Ending.How.KILLED, 9, false));
  }

  /** Its watchdog has heard nothing from it. */
  public void watchdog() {
    end(new Ending("watchdog", Ending.How.KILLED, 6, false));
  }

  /** Somebody restarted it more often than systemd allows. */
  public void startLimit() {
    end(new Ending("start-limit-hit", Ending.How.KILLED, 15, true));
  }

  /** The machine comes up again: the boot-time clock starts anew. */
  public void boot(String configFlag, Duration wall) {
    now = Duration.ZERO;
    wallOffset = wall;
    environment = configFlag;
    restarts = 0;
    lastRenewed = Optional.empty();
    launch();
  }

  public Optional<MainProcess> process() {
    return pid.isPresent()
        ? Optional.of(new MainProcess(pid.getAsLong(), startedAt, config, startedVersion))
        : Optional.empty();
  }

  public boolean healthy() {
    if (pid.isEmpty() || now.minus(startedAt).compareTo(HEALTHY_AFTER) < 0) {
      return false;
    }
    return Texts.duration(document, "unhealthyAfter")
        .filter(after -> now.minus(startedAt).compareTo(after) >= 0)
        .isEmpty();
  }

  /** The Node's Ready condition as the API server has it. */
  public boolean ready() {
    boolean leaseFresh =
        lastRenewed.filter(last -> now.minus(last).compareTo(grace) < 0).isPresent();
    boolean says =
        Texts.duration(document, "notReadyAfter")
            .filter(after -> now.minus(startedAt).compareTo(after) >= 0)
            .isEmpty();
    return leaseFresh && says && !neverReady;
  }

  /** A renewal leaves the Lease's duration as the first kubelet made it. */
  public Optional<Lease> lease() {
    return renewTime.map(renewed -> new Lease(renewed, LEASE_GRACE));
  }

  public Service service() {
    return new Service(
        loadState,
        activeState,
        subState,
        last,
        Optional.empty(),
        restarts,
        "invocation-" + invocation,
        definition);
  }

  public List<String> lastLines() {
    return List.of("E1 run.go:72] command failed: " + document.lines().findFirst().orElse(""));
  }

  /** The document that the running process was started with; empty when none runs. */
  public Optional<String> running() {
    return pid.isPresent() ? Optional.of(document) : Optional.empty();
  }

  /** The start of the process that crashes or runs now. */
  public List<Start> starts() {
    return starts;
  }
}
