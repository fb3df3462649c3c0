package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.ConfigErrors;
import dev.retune.api.NodeConfigSource;
import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import dev.retune.e2e.machine.NeedsMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@NeedsMachine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LastKnownGoodTest {
  private static final Duration SHORT_TRIAL = Duration.ofMillis(500);
  private static final Duration LONG_TRIAL = Duration.ofMinutes(10);

  private NodeFixture fixture;
  private Admin admin;
  private KubeadmNode node;

  /** Where the bad config is that follows on the good one. */
  enum Bad {
    DIFFERENT_CONFIG_MAP,
    DIFFERENT_KEY,
    NEW_VERSION
  }

  @BeforeAll
  void boot(@TempDir Path directory) throws Exception {
    fixture = NodeFixture.boot(directory, "lkg");
    admin = fixture.admin();
    node = fixture.node();
  }

  @AfterAll
  void shutDown() {
    fixture.close();
  }

  @ParameterizedTest(name = "{0}, onInvalid: {1}")
  @CsvSource({
    "DIFFERENT_CONFIG_MAP, KeepActive",
    "DIFFERENT_CONFIG_MAP, LastKnownGood",
    "DIFFERENT_KEY, KeepActive",
    "DIFFERENT_KEY, LastKnownGood",
    "NEW_VERSION, KeepActive",
    "NEW_VERSION, LastKnownGood"
  })
  @DisplayName("AGENT-7 a bad config after one that became last known good leaves that running")
  void badAfterGood(Bad bad, OnInvalid onInvalid) throws Exception {
    String name = "good-" + Admin.lower(bad) + "-" + Admin.lower(onInvalid);
    admin.register(node, SHORT_TRIAL, onInvalid);
    admin.configMap(
        name, Map.of(Admin.KEY, Documents.correct(77), "other", Documents.unparsable()));
    admin.assign(node, name, Admin.KEY);
    var good = admin.awaitPhase(node, Phase.Good);
    String pid = node.kubeletPid();

    switch (bad) {
      case DIFFERENT_CONFIG_MAP -> {
        admin.putConfigMap("bad", Documents.unparsable());
        admin.assign(node, "bad", Admin.KEY);
      }
      case DIFFERENT_KEY -> admin.assign(node, name, "other");
      case NEW_VERSION -> admin.editConfigMap(name, Map.of(Admin.KEY, Documents.unparsable()));
    }

    var status =
        admin.awaitStatus(
            node, "refusal of " + bad, seen -> seen.config().error().equals(ConfigErrors.LOAD));
    assertThat(status.phase()).contains(Phase.Rejected);
    assertThat(status.config().active()).isEqualTo(good.config().active());
    assertThat(status.config().lastKnownGood()).isEqualTo(good.config().active());
    assertThat(status.config().assigned()).isNotEqualTo(status.config().active());
    assertThat(node.kubeletPid()).as("no restart: it already runs that").isEqualTo(pid);
    assertThat(admin.configz(node)).containsEntry("maxPods", 77L);
  }

  @ParameterizedTest
  @EnumSource(OnInvalid.class)
  @DisplayName(
      "AGENT-7 a bad config in the trial of another: back to last known good, or that goes on")
  void badInTrial(OnInvalid onInvalid) throws Exception {
    admin.register(node, SHORT_TRIAL, onInvalid);
    admin.putConfigMap("lkg", Documents.correct(71));
    admin.assign(node, "lkg", Admin.KEY);
    admin.awaitPhase(node, Phase.Good);
    admin.settings(node, LONG_TRIAL, onInvalid);
    admin.putConfigMap("in-trial", Documents.correct(72));
    admin.assign(node, "in-trial", Admin.KEY);
    admin.awaitPhase(node, Phase.Trial);

    admin.putConfigMap("bad", Documents.invalid());
    admin.assign(node, "bad", Admin.KEY);

    String expected = onInvalid == OnInvalid.KeepActive ? "in-trial" : "lkg";
    var status =
        admin.awaitStatus(
            node,
            "refusal with " + expected + " running",
            seen ->
                seen.config().error().equals(ConfigErrors.VALIDATE)
                    && name(seen.config().active()).equals(expected));
    assertThat(name(status.config().lastKnownGood())).isEqualTo("lkg");
    assertThat(status.trial().isPresent()).isEqualTo(onInvalid == OnInvalid.KeepActive);
    assertThat(admin.configz(node))
        .containsEntry("maxPods", onInvalid == OnInvalid.KeepActive ? 72L : 71L);
  }

  @ParameterizedTest
  @EnumSource(OnInvalid.class)
  @DisplayName("AGENT-12 one last known good config follows on another")
  void lastKnownGoodToLastKnownGood(OnInvalid onInvalid) throws Exception {
    admin.register(node, SHORT_TRIAL, onInvalid);
    for (int pods : new int[] {81, 82}) {
      admin.putConfigMap("lkg-" + pods, Documents.correct(pods));
      admin.assign(node, "lkg-" + pods, Admin.KEY);
      var status = admin.awaitPhase(node, Phase.Good);
      assertThat(name(status.config().lastKnownGood())).isEqualTo("lkg-" + pods);
      assertThat(status.config().active()).isEqualTo(status.config().lastKnownGood());
      assertThat(admin.configz(node)).containsEntry("maxPods", (long) pods);
    }
  }

  @ParameterizedTest
  @EnumSource(OnInvalid.class)
  @DisplayName("AGENT-4 a label or another key never restarts a kubelet, and the status follows")
  void sameContent(OnInvalid onInvalid) throws Exception {
    String name = "labelled-" + Admin.lower(onInvalid);
    admin.register(node, SHORT_TRIAL, onInvalid);
    admin.configMap(name, Map.of(Admin.KEY, Documents.correct(83)));
    admin.assign(node, name, Admin.KEY);
    var before = admin.awaitPhase(node, Phase.Good);
    String pid = node.kubeletPid();

    admin.labelConfigMap(name, "team", "infra");

    var after =
        admin.awaitStatus(
            node,
            "new resourceVersion",
            status ->
                !status.config().active().equals(before.config().active())
                    && admin.current(status));
    assertThat(after.phase()).contains(Phase.Good);
    assertThat(after.config().active()).isEqualTo(after.config().assigned());
    assertThat(after.restartCount()).isEqualTo(before.restartCount());
    assertThat(node.kubeletPid()).isEqualTo(pid);
  }

  @ParameterizedTest
  @EnumSource(OnInvalid.class)
  @DisplayName("AGENT-3 a ConfigMap that is missing leaves the kubelet alone until it is there")
  void missing(OnInvalid onInvalid) throws IOException {
    String name = "late-" + Admin.lower(onInvalid);
    admin.register(node, SHORT_TRIAL, onInvalid);
    String pid = node.kubeletPid();

    admin.assign(node, name, Admin.KEY);
    admin.awaitStatus(
        node, "download error", status -> status.config().error().equals(ConfigErrors.DOWNLOAD));
    assertThat(node.kubeletPid()).isEqualTo(pid);

    admin.configMap(name, Map.of(Admin.KEY, Documents.correct(84)));
    var status = admin.awaitPhase(node, Phase.Good);
    assertThat(status.config().error()).isEmpty();
  }

  private static String name(Optional<NodeConfigSource> source) {
    return source.flatMap(NodeConfigSource::configMap).map(map -> map.name()).orElse("");
  }
}
