package dev.retune.agent;

import dev.retune.agent.core.Assignment;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Config.Local;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.Moment;
import dev.retune.agent.core.NodeState;
import dev.retune.agent.core.Observation;
import dev.retune.agent.core.Observation.MainProcess;
import dev.retune.agent.core.Observation.Service;
import dev.retune.agent.core.Observation.Undone;
import dev.retune.agent.core.Vitals;
import dev.retune.agent.node.ConfiguredLease;
import dev.retune.agent.node.DeadMansSwitch;
import dev.retune.agent.node.DocumentJudge;
import dev.retune.agent.node.KubeletProcess;
import dev.retune.agent.node.LocalKubelet;
import dev.retune.agent.node.Node;
import dev.retune.agent.node.NodeProbe;
import dev.retune.agent.node.ServiceManager;
import dev.retune.agent.node.Surroundings;
import dev.retune.agent.store.ConfigStore;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.flags.TextFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts together what the core sees. Used by the loop's thread only. */
final class Eyes implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Eyes.class.getName());
  private static final int LAST_LINES = 20;

  /** A kubelet that is still starting is not ill yet. */
  private static final Duration ILL_AFTER = Duration.ofSeconds(5);

  private final Layout layout;
  private final ServiceManager services;
  private final NodeProbe probe;
  private final DeadMansSwitch deadMansSwitch;
  private final Guard guard;
  private final LocalEyes localEyes;
  private final Composer composer;
  private final ConfigStore store;
  private final Mailbox mailbox;
  private final ClusterEyes clusterEyes;
  private final ConfiguredLease configuredLease;
  private Vitals vitals = Vitals.NONE;
  private Optional<KubeletProcess> lastProcess = Optional.empty();
  private String startedVersion = "";
  private String version = "";
  private long restarts;
  private Optional<ServiceManager.State> lastUnit = Optional.empty();
  private boolean unitAsked;

  Eyes(
      Layout layout,
      Node node,
      Guard guard,
      Composer composer,
      ConfigStore store,
      Mailbox mailbox,
      ClusterEyes clusterEyes)
      throws IOException {
    this.layout = layout;
    this.services = node.services();
    this.probe = node.probe();
    this.deadMansSwitch = node.deadMansSwitch();
    this.guard = guard;
    this.localEyes = new LocalEyes(node.local(), mailbox::wake);
    this.composer = composer;
    this.store = store;
    this.mailbox = mailbox;
    this.clusterEyes = clusterEyes;
    this.configuredLease = new ConfiguredLease(store::read);
  }

  Observation look(NodeState state) throws InterruptedException {
    localEyes.look();
    var assignment = mailbox.assignment();
    var wanted = assignment.or(state::assignment);
    var reference = wanted.flatMap(Assignment::source);
    var process = process(state);
    version = version();
    process.ifPresent(running -> remember(running, version));
    var main =
        process.map(running ->
            new MainProcess(
                running.pid(), running.startedAt(), running.flag("config"), startedVersion));
    boolean healthy = process.isPresent() && probe.healthy();
    // The clock is read after what it dates, so that nothing seems to come from the future.
    var now = probe.now();
    var cluster = mailbox.inCluster();
    vitals = vitals.seen(now, main, healthy, cluster);
    var service =
        lastUnit.filter(_ -> unitAsked).map(ServiceManager.State::service).orElse(Service.UNKNOWN);
    return new Observation(
        now,
        assignment,
        composer.compose(mailbox.payload(reference), wanted, localEyes.local(), judgedAs(version)),
        damaged(state),
        localEyes.circumstances(version, wanted.map(Assignment::retry).orElse(""), lacking(state)),
        mailbox.ruling(),
        vitals.kubelet(
            service,
            main,
            cluster,
            configuredLease.of(state.current()),
            version,
            lastLines(state, service, now)),
        mailbox.inEffect(),
        mailbox.apiReachable() && clusterEyes.reachable(),
        deadMansSwitch.armed(),
        deadMansSwitch
            .taken()
            .map(taken ->
                new Undone(
                    taken.undone(),
                    taken.bootId(),
                    taken.sinceBoot(),
                    guard.pulled(),
                    taken.evidence())));
  }

  private static KubeletVersion judgedAs(String version) {
    try {
      return KubeletVersion.parse(version);
    } catch (IllegalArgumentException unknown) {
      return KubeletVersion.newest();
    }
  }

  /**
   * What is to be worked out of the kubelet that runs: nothing while it is about to be another one.
   */
  Optional<InEffectDesk.Question> inEffect(NodeState state) {
    if (state.activation().isPresent() || lastProcess.isEmpty()) {
      return Optional.empty();
    }
    var local = localEyes.local();
    Optional<TextFile> document =
        state.active() instanceof Checkpoint active
            ? store
                .read(active)
                .map(content -> new TextFile(layout.document(active).toString(), content.text()))
            : Optional.empty();
    boolean isLocal = state.active() instanceof Local;
    return Optional.of(
        new InEffectDesk.Question(
            state.active().contentHash(),
            judgedAs(version),
            new InEffectDesk.Start(
                isLocal ? localEyes.startedConfig() : document, localEyes.startedWith()),
            new InEffectDesk.Start(isLocal ? local.config() : document, localEyes.surroundings()),
            own(local)));
  }

  private static List<TextFile> own(LocalKubelet local) {
    var own = new ArrayList<>(local.parts().patches());
    local.parts().instanceConfig().ifPresent(own::add);
    return own;
  }

  /** What the node's own files make of the kubelet. */
  LocalKubelet local() {
    return localEyes.local();
  }

  /** What the kubelet will be started with besides its config. */
  Surroundings surroundings() {
    return localEyes.surroundings();
  }

  private static boolean lacking(NodeState state) {
    return state
        .refusal()
        .filter(refusal -> refusal.ruling().reason().equals(DocumentJudge.NODE_PRECONDITION))
        .isPresent();
  }

  /**
   * The kubelet's main process. While nothing is pending and the one that was seen last is there,
   * its unit has nothing to tell, and systemd is not asked.
   */
  private Optional<KubeletProcess> process(NodeState state) throws InterruptedException {
    unitAsked = false;
    if (!state.pending() && lastProcess.isPresent() && vitals.healthySince().isPresent()) {
      var known = lastProcess.get();
      var still =
          probe.process(known.pid()).filter(now -> now.startedAt().equals(known.startedAt()));
      if (still.isPresent()) {
        return still;
      }
    }
    var pid = unit().map(ServiceManager.State::mainPid).orElse(OptionalLong.empty());
    return pid.isPresent() ? probe.process(pid.getAsLong()) : Optional.empty();
  }

  /** A process is of the version that its binary had when it was seen first. */
  private void remember(KubeletProcess running, String version) {
    boolean another =
        lastProcess
            .filter(
                last -> last.pid() == running.pid() && last.startedAt().equals(running.startedAt()))
            .isEmpty();
    if (another) {
      startedVersion = running.ofThisBinary() ? version : "";
      localEyes.started(running);
    }
    lastProcess = Optional.of(running);
  }

  /** A service manager that does not answer for a moment has not stopped the kubelet. */
  private Optional<ServiceManager.State> unit() throws InterruptedException {
    unitAsked = true;
    try {
      lastUnit = Optional.of(services.state());
    } catch (IOException unknown) {
      LOG.log(Level.WARNING, "the kubelet's unit cannot be read: " + unknown.getMessage());
    }
    return lastUnit;
  }

  private String version() throws InterruptedException {
    try {
      return probe.kubeletVersion();
    } catch (IOException unknown) {
      LOG.log(Level.WARNING, "the kubelet does not tell its version: " + unknown.getMessage());
      return "";
    }
  }

  /** The log is read only when it is evidence. */
  private List<String> lastLines(NodeState state, Service service, Moment now)
      throws InterruptedException {
    boolean judging = state.activation().isPresent() || state.trial().isPresent();
    boolean ill =
        vitals
            .unhealthySince()
            .filter(since -> now.sinceBoot().minus(since).compareTo(ILL_AFTER) > 0)
            .isPresent();
    boolean restarted = service.restarts() > restarts;
    restarts = service.restarts();
    if (!judging || !(service.down() || restarted || ill)) {
      return List.of();
    }
    try {
      return services.lastLines(LAST_LINES);
    } catch (IOException unreadable) {
      return List.of("(the kubelet's log cannot be read: " + unreadable.getMessage() + ")");
    }
  }

  /** What is referred to and is not there as its hash says (AGENT-5). */
  private Set<Checkpoint> damaged(NodeState state) {
    return state.checkpoints().stream()
        .filter(checkpoint -> !store.intact(checkpoint))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void close() {
    localEyes.close();
  }
}
