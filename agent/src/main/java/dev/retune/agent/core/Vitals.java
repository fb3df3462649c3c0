package dev.retune.agent.core;

import dev.retune.agent.core.Observation.Kubelet;
import dev.retune.agent.core.Observation.MainProcess;
import dev.retune.agent.core.Observation.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Remembers since when the kubelet's signs of life have been what they are. Nothing in it is
 * durable: an agent that was just started has watched for no time at all, and so has one that has
 * not looked for a while, because the machine slept or a restart took long.
 *
 * @param lookedAt when the last look was
 * @param watchedSince since when there was no gap between two looks
 * @param pid process that {@code healthySince} is about; 0 when there is none
 */
public record Vitals(
    Optional<Duration> lookedAt,
    Duration watchedSince,
    long pid,
    Optional<Duration> healthySince,
    Optional<Duration> unhealthySince,
    Optional<Duration> notReadySince,
    Optional<Instant> leaseRenewed,
    Optional<Duration> leaseUnchangedSince) {

  /** Two looks that are further apart have a gap between them; an idle agent looks every 10 s. */
  static final Duration GAP = Duration.ofSeconds(15);

  /** Nothing seen yet. */
  public static final Vitals NONE =
      new Vitals(
          Optional.empty(),
          Duration.ZERO,
          0,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * What the cluster shows of the node.
   *
   * @param reachable whether the API server answered
   */
  public record InCluster(boolean reachable, Optional<Boolean> ready, Optional<Lease> lease) {
    public static final InCluster UNREACHABLE =
        new InCluster(false, Optional.empty(), Optional.empty());
  }

  /**
   * The node's Lease.
   *
   * @param renewed renewTime
   * @param holds leaseDurationSeconds; that of the kubelet which made the Lease, as a renewal does
   *     not change it (kubelets up to 1.36); zero when it has none
   */
  public record Lease(Instant renewed, Duration holds) {}

  /** These vitals after one more look. */
  public Vitals seen(
      Moment now, Optional<MainProcess> process, boolean healthy, InCluster cluster) {
    boolean watching =
        lookedAt.filter(last -> now.sinceBoot().minus(last).compareTo(GAP) <= 0).isPresent();
    return watching
        ? next(now, process, healthy, cluster, watchedSince)
        : NONE.next(now, process, healthy, cluster, now.sinceBoot());
  }

  private Vitals next(
      Moment now,
      Optional<MainProcess> process,
      boolean healthy,
      InCluster cluster,
      Duration since) {
    long main = process.map(MainProcess::pid).orElse(0L);
    var at = Optional.of(now.sinceBoot());
    Optional<Duration> well =
        !healthy || main == 0
            ? Optional.empty()
            : main == pid && healthySince.isPresent() ? healthySince : at;
    Optional<Duration> unwell =
        well.isPresent() ? Optional.empty() : unhealthySince.isPresent() ? unhealthySince : at;
    if (!cluster.reachable()) {
      // While the API server is away nobody can renew a lease or be seen Ready.
      return new Vitals(
          at, since, main, well, unwell, Optional.empty(), leaseRenewed, Optional.empty());
    }
    Optional<Duration> notReady =
        cluster.ready().orElse(true)
            ? Optional.empty()
            : notReadySince.isPresent() ? notReadySince : at;
    var renewed = cluster.lease().map(Lease::renewed);
    boolean sameLease = renewed.equals(leaseRenewed);
    return new Vitals(
        at,
        since,
        main,
        well,
        unwell,
        notReady,
        renewed,
        sameLease && leaseUnchangedSince.isPresent() ? leaseUnchangedSince : at);
  }

  /**
   * The kubelet as the core sees it.
   *
   * @param configuredLease how long its lease holds by the config that runs; zero when it does not
   *     say
   */
  public Kubelet kubelet(
      Service service,
      Optional<MainProcess> process,
      InCluster cluster,
      Duration configuredLease,
      String version,
      List<String> lastLines) {
    return new Kubelet(
        service,
        process,
        watchedSince,
        healthySince,
        unhealthySince,
        leaseRenewed,
        leaseUnchangedSince,
        longer(configuredLease, cluster.lease().map(Lease::holds).orElse(Duration.ZERO)),
        cluster.ready(),
        notReadySince,
        version,
        lastLines);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
