package dev.retune.agent.node;

import dev.retune.agent.core.Observation.Service;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** What runs the kubelet as a service: systemd, or whatever stands in for it. */
public interface ServiceManager {

  /** Restarts the kubelet, also when it is down, and returns when it was started. */
  void restart() throws IOException, InterruptedException;

  /** Stops the kubelet and returns when it has ended; {@link #restart} starts it again. */
  void stop() throws IOException, InterruptedException;

  State state() throws IOException, InterruptedException;

  /** The last lines that the kubelet's last or present start logged, oldest first. */
  List<String> lastLines(int most) throws IOException, InterruptedException;

  /**
   * The unit at one moment.
   *
   * @param mainPid process id of the kubelet; empty when none runs
   */
  record State(Service service, OptionalLong mainPid) {}
}
