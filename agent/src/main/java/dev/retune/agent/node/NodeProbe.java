package dev.retune.agent.node;

import dev.retune.agent.core.Moment;
import java.io.IOException;
import java.util.Optional;

/** Eyes on the node: clocks, the kubelet's process, its health endpoint, its binary. */
public interface NodeProbe {

  Moment now();

  /** The process; empty when it does not exist (any more). */
  Optional<KubeletProcess> process(long pid);

  /** Whether the kubelet's {@code healthz} answers 200 and {@code ok}, within a second. */
  boolean healthy();

  /**
   * The version that the kubelet binary tells of itself, for example {@code v1.36.2} (KUBELET-2);
   * asked again when the file has changed.
   *
   * @throws IOException when the binary cannot be run
   */
  String kubeletVersion() throws IOException, InterruptedException;
}
