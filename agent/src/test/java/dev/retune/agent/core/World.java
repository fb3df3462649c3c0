package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Effect.Announce;
import dev.retune.agent.core.Observation.Judged;
import dev.retune.agent.core.Observation.Kubelet;
import dev.retune.agent.core.Observation.Service;
import dev.retune.agent.core.Ruling.Stage;
import dev.retune.agent.core.Vitals.InCluster;
import dev.retune.api.Composition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A node, its agent and its cluster on virtual time and in one thread. The agent's loop is that of
 * {@code dev.retune.agent.Agent}: look, step, perform the effects in order, report, sleep for as
 * long as the core says or until there is news.
 */
final class World {
  static final Layout LAYOUT = new Layout(Path.of("/var/lib/retune"));
  private static final Instant EPOCH = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration NEWS = Duration.ofMillis(20);
  private static final Duration JUDGE = Duration.ofMillis(150);
  private static final Duration STORAGE_RETRY = Duration.ofSeconds(1);

  final SimulatedCluster cluster = new SimulatedCluster();
  final SimulatedDisk disk = new SimulatedDisk(LAYOUT);
  final SimulatedSwitch deadMansSwitch = new SimulatedSwitch();
  final SimulatedKubelet kubelet = new SimulatedKubelet(disk::text);

  /** Everything that was announced, oldest first. */
  final List<Announce> announced = new ArrayList<>();

  /** Every phase that was reported, without repetitions, oldest first. */
  final List<Phase> phases = new ArrayList<>();

  /** How often the agent restarted the kubelet. */
  int restarts;

  /** How often the kubelet was killed for want of memory. */
  int memoryKills;

  /** How many effects were performed. */
  int performed;

  /** Ends the agent right after this many effects. */
  int stopAfter = Integer.MAX_VALUE;

  /** How it ends then. */
  Outage outage = Outage.KILLED;

  /** What the kubelet runs in the end, as far as somebody worked it out. */
  Optional<InEffect> inEffect = Optional.empty();

  /** What an overlay is merged over. */
  String localText = Texts.LOCAL;

  /** Whether the service manager does not restart what it is told to. */
  boolean restartRefused;

  private final Reconciler reconciler = new Reconciler(LAYOUT, Limits.DEFAULT);
  private Duration now = Duration.ofSeconds(100);
  private Duration wall = Duration.between(Instant.EPOCH, EPOCH);
  private int boots = 1;
  private Optional<Run> agent = Optional.empty();
  private Duration nextLook = Duration.ZERO;
  private Optional<Duration> agentStartsAt = Optional.empty();

  /** What an agent has in its memory and loses when it is killed. */
  private static final class Run {
    NodeState state;
    Vitals vitals = Vitals.NONE;
    Optional<Assignment> heard = Optional.empty();
    Optional<ConfigMapNodeConfigSource> followed = Optional.empty();
    Payload payload = new Payload.Pending();
    Optional<Judged> ruling = Optional.empty();
    Optional<Document> asked = Optional.empty();
    String askedUnder = "";
    Duration answerAt = Duration.ZERO;
    InCluster inCluster = InCluster.UNREACHABLE;
    Duration lookAtCluster = Duration.ZERO;
    NodeKubeletStatus reported = NodeKubeletStatus.UNKNOWN;

    Run(NodeState state) {
      this.state = state;
    }
  }

  /** The agent was ended by {@link #stopAfter}. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A machine that has run its kubelet on the local config for a while, and starts its agent. */
  World() {
    sync();
    kubelet.restart();
    pass(Duration.ofSeconds(30));
    startAgent();
    run(Duration.ofSeconds(1));
  }

  void startAgent() {
    agentStartsAt = Optional.empty();
    agent = Optional.of(new Run(disk.load()));
    follow(agent.get());
    nextLook = now;
  }

  /** {@code kill -9}: what was not written is forgotten. */
  void killAgent() {
    agent = Optional.empty();
  }

  boolean agentRuns() {
    return agent.isPresent();
  }

  /** The power is cut and comes back; kubelet and agent start with the machine. */
  void reboot() {
    powerCut();
    run(Duration.ofSeconds(3));
    startAgent();
  }

  /** The machine is off and on again; the agent is yet to start. */
  void powerCut() {
    sync();
    killAgent();
    wall = wall.plus(now).plus(Duration.ofSeconds(40));
    now = Duration.ZERO;
    boots++;
    deadMansSwitch.boot();
    kubelet.boot(configFlag(), wall);
  }

  /** The machine sleeps: boot-time goes on, nothing else does. */
  void sleep(Duration duration) {
    sync();
    pass(duration);
    deadMansSwitch.slept(duration);
    nextLook = now;
  }

  /** The wall clock is set. */
  void setClock(Duration by) {
    sync();
    wall = wall.plus(by);
  }

  /** There is news for the agent. */
  void news() {
    nextLook = now.plus(NEWS);
  }

  /** What ends the agent at {@link #stopAfter}; it and the kubelet may come back from it. */
  enum Outage {
    /** {@code kill -9}; the service manager starts it again. */
    KILLED,
    /** {@code kill -9}, and nobody starts it for longer than any deadline. */
    AWAY,
    /** The machine loses power and boots again. */
    POWER_CUT
  }

  private void strike() {
    switch (outage) {
      case KILLED -> {
        killAgent();
        agentStartsAt = Optional.of(now.plus(Duration.ofSeconds(2)));
      }
      case AWAY -> {
        killAgent();
        agentStartsAt = Optional.of(now.plus(Duration.ofMinutes(5)));
      }
      case POWER_CUT -> {
        powerCut();
        agentStartsAt = Optional.of(now.plus(Duration.ofSeconds(3)));
      }
    }
  }

  void run(Duration duration) {
    Duration until = now.plus(duration);
    while (now.compareTo(until) < 0) {
      Duration next = agent.isPresent() ? nextLook : agentStartsAt.orElse(until);
      if (next.compareTo(until) > 0) {
        next = until;
      }
      var fires = deadMansSwitch.firesAt().filter(at -> at.compareTo(now) > 0);
      if (fires.isPresent() && fires.get().compareTo(next) < 0) {
        next = fires.get();
      }
      now = next.compareTo(now) > 0 ? next : now;
      if (deadMansSwitch.firesAt().filter(at -> at.compareTo(now) <= 0).isPresent()) {
        goBackWithoutAgent(false);
      }
      if (agentStartsAt.filter(start -> start.compareTo(now) <= 0).isPresent()) {
        startAgent();
      }
      if (agent.isPresent() && nextLook.compareTo(now) <= 0) {
        try {
          turn(agent.get());
        } catch (Stopped ended) {
          stopAfter = Integer.MAX_VALUE;
          Duration left = until.minus(now);
          strike();
          until = now.plus(left);
        }
      }
    }
    sync();
  }

  private void goBackWithoutAgent(boolean pulled) {
    sync();
    deadMansSwitch.fire("boot-" + boots, now, pulled);
    sync();
    kubelet.restart();
  }

  /** Value of {@code --config} for the next start of the kubelet; empty for the local config. */
  String configFlag() {
    return deadMansSwitch.override().orElseGet(disk::configFlag);
  }

  private void turn(Run run) {
    var seen = look(run);
    var step = reconciler.step(run.state, seen);
    Optional<String> storageError = Optional.empty();
    boolean acted = false;
    try {
      for (Effect effect : step.effects()) {
        acted |= perform(effect, run);
        Invariants.check(this);
        if (++performed == stopAfter) {
          throw new Stopped();
        }
      }
      run.state = step.state();
      if (run.state.pending()) {
        deadMansSwitch.push(now);
      }
    } catch (IOException full) {
      storageError = Optional.of(String.valueOf(full.getMessage()));
      if (step.goesBack() && !acted && seen.undone().isEmpty()) {
        goBackWithoutAgent(true);
      }
      run.state = disk.load();
    }
    boolean newFollow = follow(run);
    report(run, seen, storageError);
    Duration pause =
        storageError.isPresent()
            ? STORAGE_RETRY
            : acted ? Duration.ofMillis(1) : newFollow ? NEWS : Reconciler.pace(run.state, seen);
    if (run.asked.isPresent() && run.answerAt.minus(now).compareTo(pause) < 0) {
      pause = run.answerAt.minus(now);
    }
    nextLook = now.plus(pause.isNegative() ? Duration.ZERO : pause);
    pass(Duration.ofMillis(1));
  }

  private void report(Run run, Observation seen, Optional<String> storageError) {
    run.reported = StatusReport.of(LAYOUT, run.state, seen, storageError, run.reported);
    var phase = run.reported.phase().orElseThrow();
    if (phases.isEmpty() || phases.getLast() != phase) {
      phases.add(phase);
    }
    Invariants.check(run.state, run.reported);
    if (cluster.reachable && cluster.spec().isPresent()) {
      cluster.status = run.reported;
    }
  }

  private static boolean follow(Run run) {
    var wanted = run.state.assignment().flatMap(Assignment::source);
    if (wanted.equals(run.followed)) {
      return false;
    }
    run.followed = wanted;
    run.payload = new Payload.Pending();
    return true;
  }

  private Observation look(Run run) {
    sync();
    if (cluster.reachable) {
      run.heard = cluster.spec().or(() -> run.heard);
      run.followed.ifPresent(reference -> run.payload = cluster.payload(reference));
    }
    if (run.asked.isPresent() && run.answerAt.compareTo(now) <= 0) {
      run.ruling =
          run.asked.map(document ->
              new Judged(document.hash(), run.askedUnder, judge(document.text(), kubelet.version)));
      run.asked = Optional.empty();
    }
    var reference = run.heard.or(run.state::assignment).flatMap(Assignment::source);
    var payload =
        reference.equals(run.followed) ? composed(run, run.payload) : new Payload.Pending();
    var moment = new Moment(Instant.EPOCH.plus(wall).plus(now), now, "boot-" + boots);
    lookAtCluster(run);
    run.vitals = run.vitals.seen(moment, kubelet.process(), kubelet.healthy(), run.inCluster);
    Kubelet seen =
        run.vitals.kubelet(
            unit(run),
            kubelet.process(),
            run.inCluster,
            Texts.duration(document(run.state.current()), "leaseHolds").orElse(Duration.ZERO),
            kubelet.version,
            kubelet.service().down() ? kubelet.lastLines() : List.of());
    return new Observation(
        moment,
        run.heard,
        payload,
        run.state.checkpoints().stream()
            .filter(checkpoint -> !disk.intact(checkpoint))
            .collect(Collectors.toSet()),
        circumstances(run),
        run.ruling,
        seen,
        inEffect,
        cluster.reachable && run.inCluster.reachable(),
        deadMansSwitch.armed(),
        deadMansSwitch.undone());
  }

  /** While nothing is pending and the kubelet is well, the agent does not ask systemd. */
  private Service unit(Run run) {
    boolean well = kubelet.process().isPresent() && run.vitals.healthySince().isPresent();
    return run.state.pending() || !well ? kubelet.service() : Service.UNKNOWN;
  }

  private String document(Config config) {
    return config instanceof Checkpoint checkpoint
        ? disk.text(LAYOUT.document(checkpoint).toString())
        : Texts.LOCAL;
  }

  /** As seldom as the agent looks: often while a kubelet starts, not at all when nothing moves. */
  private void lookAtCluster(Run run) {
    boolean starting = run.state.activation().isPresent();
    Duration every =
        starting
            ? Duration.ofMillis(100)
            : run.state.trial().isPresent() ? Duration.ofSeconds(5) : Duration.ofDays(1);
    if (run.lookAtCluster.plus(every).compareTo(now) <= 0) {
      run.lookAtCluster = now;
      run.inCluster = inCluster();
    }
  }

  private InCluster inCluster() {
    return cluster.reachable
        ? new InCluster(true, Optional.of(kubelet.ready()), kubelet.lease())
        : InCluster.UNREACHABLE;
  }

  /** An overlay's text is put before the one of the local config. */
  private Payload composed(Run run, Payload payload) {
    var composition =
        run.heard
            .or(run.state::assignment)
            .map(Assignment::composition)
            .orElse(Composition.Replace);
    if (composition == Composition.Replace
        || !(payload instanceof Payload.Found(var uid, var version, var document))) {
      return payload;
    }
    return new Payload.Found(
        uid,
        version,
        document.map(overlay ->
            Document.of(overlay.text() + " over " + localText).mergedFrom(overlay.text())));
  }

  private String circumstances(Run run) {
    return kubelet.version + run.heard.or(run.state::assignment).map(Assignment::retry).orElse("");
  }

  private static Ruling judge(String text, String version) {
    if (Texts.value(text, "notWith").filter(version::equals).isPresent()) {
      return new Ruling.Refused(Ruling.Stage.VALIDATE, "NotWithThis", "not with " + version);
    }
    return Texts.value(text, "judge")
        .<Ruling>map(stage ->
            new Ruling.Refused(
                Stage.valueOf(stage), "Refused" + stage, "the kubelet says no to " + text))
        .orElse(new Ruling.Accepted(List.of()));
  }

  private boolean perform(Effect effect, Run run) throws IOException {
    sync();
    switch (effect) {
      case Effect.SaveCheckpoint(var checkpoint, var document) ->
          disk.saveCheckpoint(checkpoint, document);
      case Effect.SaveState(var state) -> disk.save(state);
      case Effect.AskJudge(_, var document) -> {
        boolean new_ =
            !run.asked.equals(Optional.of(document))
                && run.ruling
                    .filter(last ->
                        last.hash().equals(document.hash())
                            && last.circumstances().equals(circumstances(run)))
                    .isEmpty();
        if (new_) {
          run.asked = Optional.of(document);
          run.inCluster = inCluster();
          run.askedUnder = circumstances(run);
          run.answerAt = now.plus(JUDGE);
        }
      }
      case Announce announce -> announced.add(announce);
      case Effect.ArmWayBack(var undoes, var to) -> {
        disk.write();
        deadMansSwitch.arm(undoes.contentHash(), disk.configFlag(to), now);
      }
      case Effect.DisarmWayBack _ -> {
        disk.write();
        deadMansSwitch.disarm();
      }
      case Effect.Activate(var target) -> {
        disk.activate(target);
        deadMansSwitch.activated();
      }
      case Effect.RestartKubelet _ -> {
        restarts++;
        if (!restartRefused) {
          kubelet.restart();
        }
        pass(Duration.ofMillis(80));
      }
      case Effect.CollectGarbage(var state) -> disk.collectGarbage(state);
    }
    pass(Duration.ofMillis(2));
    return effect instanceof Effect.RestartKubelet;
  }

  private void pass(Duration duration) {
    now = now.plus(duration);
  }

  /** Brings the kubelet to the present. */
  void sync() {
    kubelet.advance(now, wall, cluster.reachable, configFlag());
  }

  Duration now() {
    return now;
  }

  NodeState state() {
    return agent.map(run -> run.state).orElseGet(disk::load);
  }

  /** What the agent would report now. */
  NodeKubeletStatus status() {
    return agent.map(run -> run.reported).orElseThrow();
  }

  String error() {
    return status().config().error();
  }

  Phase phase() {
    return status().phase().orElseThrow();
  }

  /** The document that the kubelet runs; empty when it is down. */
  Optional<String> running() {
    sync();
    return kubelet.running();
  }

  boolean knownBad(String text) {
    return state().bad(Document.of(text).hash()).isPresent();
  }

  Optional<ConfigMapNodeConfigSource> active() {
    return status().config().active().flatMap(NodeConfigSource::configMap);
  }

  Optional<ConfigMapNodeConfigSource> lastKnownGood() {
    return status().config().lastKnownGood().flatMap(NodeConfigSource::configMap);
  }

  Optional<ConfigMapNodeConfigSource> assigned() {
    return status().config().assigned().flatMap(NodeConfigSource::configMap);
  }

  String message(String condition) {
    return status().condition(condition).orElseThrow().message();
  }

  // --- what people do ---

  void assign(String configMap) {
    assign(configMap, "kubelet");
  }

  void assign(String configMap, String key) {
    cluster.assign(configMap, key);
    news();
  }

  /** Creates a ConfigMap or edits it in place. */
  void edit(String configMap, String text) {
    cluster.put(configMap, "kubelet", text);
    news();
  }

  void recreate(String configMap, String text) {
    cluster.delete(configMap);
    news();
    run(NEWS.multipliedBy(2));
    edit(configMap, text);
  }

  void retry() {
    cluster.retry();
    news();
  }

  /** A package with another kubelet is installed, which restarts it. */
  void upgradeKubelet(String version) {
    sync();
    kubelet.version = version;
    kubelet.restart();
  }

  void reset() {
    cluster.reset();
    news();
  }

  /** An administrator's {@code systemctl restart kubelet}. */
  void adminRestart() {
    sync();
    kubelet.restart();
  }

  /** Something happens to the kubelet or its unit. */
  void happens(Consumer<SimulatedKubelet> what) {
    sync();
    what.accept(kubelet);
  }

  /** The kubelet ends by itself, once. */
  void crash() {
    happens(SimulatedKubelet::crash);
  }

  /** The kernel kills the kubelet for want of memory. */
  void outOfMemory() {
    sync();
    if (kubelet.process().isPresent()) {
      kubelet.killForMemory();
      memoryKills++;
    }
  }

  /** Long enough for a start and its trial to end. */
  void settle() {
    run(Duration.ofMinutes(4));
  }

  /** Makes a text what the node falls back to. */
  void makeGood(String configMap, String text) {
    edit(configMap, text);
    assign(configMap);
    settle();
  }

  /** The checkpoint that holds a text, as the agent refers to it. */
  Checkpoint checkpoint(String text) {
    return state().checkpoints().stream()
        .filter(checkpoint -> checkpoint.hash().equals(Document.of(text).hash()))
        .findFirst()
        .orElseThrow();
  }
}
