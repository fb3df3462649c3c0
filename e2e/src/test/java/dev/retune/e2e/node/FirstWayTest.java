package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import dev.retune.e2e.cluster.Clusters;
import dev.retune.e2e.machine.NeedsMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsMachine
class FirstWayTest {
  @TempDir Path directory;

  @Test
  @DisplayName(
      "AGENT-1 to AGENT-12 a config is assigned, proven, tried and becomes last known good")
  void firstWay() throws Exception {
    try (var cluster = Clusters.start(directory);
        var admin = Admin.of(cluster);
        var node = KubeadmNode.boot("first", cluster)) {
      admin.register(node, Duration.ofSeconds(2), OnInvalid.KeepActive);
      admin.awaitPhase(node, Phase.Local);
      admin.configMap("a", Map.of(Admin.KEY, Documents.correct(77)));

      admin.assign(node, "a", Admin.KEY);

      var trial = admin.awaitPhase(node, Phase.Trial);
      assertThat(admin.configz(node)).containsEntry("maxPods", 77L);
      assertThat(trial.config().active()).isPresent();
      var good = admin.awaitPhase(node, Phase.Good);
      assertThat(good.config().lastKnownGood()).isEqualTo(good.config().assigned());
      admin.reset(node);
      admin.awaitPhase(node, Phase.Local);
      assertThat(admin.configz(node)).containsEntry("maxPods", 110L);
    }
  }
}
