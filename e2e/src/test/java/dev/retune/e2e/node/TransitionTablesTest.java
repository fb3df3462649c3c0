package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.OnInvalid;
import dev.retune.e2e.machine.NeedsMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tables of the original feature's end-to-end test: every pair of kinds of config, in both
 * directions, by each way to change one. Each step checks the status, the config that the kubelet
 * serves, the metrics and the Events.
 */
@NeedsMachine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransitionTablesTest {
  /** A walk over all kinds that takes each of the twelve ordered pairs once. */
  private static final List<Kind> WALK =
      List.of(
          Kind.LOCAL,
          Kind.CORRECT,
          Kind.LOCAL,
          Kind.UNPARSABLE,
          Kind.LOCAL,
          Kind.INVALID,
          Kind.CORRECT,
          Kind.UNPARSABLE,
          Kind.CORRECT,
          Kind.INVALID,
          Kind.UNPARSABLE,
          Kind.INVALID,
          Kind.LOCAL);

  private static final Duration LONG_TRIAL = Duration.ofMinutes(10);

  private NodeFixture fixture;
  private Admin admin;
  private KubeadmNode node;

  /** How the content of the assignment is changed. */
  enum Way {
    REFERENCE,
    IN_PLACE,
    RECREATED
  }

  @BeforeAll
  void boot(@TempDir Path directory) throws Exception {
    fixture = NodeFixture.boot(directory, "tables");
    admin = fixture.admin();
    node = fixture.node();
  }

  @AfterAll
  void shutDown() {
    fixture.close();
  }

  @ParameterizedTest(name = "{0}, onInvalid: {1}")
  @CsvSource({
    "REFERENCE, KeepActive",
    "REFERENCE, LastKnownGood",
    "IN_PLACE, KeepActive",
    "IN_PLACE, LastKnownGood",
    "RECREATED, KeepActive",
    "RECREATED, LastKnownGood"
  })
  @DisplayName("AGENT-3, -4, -7, -10, -11, -16 every pair of kinds in both directions")
  void everyPair(Way way, OnInvalid onInvalid) throws Exception {
    admin.register(node, LONG_TRIAL, onInvalid);
    Kind active = Kind.LOCAL;
    for (Kind next : WALK.subList(1, WALK.size())) {
      String pid = node.kubeletPid();
      int announced = admin.events(node, "KubeletConfigChanged").size();
      Kind expected = next.runs() ? next : onInvalid == OnInvalid.KeepActive ? active : Kind.LOCAL;
      String configMap = change(way, next);

      var status = awaitReached(next, configMap, expected);

      String step = way + " " + onInvalid + ": " + active + " -> " + next;
      assertThat(status.config().lastKnownGood()).as(step).isEmpty();
      assertThat(admin.configz(node))
          .as(step)
          .containsEntry(
              "maxPods",
              (long) (expected == Kind.LOCAL ? Documents.LOCAL_PODS : Kind.CORRECT_PODS));
      assertMetrics(step, status);
      assertRestartedOnlyFor(step, active != expected, pid, announced, status);
      active = expected;
    }
  }

  /** Makes {@code next} what is assigned, and returns the name of its ConfigMap. */
  private String change(Way way, Kind next) throws IOException {
    String name = way == Way.REFERENCE ? "table-" + Admin.lower(next) : "table";
    if (next == Kind.LOCAL) {
      admin.reset(node);
      return "";
    }
    switch (way) {
      case REFERENCE, IN_PLACE -> admin.putConfigMap(name, next.document());
      case RECREATED -> admin.recreateConfigMap(name, next.document());
    }
    admin.assign(node, name, Admin.KEY);
    return name;
  }

  private NodeKubeletStatus awaitReached(Kind next, String configMap, Kind expected) {
    return admin.awaitStatus(
        node,
        next + " with " + expected + " running",
        status ->
            name(status.config().assigned()).equals(configMap)
                && status.config().error().equals(next.error())
                && status.config().active().isPresent() == (expected == Kind.CORRECT)
                && (next != Kind.CORRECT
                    || status.config().active().equals(status.config().assigned()))
                && admin.current(status));
  }

  private static String name(Optional<NodeConfigSource> source) {
    return source
        .flatMap(NodeConfigSource::configMap)
        .map(ConfigMapNodeConfigSource::name)
        .orElse("");
  }

  private void assertMetrics(String step, NodeKubeletStatus status) {
    String metrics = node.metrics();
    assertThat(metrics)
        .as(step)
        .contains("kubelet_node_config_error " + (status.config().error().isEmpty() ? 0 : 1));
    assertThat(metrics).as(step).contains(sample("assigned", status.config().assigned()));
    assertThat(metrics).as(step).contains(sample("active", status.config().active()));
    assertThat(metrics)
        .as(step)
        .contains(sample("last_known_good", status.config().lastKnownGood()));
  }

  private static String sample(String which, Optional<NodeConfigSource> source) {
    var configMap = source.flatMap(NodeConfigSource::configMap);
    return "kubelet_node_config_%s{node_config_kubelet_key=\"%s\",node_config_resource_version=\"%s\",node_config_source=\"%s\",node_config_uid=\"%s\"} 1\n"
        .formatted(
            which,
            configMap.map(ConfigMapNodeConfigSource::kubeletConfigKey).orElse(""),
            configMap.map(ConfigMapNodeConfigSource::resourceVersion).orElse(""),
            configMap.map(ConfigMapNodeConfigSource::path).orElse("local"),
            configMap.map(ConfigMapNodeConfigSource::uid).orElse(""));
  }

  private void assertRestartedOnlyFor(
      String step, boolean change, String pid, int announced, NodeKubeletStatus status)
      throws IOException {
    var events = admin.events(node, "KubeletConfigChanged");
    if (!change) {
      assertThat(node.kubeletPid()).as(step + ": no restart").isEqualTo(pid);
      assertThat(events).as(step).hasSize(announced);
      return;
    }
    assertThat(node.kubeletPid()).as(step + ": restarted").isNotEqualTo(pid);
    assertThat(events).as(step).hasSize(announced + 1);
    var active = status.config().active().flatMap(NodeConfigSource::configMap);
    assertThat(events.getLast())
        .as(step)
        .isEqualTo(
            active
                .map(source ->
                    "Kubelet restarting to use "
                        + source.path()
                        + ", UID: "
                        + source.uid()
                        + ", ResourceVersion: "
                        + source.resourceVersion()
                        + ", KubeletConfigKey: "
                        + source.kubeletConfigKey())
                .orElse("Kubelet restarting to use local config"));
  }
}
