package dev.retune.agent.core;

import dev.retune.agent.core.Observation.MainProcess;
import dev.retune.agent.core.Observation.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A kubelet under systemd with kubeadm's {@code Restart=always, RestartSec=10}, on virtual time.
 * What it does is written in the document it was started with: see {@link Texts}.
 */
final class SimulatedKubelet {
  static final Duration RESTART_SEC = Duration.ofSeconds(10);
  static final Duration HEALTHY_AFTER = Duration.ofMillis(450);
  private static final Duration LEASE_AFTER = Duration.ofMillis(500);
  private static final Duration LEASE_EVERY = Duration.ofSeconds(10);
  private static final Duration LEASE_GRACE = Duration.ofSeconds(40);

  /** One start of the process. */
  record Start(Duration at, String config, String document) {}

  private final Function<String, String> documents;
  private final List<Start> starts = new ArrayList<>();

  /** What the binary on the disk says of itself. */
  String version = "v1.36.2";

  private String startedVersion = "";
  private Duration now = Duration.ZERO;
  private Duration wallOffset = Duration.ZERO;
  private long nextPid = 100;
  private OptionalLong pid = OptionalLong.empty();
  private Duration startedAt = Duration.ZERO;
  private String config = "";
  private String document = "";
  private Optional<Duration> restartAt = Optional.empty();
  private boolean stopped;
  private long restarts;
  private String result = "success";
  private int exitStatus;
  private Optional<Duration> lastRenewed = Optional.empty();
  private Optional<Instant> renewTime = Optional.empty();
  private String environment = "";
  private boolean leaseReachable = true;

  /** Whether the machine is such that no kubelet stays up: a container runtime that is down. */
  boolean brokenMachine;

  /** Whether no kubelet stays up with the local config. */
  boolean brokenLocal;

  /**
   * A kubelet that was not started.
   *
   * @param documents gives the text of the file that a {@code --config} names
   */
  SimulatedKubelet(Function<String, String> documents) {
    this.documents = documents;
  }

  /** Lets time pass for it; {@code wall} is the wall clock minus the boot-time clock. */
  void advance(Duration to, Duration wall, boolean apiReachable, String configFlag) {
    environment = configFlag;
    leaseReachable = apiReachable;
    wallOffset = wall;
    while (true) {
      Optional<Duration> crash =
          pid.isEmpty() ? Optional.empty() : crashAfter().map(startedAt::plus);
      if (crash.isPresent() && crash.get().compareTo(to) <= 0) {
        renew(crash.get());
        now = max(now, crash.get());
        end("exit-code", 1);
      } else if (restartAt.isPresent() && restartAt.get().compareTo(to) <= 0) {
        now = max(now, restartAt.get());
        restarts++;
        start();
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
    if (pid.isEmpty() || !leaseReachable || Texts.says(document, "neverRenews")) {
      return;
    }
    Duration first = startedAt.plus(LEASE_AFTER);
    Duration until = Texts.duration(document, "leaseStopsAfter").map(startedAt::plus).orElse(to);
    Duration last = until.compareTo(to) < 0 ? until : to;
    if (last.compareTo(first) < 0) {
      return;
    }
    long periods = last.minus(first).dividedBy(LEASE_EVERY);
    Duration renewed = first.plus(LEASE_EVERY.multipliedBy(periods));
    if (lastRenewed.isEmpty() || renewed.compareTo(lastRenewed.get()) > 0) {
      lastRenewed = Optional.of(renewed);
      renewTime = Optional.of(Instant.EPOCH.plus(wallOffset).plus(renewed));
    }
  }

  private void start() {
    pid = OptionalLong.of(nextPid++);
    startedAt = now;
    config = environment;
    document = config.isEmpty() ? Texts.LOCAL : documents.apply(config);
    restartAt = Optional.empty();
    stopped = false;
    result = "success";
    startedVersion = version;
    starts.add(new Start(now, config, document));
  }

  private void end(String how, int status) {
    pid = OptionalLong.empty();
    result = how;
    exitStatus = status;
    restartAt = Optional.of(now.plus(RESTART_SEC));
  }

  /** {@code systemctl restart kubelet}, by the agent or by a person. */
  void restart() {
    restarts = 0;
    start();
  }

  /** {@code systemctl stop kubelet}. */
  void stop() {
    pid = OptionalLong.empty();
    restartAt = Optional.empty();
    result = "success";
    stopped = true;
  }

  void crash() {
    end("exit-code", 1);
  }

  void killForMemory() {
    end("oom-kill", 9);
  }

  /** The machine comes up again: the boot-time clock starts anew. */
  void boot(String configFlag, Duration wall) {
    now = Duration.ZERO;
    wallOffset = wall;
    environment = configFlag;
    restarts = 0;
    lastRenewed = Optional.empty();
    start();
  }

  Optional<MainProcess> process() {
    return pid.isPresent()
        ? Optional.of(new MainProcess(pid.getAsLong(), startedAt, config, startedVersion))
        : Optional.empty();
  }

  boolean healthy() {
    if (pid.isEmpty() || now.minus(startedAt).compareTo(HEALTHY_AFTER) < 0) {
      return false;
    }
    return Texts.duration(document, "unhealthyAfter")
        .filter(after -> now.minus(startedAt).compareTo(after) >= 0)
        .isEmpty();
  }

  /** The Node's Ready condition as the API server has it. */
  boolean ready() {
    boolean leaseFresh =
        lastRenewed.filter(last -> now.minus(last).compareTo(LEASE_GRACE) < 0).isPresent();
    boolean says =
        Texts.duration(document, "notReadyAfter")
            .filter(after -> now.minus(startedAt).compareTo(after) >= 0)
            .isEmpty();
    return leaseFresh && says;
  }

  Optional<Instant> leaseRenewed() {
    return renewTime;
  }

  Service service() {
    if (stopped) {
      return new Service("inactive", "dead", "success", 0, restarts);
    }
    return pid.isPresent()
        ? new Service("active", "running", "success", 0, restarts)
        : new Service("activating", "auto-restart", result, exitStatus, restarts);
  }

  List<String> lastLines() {
    return List.of("E1 run.go:72] command failed: " + document.lines().findFirst().orElse(""));
  }

  /** The document that the running process was started with; empty when none runs. */
  Optional<String> running() {
    return pid.isPresent() ? Optional.of(document) : Optional.empty();
  }

  /** The start of the process that crashes or runs now. */
  List<Start> starts() {
    return starts;
  }
}
