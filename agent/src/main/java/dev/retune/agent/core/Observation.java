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
   * @param activeState {@code active}, {@code activating}, {@code failed}, …
   * @param subState {@code running}, {@code auto-restart}, {@code dead}, …
   * @param result {@code success}, {@code exit-code}, {@code signal}, {@code oom-kill}, …
   * @param exitStatus ExecMainStatus: exit code or signal of the last main process that ended
   * @param restarts NRestarts: automatic restarts since the unit was last started by somebody
   */
  public record Service(
      String activeState, String subState, String result, int exitStatus, long restarts) {

    /** What is seen of a unit that could not be read, ever. */
    public static final Service UNKNOWN = new Service("unknown", "unknown", "success", 0, 0);

    boolean known() {
      return !activeState.equals(UNKNOWN.activeState);
    }

    /** Whether the last main process was killed for want of memory. */
    boolean killedForMemory() {
      return result.equals("oom-kill");
    }

    /** Whether the main process has ended and was not asked to. */
    public boolean down() {
      return subState.equals("auto-restart")
          || activeState.equals("failed")
          || (activeState.equals("inactive") && !result.equals("success"));
    }

    /** Whether somebody stopped it. */
    public boolean stopped() {
      return (activeState.equals("inactive") || activeState.equals("deactivating"))
          && result.equals("success");
    }

    /** How the last main process ended, for people. */
    public String ending() {
      return switch (result) {
        case "exit-code" -> "exit status " + exitStatus;
        case "signal" -> "signal " + exitStatus;
        case "core-dump" -> "signal " + exitStatus + ", core dumped";
        case "oom-kill" -> "killed by the kernel for want of memory";
        case "success" -> "exit status 0";
        default -> result + ", status " + exitStatus;
      };
    }
  }
}
