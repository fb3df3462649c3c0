package dev.retune.agent.node;

import dev.retune.agent.core.WayBack;
import dev.retune.agent.store.WayBackFiles;
import dev.retune.agent.store.WayBackPlaces;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A systemd timer that starts a shell script (AGENT-15). Both are put on the node by {@code retune
 * node install}; this class writes what the script needs, and starts and stops the timer.
 *
 * <p>The timer runs before the way back is there, and is stopped after it is gone, so there is no
 * moment in which an agent that is killed leaves a way back that nothing starts.
 */
public final class SystemdDeadMansSwitch implements DeadMansSwitch {
  private static final String TIMER = "retune-way-back.timer";
  private static final String SERVICE = "retune-way-back.service";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** The script stops and starts a kubelet, and systemd gives a stop 90 s before it kills. */
  private static final Duration PULL_LIMIT = Duration.ofMinutes(2);

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Path script;
  private final WayBackFiles files;

  /**
   * A switch on this machine.
   *
   * @param script where the script was installed
   */
  public SystemdDeadMansSwitch(WayBackPlaces places, Path script) {
    this.script = script;
    this.files = new WayBackFiles(places);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The same way back armed again does not start the clock anew: an agent that can restart the
   * kubelet but not write that it did would do so for ever.
   */
  @Override
  public void arm(WayBack wayBack) throws IOException, InterruptedException {
    requireScript();
    boolean counting = files.isArmed(wayBack) && taken().isEmpty();
    systemctl(counting ? "start" : "restart", TIMER);
    requireRest();
    files.arm(wayBack);
  }

  private void requireScript() throws IOException {
    String understood = "\nformat=" + WayBackFiles.FORMAT + "\n";
    if (!Files.isRegularFile(script) || !Files.readString(script).contains(understood)) {
      throw new IOException(
          "the dead man's switch "
              + script
              + " is missing or not of this version of Retune; run retune node install");
    }
  }

  /** Takes systemd about 15 ms. */
  @Override
  public void push() throws IOException, InterruptedException {
    systemctl("restart", TIMER);
  }

  @Override
  public void pull() throws IOException, InterruptedException {
    if (!armed()) {
      throw new IOException("the dead man's switch is not armed: there is nothing to go back to");
    }
    systemctl("start", SERVICE);
    long deadline = System.nanoTime() + PULL_LIMIT.toNanos();
    while (taken().isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "the way back was not gone within "
                + PULL_LIMIT.toSeconds()
                + " s; see journalctl --unit="
                + SERVICE);
      }
      Thread.sleep(LOOK_EVERY);
    }
  }

  @Override
  public void disarm() throws IOException, InterruptedException {
    push();
    requireRest();
    files.disarm();
    systemctl("stop", TIMER);
  }

  /**
   * The files may be changed only while the script does not use them. It cannot be started by the
   * timer, which was pushed forward just now. One that has noted what it did, and only tries on to
   * start a kubelet that does not start, is stopped.
   *
   * @throws IOException when the way back is being gone: {@link #taken} will tell of it
   */
  private void requireRest() throws IOException, InterruptedException {
    // Its exit code is not 0 for a unit that is not active.
    var outcome = Commands.run(List.of("systemctl", "is-active", SERVICE), LIMIT);
    if (!List.of("active", "activating", "deactivating").contains(outcome.output().strip())) {
      return;
    }
    if (taken().isEmpty()) {
      throw new IOException(
          "the dead man's switch is undoing an activation right now; what it did is known next");
    }
    systemctl("stop", SERVICE);
  }

  @Override
  public boolean armed() {
    return files.armed();
  }

  @Override
  public Optional<Taken> taken() {
    return files.taken().map(SystemdDeadMansSwitch::taken);
  }

  /** On a full disk the note is what was armed, which says the same by another word. */
  private static Taken taken(Map<String, String> note) {
    return new Taken(
        note.getOrDefault("undone", note.getOrDefault("undoes", "")),
        note.getOrDefault("boot", ""),
        seconds(note.getOrDefault("since-boot", "")),
        note.getOrDefault("evidence", ""));
  }

  /** As {@code /proc/uptime} has them: with hundredths. */
  private static Duration seconds(String text) {
    try {
      return Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValue());
    } catch (NumberFormatException unknown) {
      return Duration.ZERO;
    }
  }

  private static void systemctl(String verb, String unit) throws IOException, InterruptedException {
    var outcome = Commands.run(List.of("systemctl", verb, unit), LIMIT);
    if (outcome.exitCode() != 0) {
      throw new IOException(
          "systemctl "
              + verb
              + " "
              + unit
              + " failed: "
              + outcome.output().strip()
              + "; if the unit is not there, run retune node install");
    }
  }
}
