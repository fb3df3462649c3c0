package dev.retune.agent;

import dev.retune.agent.core.Assignment;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Moment;
import dev.retune.agent.core.NodeState;
import dev.retune.agent.core.Observation;
import dev.retune.agent.core.Observation.MainProcess;
import dev.retune.agent.core.Observation.Service;
import dev.retune.agent.core.Vitals;
import dev.retune.agent.node.ConfiguredLease;
import dev.retune.agent.node.KubeletProcess;
import dev.retune.agent.node.NodeProbe;
import dev.retune.agent.node.ServiceManager;
import dev.retune.agent.store.ConfigStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts together what the core sees. Used by the loop's thread only. */
final class Eyes {
  private static final Logger LOG = System.getLogger(Eyes.class.getName());
  private static final int LAST_LINES = 20;

  /** A kubelet that is still starting is not ill yet. */
  private static final Duration ILL_AFTER = Duration.ofSeconds(5);

  private final ServiceManager services;
  private final NodeProbe probe;
  private final ConfigStore store;
  private final Mailbox mailbox;
  private final ClusterEyes clusterEyes;
  private final ConfiguredLease configuredLease;
  private Vitals vitals = Vitals.NONE;
  private List<String> commandLine = List.of();
  private long restarts;
  private Optional<ServiceManager.State> lastUnit = Optional.empty();

  Eyes(
      ServiceManager services,
      NodeProbe probe,
      ConfigStore store,
      Mailbox mailbox,
      ClusterEyes clusterEyes) {
    this.services = services;
    this.probe = probe;
    this.store = store;
    this.mailbox = mailbox;
    this.clusterEyes = clusterEyes;
    this.configuredLease = new ConfiguredLease(store::document);
  }

  Observation look(NodeState state) throws InterruptedException {
    var assignment = mailbox.assignment();
    var reference = assignment.or(state::assignment).flatMap(Assignment::source);
    var unit = unit();
    var process =
        unit.flatMap(seen ->
            seen.mainPid().isPresent()
                ? probe.process(seen.mainPid().getAsLong())
                : Optional.<KubeletProcess>empty());
    process.ifPresent(running -> commandLine = running.commandLine());
    var main =
        process.map(
            running -> new MainProcess(running.pid(), running.startedAt(), running.flag("config")));
    boolean healthy = process.isPresent() && probe.healthy();
    // The clock is read after what it dates, so that nothing seems to come from the future.
    var now = probe.now();
    var cluster = mailbox.inCluster();
    vitals = vitals.seen(now, main, healthy, cluster);
    var service = unit.map(ServiceManager.State::service).orElse(Service.UNKNOWN);
    return new Observation(
        now,
        assignment,
        mailbox.payload(reference),
        damaged(state),
        mailbox.ruling(),
        vitals.kubelet(
            service,
            main,
            cluster,
            configuredLease.of(state.current()),
            version(),
            lastLines(state, service, now)),
        mailbox.apiReachable() && clusterEyes.reachable());
  }

  /** The kubelet's command line when it was last seen; empty when it never was. */
  List<String> commandLine() {
    return commandLine;
  }

  /** A service manager that does not answer for a moment has not stopped the kubelet. */
  private Optional<ServiceManager.State> unit() throws InterruptedException {
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
}
