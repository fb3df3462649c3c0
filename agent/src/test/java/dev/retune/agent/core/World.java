package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Effect.Announce;
import dev.retune.agent.core.Vitals.InCluster;
import dev.retune.agent.store.NodeDisk;
import dev.retune.agent.store.SimulatedDisk.Loss;
import dev.retune.agent.store.SimulatedDisk.Stopped;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A node, its agent and its cluster on virtual time and in one thread: what is real is the core,
 * the agent's files, and the way back's.
 */
final class World {
  static final Layout LAYOUT = new Layout(Path.of("/var/lib/retune"));
  private static final Instant EPOCH = Instant.parse("2026-03-01T00:00:00Z");

  final SimulatedCluster cluster = new SimulatedCluster();
  final NodeDisk disk = new NodeDisk(LAYOUT);
  final SimulatedSwitch deadMansSwitch = new SimulatedSwitch(disk);
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

  /** What a power cut takes of what was not synced. */
  Loss loss = Loss.NOTHING;

  /** What the kubelet runs in the end, as far as somebody worked it out. */
  Optional<InEffect> inEffect = Optional.empty();

  /** What an overlay is merged over. */
  String localText = Texts.LOCAL;

  /** Whether the service manager does not restart what it is told to. */
  boolean restartRefused;

  private Duration now = Duration.ofSeconds(100);
  private Duration wall = Duration.between(Instant.EPOCH, EPOCH);
  private int boots = 1;
  private Optional<SimulatedAgent> agent = Optional.empty();
  private Duration nextLook = Duration.ZERO;
  private Optional<Duration> agentStartsAt = Optional.empty();

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
    disk.startAgent();
    deadMansSwitch.forgetPulled();
    agent = Optional.of(new SimulatedAgent(this));
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
    disk.powerCut(loss);
    kubelet.boot(disk.configFlag(), wall);
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
    nextLook = now.plus(SimulatedAgent.NEWS);
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
          nextLook = now.plus(agent.get().turn());
          pass(Duration.ofMillis(1));
        } catch (Stopped ended) {
          stopAfter = Integer.MAX_VALUE;
          disk.goOn();
          Duration left = until.minus(now);
          strike();
          until = now.plus(left);
        }
      }
    }
    sync();
  }

  /** The dead man's switch acts. */
  void goBackWithoutAgent(boolean pulled) {
    sync();
    deadMansSwitch.fire(
        bootId(),
        now,
        pulled,
        () -> {
          sync();
          kubelet.restart();
        });
  }

  /** The agent has done one thing. */
  void performed() {
    Invariants.check(this);
    if (++performed == stopAfter) {
      throw new Stopped();
    }
  }

  void reported(NodeState state, NodeKubeletStatus status) {
    var phase = status.phase().orElseThrow();
    if (phases.isEmpty() || phases.getLast() != phase) {
      phases.add(phase);
    }
    Invariants.check(state, status);
    if (cluster.reachable && cluster.spec().isPresent()) {
      cluster.status = status;
    }
  }

  void restartByAgent() {
    restarts++;
    if (!restartRefused) {
      kubelet.restart();
    }
    pass(Duration.ofMillis(80));
  }

  InCluster inCluster() {
    return cluster.reachable
        ? new InCluster(true, Optional.of(kubelet.ready()), kubelet.lease())
        : InCluster.UNREACHABLE;
  }

  Moment moment() {
    return new Moment(Instant.EPOCH.plus(wall).plus(now), now, bootId());
  }

  private String bootId() {
    return "boot-" + boots;
  }

  void pass(Duration duration) {
    now = now.plus(duration);
  }

  /** Brings the kubelet to the present. */
  void sync() {
    kubelet.advance(now, wall, cluster.reachable, disk.configFlag());
  }

  Duration now() {
    return now;
  }

  NodeState state() {
    return agent.map(SimulatedAgent::state).orElseGet(disk::load);
  }

  /** What the agent would report now. */
  NodeKubeletStatus status() {
    return agent.map(SimulatedAgent::reported).orElseThrow();
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
    run(SimulatedAgent.NEWS.multipliedBy(2));
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
