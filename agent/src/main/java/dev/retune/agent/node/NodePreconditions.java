package dev.retune.agent.node;

import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Host;
import dev.retune.kubelet.NodeFacts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a config needs of this node for the kubelet to start with it (AGENT-6). */
public interface NodePreconditions {

  /**
   * What is missing.
   *
   * @param effective the config after defaulting
   */
  List<Complaint> unmet(Map<String, @Nullable Object> effective);

  /** What is known of the machine; what cannot be read of it is left out. */
  NodeFacts facts();

  /** What the node's validation of some fields depends on. */
  Host cgroupVersion();
}
