package dev.retune.agent.cluster;

import dev.retune.agent.core.Effect.Announce;
import dev.retune.agent.core.Vitals.Lease;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeKubeletStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The API server as one node's agent uses it, with the node's own identity (SEC-1). */
public interface ControlPlane extends AutoCloseable {

  /** Starts to watch this node's NodeKubelet; the listener is called from watch threads. */
  void start(ClusterListener listener);

  /**
   * Watches this ConfigMap, and no other one any more; empty: none. Calling it again with the same
   * one changes nothing.
   */
  void follow(Optional<ConfigMapNodeConfigSource> configMap);

  /**
   * Writes the status of this node's NodeKubelet, with a retry on a conflict; nothing happens when
   * there is no such object.
   */
  void report(NodeKubeletStatus status) throws IOException;

  /** Writes an Event on the Node; gives up after {@code limit}. */
  void announce(Announce event, Duration limit) throws IOException;

  /** The node's Lease; empty when there is none, or it was never renewed. */
  Optional<Lease> lease() throws IOException;

  /** Whether the Node is Ready; empty when there is no such Node. */
  Optional<Boolean> nodeReady() throws IOException;

  @Override
  void close();
}
