package dev.retune.controller.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.Condition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.FieldsStatus;
import dev.retune.api.KubeletRollout;
import dev.retune.api.KubeletRolloutSpec;
import dev.retune.api.KubeletRolloutStatus;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeConfigStatus;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.Phase;
import dev.retune.api.RolloutPhase;
import dev.retune.api.TrialStatus;
import dev.retune.controller.rollout.FleetNode.Claim;
import dev.retune.controller.rollout.Plan.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Nodes, their agents and a controller on virtual time; what must always hold is always looked at.
 */
final class Fleet {
  static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final Duration RESTART = Duration.ofSeconds(2);
  private static final Duration FAILS_AFTER = Duration.ofSeconds(20);
  private static final Duration STEP = Duration.ofSeconds(1);

  /** A node and what its agent makes of an assignment. */
  static final class Machine {
    final String name;
    final String zone;
    final boolean controlPlane;
    Instant createdAt = START.minus(Duration.ofDays(30));
    boolean ready = true;
    boolean managed = true;
    boolean crashes;

    /** Why the way back takes no restart: the agent went back by itself. */
    private boolean backAlready;

    private Optional<NodeConfigSource> source = Optional.empty();
    private Optional<Claim> claim = Optional.empty();
    private long generation = 1;
    private Instant changedAt = START.minus(Duration.ofDays(1));
    private Duration trialDuration = Duration.ZERO;
    int restarts;

    Machine(String name, String zone, boolean controlPlane) {
      this.name = name;
      this.zone = zone;
      this.controlPlane = controlPlane;
    }

    private void assign(Optional<NodeConfigSource> next, Claim note, Instant now) {
      backAlready = crashes && next.isEmpty();
      source = next;
      claim = Optional.of(note);
      generation++;
      changedAt = now;
      restarts++;
    }

    private NodeKubeletStatus status(Instant now, Duration trial) {
      trialDuration = trial;
      if (!managed) {
        return NodeKubeletStatus.UNKNOWN;
      }
      var since = Duration.between(changedAt, now);
      var proven = changedAt.plus(RESTART);
      boolean seen = since.compareTo(Duration.ofMillis(500)) > 0 || backAlready;
      if (source.isEmpty()) {
        boolean there = since.compareTo(RESTART) >= 0 || backAlready;
        return status(there ? Phase.Local : Phase.Restarting, seen, Optional.empty(), proven, "");
      }
      if (crashes && since.compareTo(FAILS_AFTER) >= 0) {
        return status(Phase.RolledBack, seen, Optional.empty(), proven, "exit status 1");
      }
      if (since.compareTo(RESTART) < 0) {
        return status(Phase.Restarting, seen, Optional.empty(), proven, "");
      }
      var end = proven.plus(trial);
      return now.isBefore(end)
          ? status(Phase.Trial, seen, Optional.of(new TrialStatus(proven, end)), proven, "")
          : status(Phase.Good, seen, Optional.empty(), proven, "");
    }

    private NodeKubeletStatus status(
        Phase phase, boolean seen, Optional<TrialStatus> trial, Instant since, String error) {
      var conditions = new ArrayList<Condition>();
      conditions.add(
          new Condition(
              Condition.KUBELET_HEALTHY,
              ready ? Condition.Status.True : Condition.Status.False,
              generation,
              since,
              "Healthy",
              "ok"));
      if (phase == Phase.Good) {
        var goodSince = since.plus(trialDuration);
        conditions.add(
            new Condition(
                Condition.LAST_KNOWN_GOOD_UP_TO_DATE,
                Condition.Status.True,
                generation,
                goodSince,
                "TrialPassed",
                ""));
      }
      if (!error.isEmpty()) {
        conditions.add(
            new Condition(
                Condition.CONFIG_VALID,
                Condition.Status.False,
                generation,
                since,
                "CrashLoop",
                error));
      }
      return new NodeKubeletStatus(
          NodeConfigStatus.LOCAL,
          Optional.of(phase),
          trial,
          "",
          "v1.36.2",
          Optional.empty(),
          restarts,
          seen ? generation : generation - 1,
          FieldsStatus.NONE,
          conditions);
    }

    private FleetNode seen(Instant now, Duration trial) {
      return new FleetNode(
          name,
          zone,
          createdAt,
          controlPlane,
          ready,
          managed
              ? Optional.of(new FleetNode.Kubelet(source, generation, claim, status(now, trial)))
              : Optional.empty());
    }
  }

  final Map<String, Machine> machines = new LinkedHashMap<>();

  /** Names in the order in which their spec was written. */
  final List<String> touched = new ArrayList<>();

  /** When each was. */
  final Map<String, Instant> touchedAt = new LinkedHashMap<>();

  Instant now = START;
  KubeletRollout rollout;
  Set<String> heldByOthers = Set.of();

  /**
   * How many writes the controller gets to make before it is killed; it comes back a step later.
   */
  Optional<Random> kills = Optional.empty();

  int mostMoving;
  int killed;
  private Plan plan = new Plan(List.of(), KubeletRolloutStatus.UNKNOWN, Optional.empty());

  Fleet(int workers, KubeletRolloutSpec spec) {
    for (int i = 0; i < workers; i++) {
      add(new Machine("node-" + i, "zone-" + i % 3, false));
    }
    rollout = new KubeletRollout("r", "uid-r", "1", 1, START, spec, KubeletRolloutStatus.UNKNOWN);
  }

  static NodeConfigSource source(String name) {
    return NodeConfigSource.of(ConfigMapNodeConfigSource.reference("kube-system", name, "kubelet"));
  }

  Machine add(Machine machine) {
    machines.put(machine.name, machine);
    return machine;
  }

  Machine node(int number) {
    return node("node-" + number);
  }

  Machine node(String name) {
    return Objects.requireNonNull(machines.get(name), name);
  }

  void runs(int number, NodeConfigSource config) {
    node(number).source = Optional.of(config);
  }

  /** Somebody changes the rollout. */
  void edit(KubeletRolloutSpec spec) {
    rollout =
        new KubeletRollout(
            rollout.name(),
            rollout.uid(),
            rollout.resourceVersion(),
            rollout.generation() + 1,
            rollout.createdAt(),
            spec,
            rollout.status());
  }

  void run(Duration duration) {
    Instant until = now.plus(duration);
    while (now.isBefore(until)) {
      turn();
      now = now.plus(STEP);
    }
  }

  private List<FleetNode> seen() {
    return machines.values().stream()
        .map(machine -> machine.seen(now, rollout.spec().trialDuration()))
        .toList();
  }

  private void turn() {
    plan = Planner.plan(rollout, seen(), heldByOthers, now);
    int writes = kills.map(random -> random.nextInt(6)).orElse(Integer.MAX_VALUE);
    if (writes == 0) {
      killed++;
      return;
    }
    rollout =
        new KubeletRollout(
            rollout.name(),
            rollout.uid(),
            rollout.resourceVersion(),
            rollout.generation(),
            rollout.createdAt(),
            rollout.spec(),
            plan.status());
    for (Write write : plan.writes()) {
      if (--writes == 0) {
        killed++;
        break;
      }
      perform(write);
    }
    check();
  }

  private void perform(Write write) {
    var machine = node(write.node());
    switch (write) {
      case Write.Assign(String node) -> {
        touched.add(node);
        touchedAt.put(node, now);
        machine.assign(
            Optional.of(rollout.spec().configSource()),
            new Claim(rollout.uid(), rollout.generation(), machine.source, false),
            now);
      }
      case Write.GiveBack _ -> {
        var claim = machine.claim.orElseThrow();
        machine.assign(
            claim.before(),
            new Claim(rollout.uid(), rollout.generation(), claim.before(), true),
            now);
      }
    }
  }

  /** ROLL-1: never more on their way, or ill, than the budget has. */
  private void check() {
    var judge = new Judge(rollout, heldByOthers, now);
    int moving = 0;
    int all = 0;
    for (var node : seen()) {
      var standing = judge.standing(node);
      all += standing.counts() ? 1 : 0;
      moving += standing.moving() ? 1 : 0;
    }
    mostMoving = Math.max(mostMoving, moving);
    assertThat(moving)
        .as("nodes on their way at " + now)
        .isLessThanOrEqualTo(rollout.spec().strategy().maxUnavailable().ofAtLeastOne(all));
  }

  RolloutPhase phase() {
    return plan.status().phase().orElseThrow();
  }

  Plan plan() {
    return plan;
  }

  /** How often this one was told to run the rollout's config. */
  long times(String node) {
    return touched.stream().filter(node::equals).count();
  }
}
