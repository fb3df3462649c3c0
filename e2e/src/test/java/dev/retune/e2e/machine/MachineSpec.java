package dev.retune.e2e.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link Machine} is made of.
 *
 * @param hostname its host name, and with it its node's name
 * @param mounts directories and files of the host that it sees
 * @param realKubelet whether it carries containerd and the rights a real kubelet needs
 */
public record MachineSpec(String hostname, List<Mount> mounts, boolean realKubelet) {

  /** A directory or file of the host at {@code inside} of the machine. */
  public record Mount(Path host, String inside, boolean writable) {}

  public MachineSpec {
    mounts = List.copyOf(mounts);
  }

  /** A machine with systemd and nothing else. */
  public static MachineSpec named(String hostname) {
    return new MachineSpec(hostname, List.of(), false);
  }

  /** Adds something of the host that the machine may read. */
  public MachineSpec withReadOnly(Path host, String inside) {
    List<Mount> more = new ArrayList<>(mounts);
    more.add(new Mount(host, inside, false));
    return new MachineSpec(hostname, more, realKubelet);
  }

  /** The same machine, able to run a real kubelet. */
  public MachineSpec withRealKubelet() {
    return new MachineSpec(hostname, mounts, true);
  }
}
