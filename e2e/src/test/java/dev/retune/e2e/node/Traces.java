package dev.retune.e2e.node;

import dev.retune.kube.Json;
import dev.retune.kube.JsonFormatException;
import dev.retune.kube.Tree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * What an activation has left on a node's disk so far, seen from outside.
 *
 * @param state the agent's memory
 * @param environment the file that tells the kubelet what to run; empty when there is none
 */
record Traces(KubeadmNode node, Map<String, @Nullable Object> state, String environment) {
  private static final String STATE = "/var/lib/retune/store/meta/state";
  private static final String ENVIRONMENT = "/var/lib/retune/kubelet.env";

  static Traces of(KubeadmNode node) {
    try {
      var machine = node.machine();
      return new Traces(
          node,
          machine.exists(STATE)
              ? Json.parseObject(machine.read(STATE).getBytes(StandardCharsets.UTF_8))
              : Map.of(),
          machine.exists(ENVIRONMENT) ? machine.read(ENVIRONMENT) : "");
    } catch (JsonFormatException torn) {
      throw new AssertionError("the agent's state is never torn", torn);
    }
  }

  /** Waits until the traces on the node are as wanted; looks every millisecond. */
  void await(String what, Predicate<Traces> wanted) {
    Awaitility.await(what)
        .pollInterval(Duration.ofMillis(1))
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(60))
        .until(() -> wanted.test(of(node)));
  }

  /** SHA-256 of the assigned document. */
  String assigned() {
    return Tree.string(state, "assigned", "sha256").orElse("");
  }

  /** Whether an activation is under way. */
  boolean decided() {
    return state.containsKey("activation");
  }

  /** Whether the restart of an activation was done. */
  boolean issued() {
    return Tree.bool(state, "activation", "restartIssued").orElse(false);
  }

  /** Whether neither an activation nor a trial is under way. */
  boolean settled() {
    return !decided() && !state.containsKey("trial");
  }

  long restarts() {
    return Tree.longValue(state, "restartCount").orElse(0);
  }
}
