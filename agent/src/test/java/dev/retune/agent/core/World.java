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
import java.util.Random;
import java.util.function.Consumer;

/**
 * A node, its agent and its cluster on virtual time and in one thread: what is real is the core,
 * the agent's files, and the way back's.
 */
public final class World {
  public static final Layout LAYOUT = new Layout(Path.of("/var/lib/retune"));
  private static final Instant EPOCH = Instant.parse("2026-03-01T00:00:00Z");

  public final SimulatedCluster cluster = new SimulatedCluster();
  public final NodeDisk disk = new NodeDisk(LAYOUT);
  public final SimulatedSwitch deadMansSwitch = new SimulatedSwitch(disk);
  public final SimulatedKubelet kubelet = new SimulatedKubelet(disk::text);

  /** Everything that was announced, oldest first. */
  public final List<Announce> announced = new ArrayList<>();

  /** Every phase that was reported, without repetitions, oldest first. */
  public final List<Phase> phases = new ArrayList<>();

  /** How often the agent restarted the kubelet. */
  public int restarts;

  /** How often the kubelet was killed from outside. */
  public int kills;

  /** How many effects were performed. */
  public int performed;

  /** Ends the agent right after this many effects. */
  public int stopAfter = Integer.MAX_VALUE;

  /** How it ends then. */
  public Outage outage = Outage.KILLED;

  /** What a power cut takes of what was not synced. */
  public Loss loss = Loss.NOTHING;

  /** What the kubelet runs in the end, as far as somebody worked it out. */
  public Optional<InEffect> inEffect = Optional.empty();

  /** What an overlay is merged over. */
  public String localText = Texts.LOCAL;

  /** Whether the service manager does not restart what it is told to. */
  public boolean restartRefused;

  private Optional<Random> luck = Optional.empty();
  private Duration now = Duration.ofSeconds(100);
  private Duration wall = Duration.between(Instant.EPOCH, EPOCH);
  private int boots = 1;
  private Optional<SimulatedAgent> agent = Optional.empty();
  private Duration nextLook = Duration.ZERO;
  private Optional<Duration> agentStartsAt = Optional.empty();

  /** A machine that has run its kubelet on the local config for a while, and starts its agent. */
  public World() {
    sync();
    kubelet.restart();
    pass(Duration.ofSeconds(30));
    startAgent();
    run(Duration.ofSeconds(1));
  }

  public void startAgent() {
    agentStartsAt = Optional.empty();
    disk.startAgent();
    deadMansSwitch.forgetPulled();
    agent = Optional.of(new SimulatedAgent(this));
    nextLook = now;
  }

  /** {@code kill -9}: what was not written is forgotten. */
  public void killAgent() {
    agent = Optional.empty();
  }

  public boolean agentRuns() {
    return agent.isPresent();
  }

  /** The power is cut and comes back; kubelet and agent start with the machine. */
  public void reboot() {
    powerCut();
    run(Duration.ofSeconds(3));
    startAgent();
  }

  /** The machine is off and on again; the agent is yet to start. */
  public void powerCut() {
    sync();
    killAgent();
    wall = wall.plus(now).plus(Duration.ofSeconds(40));
    now = Duration.ZERO;
    boots++;
    deadMansSwitch.boot();
    if (luck.isPresent()) {
      disk.powerCut(luck.get());
    } else {
      disk.powerCut(loss);
    }
    kubelet.boot(disk.configFlag(), wall);
  }

  /** The machine sleeps: boot-time goes on, nothing else does. */
  public void sleep(Duration duration) {
    sync();
    pass(duration);
    deadMansSwitch.slept(duration);
    nextLook = now;
  }

  /** The wall clock is set. */
  public void setClock(Duration by) {
    sync();
    wall = wall.plus(by);
  }

  /** From now on a power cut takes anything of what was not synced. */
  public void luck(Random random) {
    luck = Optional.of(random);
  }

  /** There is news for the agent. */
  public void news() {
    nextLook = now.plus(SimulatedAgent.NEWS);
  }

  /** What ends the agent at {@link #stopAfter}; it and the kubelet may come back from it. */
  public enum Outage {
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

  public void run(Duration duration) {
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
      try {
        happen();
      } catch (Stopped ended) {
        stopAfter = Integer.MAX_VALUE;
        disk.goOn();
        Duration left = until.minus(now);
        strike();
        until = now.plus(left);
      }
    }
    sync();
  }

  public boolean agentIsGone() {
    return agent.isEmpty();
  }

  /** What is due now. */
  private void happen() {
    if (deadMansSwitch.firesAt().filter(at -> at.compareTo(now) <= 0).isPresent()) {
      if (outage != Outage.POWER_CUT) {
        disk.goOn(); // the script goes on when the agent ends
      }
      goBackWithoutAgent(false);
    }
    if (agentStartsAt.filter(start -> start.compareTo(now) <= 0).isPresent()) {
      startAgent();
    }
    if (agent.isPresent() && nextLook.compareTo(now) <= 0) {
      nextLook = now.plus(agent.get().turn());
      pass(Duration.ofMillis(1));
    }
  }

  /** The dead man's switch acts. */
  public void goBackWithoutAgent(boolean pulled) {
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
  public void performed() {
    Invariants.check(this);
    if (++performed == stopAfter) {
      throw new Stopped();
    }
  }

  public void reported(NodeState state, NodeKubeletStatus status) {
    var phase = status.phase().orElseThrow();
    if (phases.isEmpty() || phases.getLast() != phase) {
      phases.add(phase);
    }
    Invariants.check(state, status);
    if (cluster.reachable && cluster.spec().isPresent()) {
      cluster.status = status;
    }
  }

  public void restartByAgent() {
    restarts++;
    if (!restartRefused) {
      kubelet.restart();
    }
    pass(Duration.ofMillis(80));
  }

  public InCluster inCluster() {
    return cluster.reachable
        ? new InCluster(true, Optional.of(kubelet.ready()), kubelet.lease())
        : InCluster.UNREACHABLE;
  }

  public Moment moment() {
    return new Moment(Instant.EPOCH.plus(wall).plus(now), now, bootId());
  }

  private String bootId() {
    return "boot-" + boots;
  }

  public void pass(Duration duration) {
    now = now.plus(duration);
  }

  /** Brings the kubelet to the present. */
  public void sync() {
    kubelet.advance(now, wall, cluster.reachable, disk.configFlag());
  }

  public Duration now() {
    return now;
  }

  public NodeState state() {
    return agent.map(SimulatedAgent::state).orElseGet(disk::load);
  }

  /** What the agent would report now. */
  public NodeKubeletStatus status() {
    return agent.map(SimulatedAgent::reported).orElseThrow();
  }

  public String error() {
    return status().config().error();
  }

  public Phase phase() {
    return status().phase().orElseThrow();
  }

  /** The document that the kubelet runs; empty when it is down. */
  public Optional<String> running() {
    sync();
    return kubelet.running();
  }

  public boolean knownBad(String text) {
    return state().bad(Document.of(text).hash()).isPresent();
  }

  public Optional<ConfigMapNodeConfigSource> active() {
    return status().config().active().flatMap(NodeConfigSource::configMap);
  }

  public Optional<ConfigMapNodeConfigSource> lastKnownGood() {
    return status().config().lastKnownGood().flatMap(NodeConfigSource::configMap);
  }

  public Optional<ConfigMapNodeConfigSource> assigned() {
    return status().config().assigned().flatMap(NodeConfigSource::configMap);
  }

  public String message(String condition) {
    return status().condition(condition).orElseThrow().message();
  }

  // --- what people do ---

  public void assign(String configMap) {
    assign(configMap, "kubelet");
  }

  public void assign(String configMap, String key) {
    cluster.assign(configMap, key);
    news();
  }

  /** Creates a ConfigMap or edits it in place. */
  public void edit(String configMap, String text) {
    cluster.put(configMap, "kubelet", text);
    news();
  }

  public void recreate(String configMap, String text) {
    cluster.delete(configMap);
    news();
    run(SimulatedAgent.NEWS.multipliedBy(2));
    edit(configMap, text);
  }

  public void retry() {
    cluster.retry();
    news();
  }

  /** A package with another kubelet is installed, which restarts it. */
  public void upgradeKubelet(String version) {
    sync();
    kubelet.version = version;
    kubelet.restart();
  }

  public void reset() {
    cluster.reset();
    news();
  }

  /** An administrator's {@code systemctl restart kubelet}. */
  public void adminRestart() {
    sync();
    kubelet.restart();
  }

  /** Something happens to the kubelet or its unit. */
  public void happens(Consumer<SimulatedKubelet> what) {
    sync();
    what.accept(kubelet);
  }

  /** The kubelet ends by itself, once. */
  public void crash() {
    happens(SimulatedKubelet::crash);
  }

  /** The kernel kills the kubelet for want of memory. */
  public void outOfMemory() {
    sync();
    if (kubelet.process().isPresent()) {
      kubelet.killForMemory();
    }
  }

  /** Long enough for a start and its trial to end. */
  public void settle() {
    run(Duration.ofMinutes(4));
  }

  /** Makes a text what the node falls back to. */
  public void makeGood(String configMap, String text) {
    edit(configMap, text);
    assign(configMap);
    settle();
  }

  /** The checkpoint that holds a text, as the agent refers to it. */
  public Checkpoint checkpoint(String text) {
    return state().checkpoints().stream()
        .filter(checkpoint -> checkpoint.hash().equals(Document.of(text).hash()))
        .findFirst()
        .orElseThrow();
  }
}
