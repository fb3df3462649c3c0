package dev.retune.agent.cluster;

import dev.retune.agent.core.Payload;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeKubelet;
import java.util.Optional;

/** What an agent hears from the cluster. Calls come from watch threads and must not block. */
public interface ClusterListener {

  /** The NodeKubelet as it is now; empty when there is none. */
  void nodeKubelet(Optional<NodeKubelet> object);

  /**
   * The ConfigMap that is followed, as it is now.
   *
   * @param reference what was followed, so that late news of an earlier one can be told apart
   */
  void configMap(ConfigMapNodeConfigSource reference, Payload payload);

  /** The API server answered, or did not, when it did the opposite before. */
  void reachable(boolean reachable);
}
