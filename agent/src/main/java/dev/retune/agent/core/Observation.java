package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything the core may know when it decides.
 *
 * @param now the moment of the observation
 * @param assignment what the NodeKubelet asks for; empty while the API server has not said, or when
 *     there is no NodeKubelet: then the last one that was seen holds
 * @param payload the ConfigMap of {@code assignment}, or of the last one that was seen
 * @param damaged the checkpoints that the state refers to and that are not on disk as their hash
 *     says (AGENT-5)
 * @param circumstances stands for all that a ruling depends on besides the document: the kubelet's
 *     version, its flags, drop-ins and how often an administrator asked for another try. When it
 *     changes, what was judged is judged again (AGENT-14, AGENT-17)
 * @param ruling the judge's last answer; empty while there is none
 * @param kubelet the kubelet on this node
 * @param inEffect what the running kubelet runs in the end; empty while that was not worked out
 * @param apiReachable whether the API server answered the agent last time
 * @param armed whether the dead man's switch would undo something (AGENT-15)
 * @param undone what it has undone; empty while it has not
 */
public record Observation(
    Moment now,
    Optional<Assignment> assignment,
    Payload payload,
    Set<Checkpoint> damaged,
    String circumstances,
    Optional<Judged> ruling,
    Kubelet kubelet,
    Optional<InEffect> inEffect,
    boolean apiReachable,
    boolean armed,
    Optional<Undone> undone) {

  public Observation {
    damaged = Set.copyOf(damaged);
  }

  /**
   * A ruling and what it is about.
   *
   * @param hash of the document
   * @param circumstances in which it was judged
   */
  public record Judged(String hash, String circumstances, Ruling ruling) {}

  /**
   * The dead man's switch has gone the way back.
   *
   * @param hash of the content that was undone; {@link NodeState.BadContent#LOCAL} for the local
   *     config
   * @param bootId boot in which that was
   * @param sinceBoot when that was, on the boot-time clock
   * @param judged whether this agent had found that the content failed, and only could not write it
   * @param evidence what the kubelet's unit looked like before, for people
   */
  public record Undone(
      String hash, String bootId, Duration sinceBoot, boolean judged, String evidence) {}

  /**
   * The kubelet as it is seen on the node and in the cluster.
   *
   * @param service its unit
   * @param process its main process; empty when there is none
   * @param watchedSince since when, without a gap, this agent has looked (boot-time clock); what
   *     happened before, nobody saw
   * @param healthySince since when, without a break, this agent has seen {@code healthz} of this
   *     process answer ok (boot-time clock); empty when the last answer was not ok
   * @param unhealthySince since when, without a break, it was not ok; empty when it is
   * @param leaseRenewed renewTime of the node's Lease; empty when it was not read
   * @param leaseUnchangedSince since when, while the API server was reachable without a break, the
   *     agent has seen that renewTime
   * @param leaseHolds how long a renewal holds: what the Lease says or the config that runs,
   *     whichever is longer; zero when neither was read
   * @param ready whether the Node is Ready; empty when it was not read
   * @param notReadySince since when, without a break, this agent has seen the Node not Ready
   * @param version version of the kubelet binary; empty when it does not tell
   * @param lastLines the last lines that the failed or failing process logged, oldest first; only
   *     when the unit shows a failure
   */
  public record Kubelet(
      Service service,
      Optional<MainProcess> process,
      Duration watchedSince,
      Optional<Duration> healthySince,
      Optional<Duration> unhealthySince,
      Optional<Instant> leaseRenewed,
      Optional<Duration> leaseUnchangedSince,
      Duration leaseHolds,
      Optional<Boolean> ready,
      Optional<Duration> notReadySince,
      String version,
      List<String> lastLines) {
    public Kubelet {
      lastLines = List.copyOf(lastLines);
    }
  }

  /**
   * The main process of the kubelet's unit.
   *
   * @param pid process id
   * @param startedAt when it was started, on the boot-time clock
   * @param config value of its last {@code --config} flag; empty when it has none
   * @param version what the binary was when it was started; empty when that cannot be told
   */
  public record MainProcess(long pid, Duration startedAt, String config, String version) {}

  /**
   * The kubelet's unit, in systemd's words ({@code org.freedesktop.systemd1.Service}).
   *
   * @param loadState {@code loaded}, {@code masked}, {@code not-found}, {@code bad-setting}, …
   * @param activeState {@code active}, {@code activating}, {@code failed}, …
   * @param subState {@code running}, {@code auto-restart}, {@code dead}, …
   * @param last how the main process of this invocation ended; {@link Ending#NONE} while it runs
   * @param before how that of the invocation before ended, if nobody saw it then
   * @param restarts NRestarts: automatic restarts since the unit was last started by somebody
   * @param invocation InvocationID: of the present or last start, new with each one; empty when the
   *     unit never ran, or systemd has forgotten it
   * @param definition stands for the unit's command and environment: another text, another unit
   */
  public record Service(
      String loadState,
      String activeState,
      String subState,
      Ending last,
      Optional<Ending> before,
      long restarts,
      String invocation,
      String definition) {

    /** What is seen of a unit that could not be read, ever. */
    public static final Service UNKNOWN =
        new Service("unknown", "unknown", "unknown", Ending.NONE, Optional.empty(), 0, "", "");

    /** Where a unit stands, as far as it matters to a kubelet that should run. */
    enum Standing {
      /** It runs, is being started or stopped, or nothing is known of it. */
      UP,
      /** Its process has ended and systemd will start it again. */
      WAITING,
      /** Its process has ended and nobody will start it again. */
      STRANDED,
      /** Somebody stopped it, or it was not started. */
      STOPPED,
      /** systemd has no unit that it could start. */
      UNUSABLE
    }

    boolean known() {
      return !activeState.equals(UNKNOWN.activeState);
    }

    Standing standing() {
      if (subState.equals("auto-restart")) {
        return Standing.WAITING;
      }
      boolean failed = activeState.equals("failed");
      if (!failed && !activeState.equals("inactive")) {
        boolean stopping = activeState.equals("deactivating") && last.result().equals("success");
        return stopping ? Standing.STOPPED : Standing.UP;
      }
      if (!loadState.equals("loaded")) {
        return Standing.UNUSABLE;
      }
      // One that ends with an error becomes "failed"; "inactive" it is when somebody stopped it
      // while it waited for its restart.
      // Past the start limit a restart that somebody asked for ends as a stop.
      boolean refused = last.result().equals("start-limit-hit");
      boolean stopped = (last.asked() && !refused) || (!failed && !last.result().equals("success"));
      boolean forgotten = !failed && last.equals(Ending.NONE);
      return stopped || forgotten ? Standing.STOPPED : Standing.STRANDED;
    }

    /** Whether the main process has ended and was not asked to. */
    public boolean down() {
      return standing() == Standing.WAITING || standing() == Standing.STRANDED;
    }

    /** Whether somebody stopped it. */
    public boolean stopped() {
      return standing() == Standing.STOPPED;
    }

    /** Whether this invocation's process has ended by itself or was made to end. */
    boolean ended() {
      return down() || (stopped() && !last.asked() && !last.equals(Ending.NONE));
    }

    /** How the last main process ended, for people. */
    public String ending() {
      return last.text();
    }
  }
}
