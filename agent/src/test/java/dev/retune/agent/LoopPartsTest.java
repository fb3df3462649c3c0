package dev.retune.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.retune.agent.core.Document;
import dev.retune.agent.core.Effect.Announce;
import dev.retune.agent.core.Effect.EventType;
import dev.retune.agent.core.Moment;
import dev.retune.agent.core.Observation.Judged;
import dev.retune.agent.core.Payload;
import dev.retune.agent.core.Ruling;
import dev.retune.agent.core.Vitals.InCluster;
import dev.retune.agent.node.BinaryJudge;
import dev.retune.agent.node.DocumentJudge;
import dev.retune.agent.node.KubeletProcess;
import dev.retune.agent.node.NodePreconditions;
import dev.retune.agent.node.NodeProbe;
import dev.retune.agent.node.Surroundings;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubelet;
import dev.retune.api.NodeKubeletSpec;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.Phase;
import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Host;
import dev.retune.kubelet.NodeFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The threads around the core. */
class LoopPartsTest {
  private static final ConfigMapNodeConfigSource A =
      ConfigMapNodeConfigSource.reference("kube-system", "a", "kubelet");
  private static final ConfigMapNodeConfigSource B =
      ConfigMapNodeConfigSource.reference("kube-system", "b", "kubelet");
  private static final Payload FOUND =
      new Payload.Found("uid", "1", Optional.of(Document.of("kind: KubeletConfiguration\n")));

  private final Mailbox mailbox = new Mailbox();
  private final InMemoryControlPlane controlPlane = new InMemoryControlPlane();

  private static NodeKubelet object(String uid, NodeKubeletStatus status) {
    var spec = NodeKubeletSpec.LOCAL;
    return new NodeKubelet(
        "n1",
        uid,
        "7",
        "",
        3,
        new NodeKubeletSpec(
            Optional.of(NodeConfigSource.of(A)),
            spec.composition(),
            spec.trialDuration(),
            spec.onInvalid()),
        status);
  }

  private static NodeKubeletStatus status(Phase phase, long restarts) {
    var none = NodeKubeletStatus.UNKNOWN;
    return new NodeKubeletStatus(
        none.config(),
        Optional.of(phase),
        Optional.empty(),
        "",
        "",
        Optional.empty(),
        restarts,
        0,
        none.fields(),
        List.of());
  }

  @Nested
  class TheMailbox {
    @Test
    @DisplayName("AGENT-1 news that came before the wait ends it at once, and only once")
    void earlyNews() throws Exception {
      mailbox.reachable(true);
      mailbox.reachable(false);
      long start = System.nanoTime();
      mailbox.await(Duration.ofMinutes(5));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      start = System.nanoTime();
      mailbox.await(Duration.ofMillis(20));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofMillis(19));
    }

    @Test
    @DisplayName("AGENT-1 news of a ConfigMap that is not asked for any more is no news")
    void lateNews() {
      mailbox.following(Optional.of(A));
      mailbox.configMap(A, FOUND);
      assertThat(mailbox.payload(Optional.of(A))).isEqualTo(FOUND);
      assertThat(mailbox.payload(Optional.of(B))).isEqualTo(new Payload.Pending());
      assertThat(mailbox.payload(Optional.empty())).isEqualTo(new Payload.Pending());

      mailbox.following(Optional.of(B));
      mailbox.configMap(A, FOUND);
      assertThat(mailbox.payload(Optional.of(B))).isEqualTo(new Payload.Pending());
      mailbox.following(Optional.of(A));
      assertThat(mailbox.payload(Optional.of(A))).isEqualTo(new Payload.Pending());
    }

    @Test
    @DisplayName("AGENT-3 what was heard of a ConfigMap holds while the API server does not answer")
    void silence() {
      mailbox.following(Optional.of(A));
      mailbox.configMap(A, FOUND);
      mailbox.configMap(A, new Payload.Unavailable("connection refused", false));
      assertThat(mailbox.payload(Optional.of(A))).isEqualTo(FOUND);
      var gone = new Payload.Unavailable("ConfigMap kube-system/a does not exist", true);
      mailbox.configMap(A, gone);
      assertThat(mailbox.payload(Optional.of(A))).isEqualTo(gone);
      var silent = new Payload.Unavailable("connection refused", false);
      mailbox.following(Optional.of(B));
      mailbox.configMap(B, silent);
      assertThat(mailbox.payload(Optional.of(B))).isEqualTo(silent);
    }

    @Test
    @DisplayName("AGENT-2 a NodeKubelet that is gone does not take its assignment along")
    void deleted() {
      mailbox.nodeKubelet(Optional.of(object("uid-1", NodeKubeletStatus.UNKNOWN)));
      mailbox.nodeKubelet(Optional.empty());
      assertThat(mailbox.nodeKubelet()).isEmpty();
      assertThat(mailbox.assignment().orElseThrow().source()).contains(A);
      assertThat(mailbox.assignment().orElseThrow().generation()).isEqualTo(3);
    }
  }

  @Nested
  class TheReporter {
    private final List<NodeKubeletStatus> published =
        Collections.synchronizedList(new ArrayList<>());

    @Test
    @DisplayName(
        "bug 7: AGENT-2 a report that failed is tried again until it, or a later one, is taken")
    void retries() {
      controlPlane.refuse(2);
      try (var reporter = new Reporter(controlPlane, mailbox, published::add)) {
        mailbox.nodeKubelet(Optional.of(object("uid-1", NodeKubeletStatus.UNKNOWN)));
        reporter.report(last -> status(Phase.Syncing, 0));
        await().until(() -> controlPlane.refusalsLeft() == 0);
        reporter.report(last -> status(Phase.Trial, 1));
        await().until(() -> controlPlane.reports().contains(status(Phase.Trial, 1)));
        assertThat(controlPlane.reports().getLast()).isEqualTo(status(Phase.Trial, 1));
        assertThat(published).containsExactly(status(Phase.Syncing, 0), status(Phase.Trial, 1));
      }
    }

    @Test
    @DisplayName("AGENT-11 the same status is written once; a new object is told again")
    void oncePerObject() {
      try (var reporter = new Reporter(controlPlane, mailbox, published::add)) {
        mailbox.nodeKubelet(Optional.of(object("uid-1", NodeKubeletStatus.UNKNOWN)));
        reporter.report(last -> status(Phase.Good, 1));
        await().until(() -> controlPlane.reports().size() == 1);
        reporter.report(last -> status(Phase.Good, 1));
        reporter.retryNow();
        mailbox.nodeKubelet(Optional.of(object("uid-2", NodeKubeletStatus.UNKNOWN)));
        reporter.report(last -> status(Phase.Good, 1));
        await().until(() -> controlPlane.reports().size() == 2);
        reporter.report(last -> status(Phase.Local, 2));
        await().until(() -> controlPlane.reports().size() == 3);
        assertThat(controlPlane.reports())
            .containsExactly(status(Phase.Good, 1), status(Phase.Good, 1), status(Phase.Local, 2));
      }
    }

    @Test
    @DisplayName("AGENT-2 an agent that was just started goes on from what the cluster has")
    void goesOn() {
      try (var reporter = new Reporter(controlPlane, mailbox, published::add)) {
        var seen = new ArrayList<NodeKubeletStatus>();
        reporter.report(last -> remember(last, seen, status(Phase.Good, 1)));
        mailbox.nodeKubelet(Optional.of(object("uid-1", status(Phase.Trial, 1))));
        reporter.report(last -> remember(last, seen, status(Phase.Good, 1)));
        reporter.report(last -> remember(last, seen, status(Phase.Good, 1)));
        assertThat(seen)
            .containsExactly(
                NodeKubeletStatus.UNKNOWN, status(Phase.Trial, 1), status(Phase.Good, 1));
      }
    }

    private static NodeKubeletStatus remember(
        NodeKubeletStatus last, List<NodeKubeletStatus> seen, NodeKubeletStatus next) {
      seen.add(last);
      return next;
    }
  }

  @Nested
  class TheJudgeDesk {
    private final AtomicInteger asked = new AtomicInteger();

    private JudgeDesk desk(BinaryJudge binary) {
      return new JudgeDesk(new DocumentJudge(new Probe(), binary, new AnyNode()), mailbox);
    }

    private BinaryJudge.Answer pass() {
      asked.incrementAndGet();
      return new BinaryJudge.Answer.Pass();
    }

    @Test
    @DisplayName("AGENT-6 a document is judged once, and again after another one was")
    void once() {
      var one =
          Document.of("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n");
      var two = Document.of(one.text() + "maxPods: 20\n");
      try (var desk = desk((document, arguments) -> pass())) {
        assertThat(desk.ask(one, "here", Surroundings.NONE)).isTrue();
        assertThat(desk.ask(one, "here", Surroundings.NONE)).isFalse();
        answered(one);
        assertThat(desk.ask(one, "here", Surroundings.NONE)).isFalse();
        assertThat(desk.ask(two, "here", Surroundings.NONE)).isTrue();
        answered(two);
        assertThat(desk.ask(one, "here", Surroundings.NONE)).isTrue();
        answered(one);
        assertThat(asked).hasValue(3);
      }
    }

    @Test
    @DisplayName("AGENT-6 a judge that breaks refuses, so that nothing waits for ever")
    void broken() {
      var one =
          Document.of("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n");
      try (var desk =
          desk((document, arguments) -> {
            throw new IllegalStateException("on purpose");
          })) {
        desk.ask(one, "here", Surroundings.NONE);
        answered(one);
        assertThat(mailbox.ruling().map(Judged::ruling))
            .hasValueSatisfying(ruling ->
                assertThat(ruling)
                    .isInstanceOfSatisfying(
                        Ruling.Refused.class,
                        refused -> assertThat(refused.message()).contains("on purpose")));
      }
    }

    private void answered(Document document) {
      await()
          .until(() ->
              mailbox.ruling().filter(last -> last.hash().equals(document.hash())).isPresent());
    }
  }

  /** A node whose kubelet is of version 1.36. */
  private static final class Probe implements NodeProbe {
    @Override
    public Moment now() {
      return new Moment(Instant.EPOCH, Duration.ZERO, "boot");
    }

    @Override
    public Optional<KubeletProcess> process(long pid) {
      return Optional.empty();
    }

    @Override
    public boolean healthy() {
      return false;
    }

    @Override
    public String kubeletVersion() {
      return "Kubernetes v1.36.2";
    }
  }

  /** A node that has what any document needs. */
  private record AnyNode() implements NodePreconditions {
    @Override
    public List<Complaint> unmet(Map<String, @Nullable Object> effective) {
      return List.of();
    }

    @Override
    public NodeFacts facts() {
      return NodeFacts.UNKNOWN;
    }

    @Override
    public Host cgroupVersion() {
      return Host.CGROUP_V2;
    }
  }

  @Nested
  class TheAnnouncer {
    private final Announce event = new Announce(EventType.Normal, "Reason", "message");

    @Test
    @DisplayName(
        "bug 37: AGENT-10 an API server that hangs delays an Event by its limit and no more")
    void hanging() throws Exception {
      var answer = new CountDownLatch(1);
      controlPlane.hang(answer);
      try (var announcer = new Announcer(controlPlane)) {
        long start = System.nanoTime();
        announcer.announce(event, Duration.ofMillis(50));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(controlPlane.events()).isEmpty();
        answer.countDown();
        await().until(() -> controlPlane.events().equals(List.of(event)));
      }
    }
  }

  @Nested
  class TheClusterEyes {
    @Test
    @DisplayName("AGENT-11 AGENT-13 the lease is read while a kubelet starts, and when asked once")
    void looks() {
      try (var eyes = new ClusterEyes(controlPlane, mailbox)) {
        assertThat(mailbox.inCluster()).isEqualTo(InCluster.UNREACHABLE);
        eyes.lookOnce();
        var seen = new InCluster(true, Optional.of(true), controlPlane.lease());
        await().until(() -> mailbox.inCluster().equals(seen));
        mailbox.inCluster(InCluster.UNREACHABLE);
        eyes.pace(true, false);
        await().until(() -> mailbox.inCluster().equals(seen));
        assertThat(eyes.reachable()).isTrue();
      }
    }
  }
}
