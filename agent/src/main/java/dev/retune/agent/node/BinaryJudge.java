package dev.retune.agent.node;

import dev.retune.agent.core.Document;
import java.util.List;

/** The node's own kubelet binary as the judge of a document (AGENT-6). */
public interface BinaryJudge {

  /**
   * Starts the binary with the document in a way that makes it decode, default and validate it and
   * then stop, without touching the node; 10 s at most.
   *
   * @param kubeletArguments arguments of the real command line, without the executable
   */
  Answer judge(Document document, List<String> kubeletArguments) throws InterruptedException;

  /** What the binary said. */
  sealed interface Answer {
    record Pass() implements Answer {}

    /** {@code failed to load kubelet config file…}: it cannot be decoded. */
    record CannotLoad(String words) implements Answer {}

    /** {@code failed to validate kubelet configuration…}, or a feature gate it does not take. */
    record CannotValidate(String words) implements Answer {}

    /** Neither: it counts as a pass, with a warning. */
    record None(String why) implements Answer {}
  }
}
