package dev.retune.agent.install;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.core.Layout;
import dev.retune.agent.store.WayBackPlaces;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * The systemd side of the dead man's switch (AGENT-15): a timer that the agent pushes forward, the
 * service that it starts, and the script that the service runs.
 */
public final class WayBackUnits {
  public static final String TIMER = "retune-way-back.timer";
  public static final String SERVICE = "retune-way-back.service";

  /**
   * Where the units can be, this can be: {@code /usr} is read-only on some distributions. It is
   * handed to a shell, so that it needs neither a mount that allows programs nor a security label
   * that does.
   */
  public static final Path SCRIPT = Path.of("/etc/retune/way-back");

  static final Path SCRIPT_DIRECTORY = Path.of("/etc/retune");

  /** The start deadline of AGENT-11, and time for an agent on a busy machine. */
  public static final Duration DEADLINE = Duration.ofSeconds(90);

  /** Where kubelets keep the state files of AGENT-18. */
  public static final Path KUBELET_DIRECTORY = Path.of("/var/lib/kubelet");

  private WayBackUnits() {}

  static String script() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(WayBackUnits.class.getResourceAsStream("way-back"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * {@code Type=simple}, as systemd before 244 starts nothing again that is {@code oneshot}: a
   * script that was killed halfway must go on.
   */
  static String service(AgentOptions options) {
    var places = WayBackPlaces.of(new Layout(options.directory()));
    return """
    # Put here by `retune node install`, taken away by `retune node uninstall`.
    # By hand: systemctl start %s
    [Unit]
    Description=Retune's way back: undoes a kubelet config that nobody vouches for any more
    ConditionPathExists=%s
    RequiresMountsFor=%s
    StartLimitIntervalSec=0

    [Service]
    Environment=RETUNE_KUBELET_UNIT=%s
    Environment=RETUNE_DIRECTORY=%s
    Environment=RETUNE_WAY_BACK=%s
    Environment=RETUNE_RUNTIME=%s
    Environment=RETUNE_KUBELET_DIRECTORY=%s
    ExecStart=/bin/sh %s
    Restart=on-failure
    RestartSec=5
    OOMScoreAdjust=-900
    """
        .formatted(
            SERVICE,
            places.armed(),
            places.directory(),
            options.kubeletUnit(),
            options.directory(),
            places.directory(),
            places.runtime(),
            KUBELET_DIRECTORY,
            SCRIPT);
  }

  /**
   * Counts on the monotonic clock, which nobody can set. It counts at each boot too, from the time
   * at which kubelet and agent may start; without a way back its end does nothing.
   */
  static String timer() {
    return """
    # Put here by `retune node install`, taken away by `retune node uninstall`.
    [Unit]
    Description=Retune's dead man's switch, pushed forward by the agent while a config is on trial
    # Timers are ordered before timers.target by default, and that, on older systems, before the network.
    DefaultDependencies=no
    After=network-online.target
    Conflicts=shutdown.target
    Before=shutdown.target
    # Each push is a start, and systemd would refuse the sixth within ten seconds.
    StartLimitIntervalSec=0

    [Timer]
    OnActiveSec=%ds
    AccuracySec=100ms
    Unit=%s

    [Install]
    WantedBy=multi-user.target
    """
        .formatted(DEADLINE.toSeconds(), SERVICE);
  }
}
