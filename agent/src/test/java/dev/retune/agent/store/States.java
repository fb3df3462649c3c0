package dev.retune.agent.store;

import dev.retune.agent.core.Assignment;
import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.Exits;
import dev.retune.agent.core.NodeState;
import dev.retune.agent.core.NodeState.Activation;
import dev.retune.agent.core.NodeState.BadContent;
import dev.retune.agent.core.NodeState.Cause;
import dev.retune.agent.core.NodeState.Refusal;
import dev.retune.agent.core.NodeState.Trial;
import dev.retune.agent.core.Ruling;
import dev.retune.api.Composition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.OnInvalid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** States, documents and checkpoints to write and read. */
final class States {

  static final Document ONE = Document.of("kind: KubeletConfiguration\nmaxPods: 1\n");
  static final Document TWO = Document.of("kind: KubeletConfiguration\nmaxPods: 2\n");

  private States() {}

  static Checkpoint checkpoint(String uid, String version, Document document) {
    return new Checkpoint(
        new ConfigMapNodeConfigSource("kube-system", "c-" + uid, uid, version, "kubelet"),
        document.hash());
  }

  static NodeState running(Config active, Config lastKnownGood, Optional<Checkpoint> assigned) {
    return new NodeState(
        Optional.empty(),
        assigned,
        active,
        lastKnownGood,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        0,
        "",
        "",
        "");
  }

  /** A state in which nothing is empty. */
  static NodeState full() {
    Checkpoint one = checkpoint("uid-1", "11", ONE);
    Checkpoint two = checkpoint("uid-2", "22", TWO);
    Refusal refusal =
        new Refusal(
            "abc",
            new Ruling.Refused(Ruling.Stage.VALIDATE, "InvalidValue", "maxPods: -5\n\"no\""));
    return new NodeState(
        Optional.of(
            new Assignment(
                Optional.of(two.source().unresolved()),
                true,
                Composition.Replace,
                Duration.ofMinutes(10),
                OnInvalid.LastKnownGood,
                7,
                "2026-03-01T00:00:00Z")),
        Optional.of(two),
        one,
        new Config.Local(),
        Optional.of(
            new Activation(
                two,
                Cause.ROLLBACK,
                true,
                "boot-1",
                Duration.ofMillis(123_456),
                new Exits(
                    0,
                    1,
                    2,
                    "signal 9",
                    "the kubelet binary v1.36.1 became v1.36.2",
                    Optional.of(
                        new Exits.Look(
                            "5ad605c6",
                            3,
                            false,
                            Duration.ofSeconds(70),
                            Exits.Restart.REFUSED,
                            "v1.36.2",
                            "usr/bin/kubelet $KUBELET_CONFIG_ARGS"))),
                true)),
        Optional.of(
            new Trial(
                Instant.parse("2026-01-02T03:04:05.678Z"),
                Duration.ofSeconds(61),
                Duration.ofSeconds(99),
                "boot-1",
                Duration.ofSeconds(60),
                new Exits(1, 0, 0, "exit status 1", "", Optional.empty()),
                true,
                false,
                "boot-0")),
        Optional.of(refusal),
        List.of(new BadContent("def", "CrashLoop", "exit status 1: ü", Instant.EPOCH)),
        Optional.of("fed"),
        42,
        "circumstances",
        "v1.36.2",
        "once");
  }
}
