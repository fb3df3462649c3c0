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
import dev.retune.api.NodeKubeletStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One run of the agent, from its start to its end: what it has in its memory and loses when it is
 * killed. Its loop is that of {@code dev.retune.agent.Agent}: look, step, perform the effects in
 * order, report, sleep for as long as the core says or until there is news.
 */
final class SimulatedAgent {
  static final Duration NEWS = Duration.ofMillis(20);
  private static final Duration JUDGE = Duration.ofMillis(150);
  private static final Duration STORAGE_RETRY = Duration.ofSeconds(1);

  private final World world;
  private final Reconciler reconciler = new Reconciler(World.LAYOUT, Limits.DEFAULT);
  private NodeState state;
  private Vitals vitals = Vitals.NONE;
  private Optional<Assignment> heard = Optional.empty();
  private Optional<ConfigMapNodeConfigSource> followed = Optional.empty();
  private Payload payload = new Payload.Pending();
  private Optional<Judged> ruling = Optional.empty();
  private Optional<Document> asked = Optional.empty();
  private String askedUnder = "";
  private Duration answerAt = Duration.ZERO;
  private InCluster inCluster = InCluster.UNREACHABLE;
  private Duration lookAtCluster = Duration.ZERO;
  private NodeKubeletStatus reported = NodeKubeletStatus.UNKNOWN;

  SimulatedAgent(World world) {
    this.world = world;
    this.state = world.disk.load();
    follow();
  }

  NodeState state() {
    return state;
  }

  NodeKubeletStatus reported() {
    return reported;
  }

  /**
   * Looks once and does what the core says.
   *
   * @return how long it sleeps then
   */
  Duration turn() {
    var seen = look();
    var step = reconciler.step(state, seen);
    Optional<String> storageError = Optional.empty();
    boolean acted = false;
    try {
      for (Effect effect : step.effects()) {
        acted |= perform(effect);
        world.performed();
      }
      state = step.state();
      if (reconciler.judges(state, seen)) {
        world.deadMansSwitch.push(world.now());
      }
    } catch (IOException full) {
      storageError = Optional.of(String.valueOf(full.getMessage()));
      if (step.goesBack() && !acted && seen.undone().isEmpty()) {
        world.goBackWithoutAgent(true);
      }
      state = world.disk.load();
    }
    boolean newFollow = follow();
    reported = StatusReport.of(World.LAYOUT, state, seen, storageError, reported);
    world.reported(state, reported);
    Duration pause =
        storageError.isPresent()
            ? STORAGE_RETRY
            : acted ? Duration.ofMillis(1) : newFollow ? NEWS : Reconciler.pace(state, seen);
    if (asked.isPresent() && answerAt.minus(world.now()).compareTo(pause) < 0) {
      pause = answerAt.minus(world.now());
    }
    return pause.isNegative() ? Duration.ZERO : pause;
  }

  private boolean follow() {
    var wanted = state.assignment().flatMap(Assignment::source);
    if (wanted.equals(followed)) {
      return false;
    }
    followed = wanted;
    payload = new Payload.Pending();
    return true;
  }

  private Observation look() {
    world.sync();
    var kubelet = world.kubelet;
    if (world.cluster.reachable) {
      heard = world.cluster.spec().or(() -> heard);
      followed.ifPresent(reference -> payload = world.cluster.payload(reference));
    }
    if (asked.isPresent() && answerAt.compareTo(world.now()) <= 0) {
      ruling =
          asked.map(document ->
              new Judged(document.hash(), askedUnder, judge(document.text(), kubelet.version)));
      asked = Optional.empty();
    }
    var reference = heard.or(state::assignment).flatMap(Assignment::source);
    var news = reference.equals(followed) ? composed(payload) : new Payload.Pending();
    var moment = world.moment();
    lookAtCluster();
    vitals = vitals.seen(moment, kubelet.process(), kubelet.healthy(), inCluster);
    Kubelet seen =
        vitals.kubelet(
            unit(),
            kubelet.process(),
            inCluster,
            Texts.duration(document(state.current()), "leaseHolds").orElse(Duration.ZERO),
            kubelet.version,
            kubelet.service().down() ? kubelet.lastLines() : List.of());
    return new Observation(
        moment,
        heard,
        news,
        state.checkpoints().stream()
            .filter(checkpoint -> !world.disk.intact(checkpoint))
            .collect(Collectors.toSet()),
        circumstances(),
        ruling,
        seen,
        world.inEffect,
        world.cluster.reachable && inCluster.reachable(),
        world.deadMansSwitch.armed(),
        world.deadMansSwitch.undone());
  }

  /** While nothing is pending and the kubelet is well, the agent does not ask systemd. */
  private Service unit() {
    boolean well = world.kubelet.process().isPresent() && vitals.healthySince().isPresent();
    return state.pending() || !well ? world.kubelet.service() : Service.UNKNOWN;
  }

  private String document(Config config) {
    return config instanceof Checkpoint checkpoint
        ? world.disk.text(World.LAYOUT.document(checkpoint).toString())
        : Texts.LOCAL;
  }

  /** As seldom as the agent looks: often while a kubelet starts, not at all when nothing moves. */
  private void lookAtCluster() {
    boolean starting = state.activation().isPresent();
    Duration every =
        starting
            ? Duration.ofMillis(100)
            : state.trial().isPresent() ? Duration.ofSeconds(5) : Duration.ofDays(1);
    if (lookAtCluster.plus(every).compareTo(world.now()) <= 0) {
      lookAtCluster = world.now();
      inCluster = world.inCluster();
    }
  }

  /** An overlay's text is put before the one of the local config. */
  private Payload composed(Payload found) {
    var composition =
        heard.or(state::assignment).map(Assignment::composition).orElse(Composition.Replace);
    if (composition == Composition.Replace
        || !(found instanceof Payload.Found(var uid, var version, var document))) {
      return found;
    }
    return new Payload.Found(
        uid,
        version,
        document.map(overlay ->
            Document.of(overlay.text() + " over " + world.localText).mergedFrom(overlay.text())));
  }

  private String circumstances() {
    return world.kubelet.version + heard.or(state::assignment).map(Assignment::retry).orElse("");
  }

  private static Ruling judge(String text, String version) {
    if (Texts.value(text, "notWith").filter(version::equals).isPresent()) {
      return new Ruling.Refused(Stage.VALIDATE, "NotWithThis", "not with " + version);
    }
    return Texts.value(text, "judge")
        .<Ruling>map(stage ->
            new Ruling.Refused(
                Stage.valueOf(stage), "Refused" + stage, "the kubelet says no to " + text))
        .orElse(new Ruling.Accepted(List.of()));
  }

  private boolean perform(Effect effect) throws IOException {
    world.sync();
    switch (effect) {
      case Effect.SaveCheckpoint(var checkpoint, var document) ->
          world.disk.saveCheckpoint(checkpoint, document);
      case Effect.SaveState(var next) -> world.disk.save(next);
      case Effect.AskJudge(_, var document) -> ask(document);
      case Announce announce -> world.announced.add(announce);
      case Effect.ArmWayBack(var undoes, var to) ->
          world.deadMansSwitch.arm(undoes.contentHash(), to, world.now());
      case Effect.DisarmWayBack _ -> world.deadMansSwitch.disarm(world.now());
      case Effect.Activate(var target) -> world.disk.activate(target);
      case Effect.RestartKubelet _ -> world.restartByAgent();
      case Effect.CollectGarbage(var kept) -> world.disk.collectGarbage(kept);
    }
    world.pass(Duration.ofMillis(2));
    return effect instanceof Effect.RestartKubelet;
  }

  private void ask(Document document) {
    boolean answered =
        ruling
            .filter(last ->
                last.hash().equals(document.hash()) && last.circumstances().equals(circumstances()))
            .isPresent();
    if (!answered && !asked.equals(Optional.of(document))) {
      asked = Optional.of(document);
      askedUnder = circumstances();
      inCluster = world.inCluster();
      answerAt = world.now().plus(JUDGE);
    }
  }
}
