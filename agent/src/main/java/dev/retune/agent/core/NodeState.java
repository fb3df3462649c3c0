package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All that the agent knows about its node and must still know after a power cut.
 *
 * @param assignment the last spec that was seen; holds while the API server is away
 * @param assigned the assignment's source, resolved to one exact version (also when it is refused)
 * @param active what the running kubelet was proven to run
 * @param lastKnownGood what to fall back to
 * @param activation the change of config that is under way
 * @param trial the trial of {@code active}
 * @param refusal why {@code assigned} is not run
 * @param bad contents that failed on this node, newest last (AGENT-14)
 * @param unjudged hash of a content that was undone because nobody judged it, and that is tried
 *     once more (AGENT-15)
 * @param restartCount how often the agent has restarted the kubelet, ever
 * @param acceptedUnder circumstances in which {@code assigned} was accepted by the judge; empty
 *     when it was not; see {@link Observation#circumstances}
 * @param provenVersion version of the kubelet with which {@code active} was proven; empty when none
 *     was
 * @param lost why earlier state could not be read; empty when it could
 */
public record NodeState(
    Optional<Assignment> assignment,
    Optional<Checkpoint> assigned,
    Config active,
    Config lastKnownGood,
    Optional<Activation> activation,
    Optional<Trial> trial,
    Optional<Refusal> refusal,
    List<BadContent> bad,
    Optional<String> unjudged,
    long restartCount,
    String acceptedUnder,
    String provenVersion,
    String lost) {

  /** How many bad contents are remembered. */
  public static final int MOST_BAD_CONTENTS = 50;

  /** A node that Retune has not touched. */
  public static final NodeState UNTOUCHED =
      new NodeState(
          Optional.empty(),
          Optional.empty(),
          new Config.Local(),
          new Config.Local(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          0,
          "",
          "",
          "");

  public NodeState {
    bad = List.copyOf(bad);
  }

  /**
   * A change of config under way: from the decision to the proof.
   *
   * @param target what the kubelet is to run
   * @param cause why
   * @param restartIssued whether the kubelet was told to restart
   * @param bootId boot in which the activation, or its last restart, began
   * @param since when that was, on the boot-time clock: a process that is older is not the one that
   *     is to be proven
   * @param exits how often the kubelet has ended since the restart
   * @param readyBefore whether the Node was Ready before
   */
  public record Activation(
      Config target,
      Cause cause,
      boolean restartIssued,
      String bootId,
      Duration since,
      Exits exits,
      boolean readyBefore) {

    Activation withExits(Exits value) {
      return new Activation(target, cause, restartIssued, bootId, since, value, readyBefore);
    }

    Activation issued(String boot, Duration at, Exits seen) {
      return new Activation(target, cause, true, boot, at, seen, readyBefore);
    }
  }

  /** Why the config changes. */
  public enum Cause {
    /** Somebody assigned it. */
    ASSIGNED,
    /** Somebody removed the assignment. */
    RESET,
    /** The assigned config was refused, and the spec asks for the last known good one then. */
    INVALID,
    /** What ran before failed. */
    ROLLBACK
  }

  /**
   * The trial of the active config.
   *
   * @param startedAt wall-clock time of the proof
   * @param observed how long the kubelet was seen healthy in it (AGENT-12)
   * @param countedTo up to when health is counted in {@code observed}, on the boot-time clock of
   *     {@code bootId}
   * @param savedObserved what {@code observed} was when it was last saved
   * @param exits how often the kubelet has ended since the restart
   * @param readyBefore whether the Node was Ready before the restart
   * @param leaseBefore whether the lease was renewed before it, as far as anybody knows
   * @param ranIn the boot in which a kubelet was last seen to run the config
   */
  public record Trial(
      Instant startedAt,
      Duration observed,
      Duration countedTo,
      String bootId,
      Duration savedObserved,
      Exits exits,
      boolean readyBefore,
      boolean leaseBefore,
      String ranIn) {
    Trial withExits(Exits value) {
      return new Trial(
          startedAt,
          observed,
          countedTo,
          bootId,
          savedObserved,
          value,
          readyBefore,
          leaseBefore,
          ranIn);
    }

    Trial saved() {
      return new Trial(
          startedAt, observed, countedTo, bootId, observed, exits, readyBefore, leaseBefore, ranIn);
    }
  }

  /**
   * Why an assigned content is not run.
   *
   * @param hash of the content
   */
  public record Refusal(String hash, Ruling.Refused ruling) {}

  /**
   * A content that failed on this node.
   *
   * @param hash of the content
   * @param reason one CamelCase word
   * @param message the evidence: how it ended and the kubelet's last lines
   */
  public record BadContent(String hash, String reason, String message, Instant at) {
    /** Stands for the hash of the local config. */
    public static final String LOCAL = "local";
  }

  /** What the kubelet runs or is being brought to run. */
  public Config current() {
    return activation.map(Activation::target).orElse(active);
  }

  /** The checkpoints that must be on disk. */
  public Set<Checkpoint> checkpoints() {
    var all = new LinkedHashSet<Checkpoint>();
    assigned.filter(checkpoint -> !checkpoint.hash().isEmpty()).ifPresent(all::add);
    for (Config config : List.of(active, lastKnownGood, current())) {
      if (config instanceof Checkpoint checkpoint) {
        all.add(checkpoint);
      }
    }
    return all;
  }

  public Optional<BadContent> bad(String hash) {
    return bad.stream().filter(content -> content.hash().equals(hash)).findFirst();
  }

  /** Whether a change of config is under way or on trial: there is something to go back from. */
  public boolean pending() {
    return activation.isPresent() || trial.isPresent();
  }

  /**
   * Where the dead man's switch goes when nobody judges what is pending (AGENT-15): to the last
   * known good config, and from that one to the local config. Empty when there is nowhere to go.
   */
  Optional<Config> wayBack() {
    if (!current().sameContent(lastKnownGood)) {
      return Optional.of(lastKnownGood);
    }
    return current() instanceof Config.Local ? Optional.empty() : Optional.of(new Config.Local());
  }

  NodeState withoutBad(String hash) {
    return with(draft -> draft.bad.removeIf(content -> content.hash().equals(hash)));
  }

  /** This state with one more bad content, and without the oldest when there are too many. */
  NodeState withBad(BadContent content) {
    return with(draft -> {
      draft.bad.removeIf(known -> known.hash().equals(content.hash()));
      draft.bad.add(content);
      while (draft.bad.size() > MOST_BAD_CONTENTS) {
        draft.bad.removeFirst();
      }
    });
  }

  NodeState withAssignment(Optional<Assignment> value) {
    return with(draft -> draft.assignment = value);
  }

  public NodeState withAssigned(Optional<Checkpoint> value) {
    return with(draft -> draft.assigned = value);
  }

  public NodeState withActive(Config value) {
    return with(draft -> draft.active = value);
  }

  NodeState withLastKnownGood(Config value) {
    return with(draft -> draft.lastKnownGood = value);
  }

  NodeState withActivation(Optional<Activation> value) {
    return with(draft -> draft.activation = value);
  }

  NodeState withTrial(Optional<Trial> value) {
    return with(draft -> draft.trial = value);
  }

  NodeState withRefusal(Optional<Refusal> value) {
    return with(draft -> draft.refusal = value);
  }

  NodeState withUnjudged(Optional<String> hash) {
    return with(draft -> draft.unjudged = hash);
  }

  NodeState withRestartCount(long value) {
    return with(draft -> draft.restartCount = value);
  }

  NodeState withAcceptedUnder(String circumstances) {
    return with(draft -> draft.acceptedUnder = circumstances);
  }

  NodeState withProvenVersion(String version) {
    return with(draft -> draft.provenVersion = version);
  }

  public NodeState withLost(String value) {
    return with(draft -> draft.lost = value);
  }

  private NodeState with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.state();
  }

  /** A state while some of its parts are replaced. */
  private static final class Draft {
    Optional<Assignment> assignment;
    Optional<Checkpoint> assigned;
    Config active;
    Config lastKnownGood;
    Optional<Activation> activation;
    Optional<Trial> trial;
    Optional<Refusal> refusal;
    List<BadContent> bad;
    Optional<String> unjudged;
    long restartCount;
    String acceptedUnder;
    String provenVersion;
    String lost;

    Draft(NodeState state) {
      assignment = state.assignment;
      assigned = state.assigned;
      active = state.active;
      lastKnownGood = state.lastKnownGood;
      activation = state.activation;
      trial = state.trial;
      refusal = state.refusal;
      bad = new ArrayList<>(state.bad);
      unjudged = state.unjudged;
      restartCount = state.restartCount;
      acceptedUnder = state.acceptedUnder;
      provenVersion = state.provenVersion;
      lost = state.lost;
    }

    NodeState state() {
      return new NodeState(
          assignment,
          assigned,
          active,
          lastKnownGood,
          activation,
          trial,
          refusal,
          bad,
          unjudged,
          restartCount,
          acceptedUnder,
          provenVersion,
          lost);
    }
  }
}
