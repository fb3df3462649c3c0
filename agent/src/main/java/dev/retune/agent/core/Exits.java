package dev.retune.agent.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the kubelet has ended with one config and who else had a hand in it, gathered from one look
 * at its unit after the other (AGENT-13). A single look cannot tell: between two crashes a unit is
 * {@code active/running}, and NRestarts goes back to nought when somebody restarts the unit or the
 * machine (systemd 252).
 *
 * @param own ends that the kubelet brought about by itself
 * @param outside ends by a signal from outside or for want of memory: one is forgiven, two are not
 * @param restartedByOthers restarts that neither the agent nor systemd by itself asked for
 * @param how the last end that counts, for people; empty while there is none
 * @param changed what else has changed since the first look, for people; empty: nothing
 * @param last the last look; empty before the first
 */
public record Exits(
    long own,
    long outside,
    long restartedByOthers,
    String how,
    String changed,
    Optional<Look> last) {

  /** So many ends from outside are a pattern, and are held against the config. */
  private static final long PATTERN = 2;

  /** Nothing seen since the restart. */
  static final Exits NONE = new Exits(0, 0, 0, "", "", Optional.empty());

  /**
   * What later looks are compared with.
   *
   * @param invocation InvocationID
   * @param restarts NRestarts when this invocation was first seen
   * @param ended whether this invocation's process had ended; that end is counted already
   * @param since when that was first seen, or the agent restarted the unit, on the boot-time clock
   * @param restart what is known of the restart that the agent asked for after this look
   * @param version of the kubelet binary; empty when it did not tell
   * @param definition of the unit
   */
  public record Look(
      String invocation,
      long restarts,
      boolean ended,
      Duration since,
      Restart restart,
      String version,
      String definition) {

    static final Look NONE = new Look("", 0, false, Duration.ZERO, Restart.NONE, "", "");

    Look beforeRestart(Duration now) {
      return new Look(invocation, restarts, ended, now, Restart.ISSUED, version, definition);
    }
  }

  /** A restart by the agent, as the unit shows it. */
  public enum Restart {
    /** None was asked for, or it has been seen. */
    NONE,
    ISSUED,
    /** The unit was looked at since, and nothing has begun. */
    REFUSED
  }

  /** How many ends are held against the config. */
  public long failed() {
    return own + (outside >= PATTERN ? outside : 0);
  }

  /**
   * These exits after one more look.
   *
   * @param proven whether the kubelet was proven to run: one that exits without an error later was
   *     asked to by SIGTERM, one that does before has not become a kubelet at all
   */
  Exits seen(Observation seen, boolean proven) {
    var service = seen.kubelet().service();
    if (!service.known()) {
      return this;
    }
    if (last.isEmpty()) {
      var first = looked(seen, service.restarts(), Restart.NONE);
      return service.ended() ? first.count(service.last(), proven) : first;
    }
    var known = last.get();
    if (service.invocation().isEmpty() || service.invocation().equals(known.invocation())) {
      boolean fresh = service.ended() && !known.ended();
      // NRestarts may be raised while the unit still waits, for a start that is yet to come.
      var same = looked(seen, known.restarts(), lookedAt(known.restart()));
      return fresh ? same.count(service.last(), proven) : same;
    }
    long automatic = service.restarts() - known.restarts();
    // What somebody starts has no restarts yet.
    boolean bySomebody =
        automatic < 0 || (automatic == 0 && !known.ended()) || known.restart() == Restart.ISSUED;
    long unseen = bySomebody ? service.restarts() : automatic - (known.ended() ? 1 : 0);
    if (known.invocation().isEmpty()) {
      // Nobody knows what ran before, so some of these may be of that.
      unseen = 0;
    }
    // What is found stopped right after a restart was stopped by it, and not started again.
    boolean begun = known.restart() == Restart.NONE || !service.last().asked();
    var next = looked(seen, service.restarts(), begun ? Restart.NONE : Restart.REFUSED);
    for (long i = 0; i < unseen; i++) {
      next = next.count(i == 0 ? service.before().orElse(Ending.UNKNOWN) : Ending.UNKNOWN, proven);
    }
    if (bySomebody && known.restart() == Restart.NONE) {
      next = next.restartedByAnother();
    }
    return service.ended() ? next.count(service.last(), proven) : next;
  }

  private static Restart lookedAt(Restart restart) {
    return restart == Restart.ISSUED ? Restart.REFUSED : restart;
  }

  /** These exits after a look that only sets what later looks are compared with: a new boot. */
  Exits notCounting(Observation seen) {
    var service = seen.kubelet().service();
    return service.known() ? looked(seen, service.restarts(), Restart.NONE) : this;
  }

  /** These exits when the agent restarts the kubelet now. */
  Exits beforeRestart(Observation seen) {
    var now = seen.now().sinceBoot();
    return new Exits(
        own,
        outside,
        restartedByOthers,
        how,
        changed,
        Optional.of(notCounting(seen).last.orElse(Look.NONE).beforeRestart(now)));
  }

  private Exits count(Ending ending, boolean proven) {
    return switch (ending.doing()) {
      case KUBELET -> new Exits(own + 1, outside, restartedByOthers, ending.text(), changed, last);
      case CLEAN_EXIT ->
          proven
              ? new Exits(own, outside + 1, restartedByOthers, ending.text(), changed, last)
              : new Exits(own + 1, outside, restartedByOthers, ending.text(), changed, last);
      case OUTSIDE -> new Exits(own, outside + 1, restartedByOthers, ending.text(), changed, last);
      case ASKED, NOT_STARTED -> this;
    };
  }

  private Exits restartedByAnother() {
    return new Exits(own, outside, restartedByOthers + 1, how, changed, last);
  }

  private Exits looked(Observation seen, long restarts, Restart restart) {
    var service = seen.kubelet().service();
    var version = seen.kubelet().version();
    var known = last.orElse(Look.NONE);
    var invocation = service.invocation().isEmpty() ? known.invocation() : service.invocation();
    boolean same =
        last.isPresent()
            && invocation.equals(known.invocation())
            && service.ended() == known.ended();
    var look =
        new Look(
            invocation,
            restarts,
            service.ended(),
            same ? known.since() : seen.now().sinceBoot(),
            restart,
            version.isEmpty() ? known.version() : version,
            service.definition().isEmpty() ? known.definition() : service.definition());
    return new Exits(
        own, outside, restartedByOthers, how, changedSince(known, look), Optional.of(look));
  }

  private String changedSince(Look known, Look now) {
    var news = new ArrayList<String>();
    if (!changed.isEmpty()) {
      news.add(changed);
    }
    if (!known.version().isEmpty() && !known.version().equals(now.version())) {
      news.add("the kubelet binary " + known.version() + " became " + now.version());
    }
    if (!known.definition().isEmpty() && !known.definition().equals(now.definition())) {
      news.add("the command or environment of the kubelet's unit was changed");
    }
    return String.join(", ", news);
  }

  /** How it ended last, and what else happened that may be why, for people. */
  String evidence() {
    var also = new ArrayList<String>();
    if (own > 0 && outside == 1) {
      also.add("not counted: one end from outside");
    }
    if (restartedByOthers > 0) {
      also.add("somebody else restarted it " + times(restartedByOthers) + ", which does not count");
    }
    if (!changed.isEmpty()) {
      also.add("meanwhile " + changed + ", which may be why");
    }
    String ending = how.isEmpty() ? "" : " (" + how + ")";
    return ending + listed(also);
  }

  private static String times(long count) {
    return count == 1 ? "once" : count + " times";
  }

  private static String listed(List<String> also) {
    return also.isEmpty() ? "" : "; " + String.join("; ", also);
  }
}
