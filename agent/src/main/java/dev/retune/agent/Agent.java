package dev.retune.agent;

import dev.retune.agent.cluster.ControlPlane;
import dev.retune.agent.core.Assignment;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Effect;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.Limits;
import dev.retune.agent.core.NodeState;
import dev.retune.agent.core.Observation;
import dev.retune.agent.core.Reconciler;
import dev.retune.agent.core.StatusReport;
import dev.retune.agent.core.Step;
import dev.retune.agent.core.WayBack;
import dev.retune.agent.node.DocumentJudge;
import dev.retune.agent.node.Node;
import dev.retune.agent.store.ConfigStore;
import dev.retune.api.NodeKubeletStatus;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The agent of one node: a loop that looks, asks the {@link Reconciler} what to do, and does it.
 *
 * <p>One thread owns the state and all effects on the node. What may take long (watches, the judge,
 * reports) runs on threads of its own that only ever put news into the {@link Mailbox}, which wakes
 * the loop. So an API server that hangs never keeps a kubelet from being rolled back.
 */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Agent.class.getName());

  /** How long an Event may delay a restart (AGENT-10). */
  private static final Duration ANNOUNCE_LIMIT = Duration.ofSeconds(2);

  /** How long the agent waits after its own files could not be written. */
  private static final Duration STORAGE_RETRY = Duration.ofSeconds(1);

  private final Layout layout;
  private final ConfigStore store;
  private final KubeletRestart kubelet;
  private final Guard guard;
  private final ControlPlane controlPlane;
  private final Reconciler reconciler;
  private final Mailbox mailbox = new Mailbox();
  private final Eyes eyes;
  private final JudgeDesk judge;
  private final InEffectDesk inEffect;
  private final Reporter reporter;
  private final Announcer announcer;
  private final ClusterEyes clusterEyes;
  private final Runnable beforeRest;
  private boolean apiReachable;
  private volatile boolean closed;

  /**
   * Puts an agent together; {@link #run} starts it.
   *
   * @param published hears each status at the same time as it is handed to be reported: for metrics
   * @param beforeRest called each time before the loop waits for news
   */
  public Agent(
      Layout layout,
      Limits limits,
      ConfigStore store,
      Node node,
      DocumentJudge documentJudge,
      ControlPlane controlPlane,
      Consumer<NodeKubeletStatus> published,
      Runnable beforeRest)
      throws IOException {
    this.layout = layout;
    this.store = store;
    this.kubelet = new KubeletRestart(node.services(), store, documentJudge);
    this.guard = new Guard(node.deadMansSwitch());
    this.controlPlane = controlPlane;
    this.reconciler = new Reconciler(layout, limits);
    this.clusterEyes = new ClusterEyes(controlPlane, mailbox);
    this.eyes = new Eyes(layout, node, guard, new Composer(), store, mailbox, clusterEyes);
    this.judge = new JudgeDesk(documentJudge, mailbox);
    this.inEffect = new InEffectDesk(documentJudge, node.running(), mailbox);
    this.reporter = new Reporter(controlPlane, mailbox, published);
    this.announcer = new Announcer(controlPlane);
    this.beforeRest = beforeRest;
  }

  /**
   * Runs until {@link #close}.
   *
   * @throws IOException when the agent's directory cannot be read at all
   */
  public void run() throws IOException, InterruptedException {
    controlPlane.start(mailbox);
    NodeState state = store.load();
    Optional<String> storageError = Optional.empty();
    follow(state);
    while (!closed) {
      Observation seen = eyes.look(state);
      Step step = reconciler.step(state, seen);
      boolean restarted = false;
      try {
        for (Effect effect : step.effects()) {
          perform(effect, seen);
          restarted |= effect instanceof Effect.RestartKubelet;
        }
        state = step.state();
        storageError = Optional.empty();
        if (reconciler.judges(state, seen)) {
          guard.keep();
        }
      } catch (IOException failed) {
        LOG.log(Level.ERROR, "cannot go on: " + failed.getMessage(), failed);
        storageError = Optional.of(String.valueOf(failed.getMessage()));
        if (step.goesBack() && !restarted && seen.undone().isEmpty()) {
          guard.goBackWithoutAgent();
        }
        state = store.load();
      }
      follow(state);
      eyes.inEffect(state).ifPresent(inEffect::ask);
      report(state, seen, storageError);
      if (seen.apiReachable() && !apiReachable) {
        reporter.retryNow();
      }
      apiReachable = seen.apiReachable();
      clusterEyes.pace(state.activation().isPresent(), state.trial().isPresent());
      if (storageError.isPresent()) {
        mailbox.await(STORAGE_RETRY);
      } else if (!acted(step)) {
        beforeRest.run();
        mailbox.await(Reconciler.pace(state, seen));
      }
    }
  }

  private void follow(NodeState state) {
    var reference = state.assignment().flatMap(Assignment::source);
    mailbox.following(reference);
    controlPlane.follow(reference);
  }

  private void report(NodeState state, Observation seen, Optional<String> storageError) {
    reporter.report(last -> StatusReport.of(layout, state, seen, storageError, last));
  }

  /** Whether the step did something whose outcome is worth a look at once. */
  private static boolean acted(Step step) {
    return step.effects().stream()
        .anyMatch(effect ->
            switch (effect) {
              case Effect.RestartKubelet _ -> true;
              case Effect.SaveCheckpoint _,
                  Effect.SaveState _,
                  Effect.AskJudge _,
                  Effect.Announce _,
                  Effect.Activate _,
                  Effect.ArmWayBack _,
                  Effect.DisarmWayBack _,
                  Effect.CollectGarbage _ ->
                  false;
            });
  }

  private void perform(Effect effect, Observation seen) throws IOException, InterruptedException {
    LOG.log(Level.DEBUG, () -> "effect " + effect.getClass().getSimpleName());
    switch (effect) {
      case Effect.SaveCheckpoint(var checkpoint, var document) ->
          store.saveCheckpoint(checkpoint, document);
      case Effect.SaveState(NodeState next) -> store.save(next);
      case Effect.AskJudge(_, var document) -> {
        if (judge.ask(document, seen.circumstances(), eyes.surroundings())) {
          clusterEyes.lookOnce();
        }
      }
      case Effect.Announce announce -> {
        LOG.log(Level.INFO, announce.message());
        announcer.announce(announce, ANNOUNCE_LIMIT);
      }
      case Effect.ArmWayBack(var undoes, var to) ->
          guard.arm(
              new WayBack(
                  undoes.contentHash(),
                  to instanceof Checkpoint checkpoint
                      ? Optional.of(layout.document(checkpoint))
                      : Optional.empty(),
                  eyes.local().configArguments(),
                  KubeletRestart.directory(eyes.surroundings().arguments())));
      case Effect.DisarmWayBack _ -> {
        // In this order: an agent that is cut off in between does both again.
        kubelet.settle(eyes.surroundings());
        guard.disarm();
      }
      case Effect.Activate(var target) -> store.activate(target, eyes.local().configArguments());
      case Effect.RestartKubelet change ->
          kubelet.restart(change, eyes.local(), eyes.surroundings());
      case Effect.CollectGarbage(NodeState kept) -> store.collectGarbage(kept);
    }
  }

  @Override
  public void close() {
    closed = true;
    mailbox.wake();
    judge.close();
    inEffect.close();
    reporter.close();
    announcer.close();
    clusterEyes.close();
    eyes.close();
    controlPlane.close();
  }
}
