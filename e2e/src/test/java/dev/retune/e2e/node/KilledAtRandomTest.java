package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.api.NodeConfigSource;
import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import dev.retune.e2e.machine.NeedsMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agent and kubelet are killed at any moment while the config changes all the time. A document says
 * the same number in two fields far apart, so that half of one and half of another would show.
 *
 * <p>{@code -Dretune.kills=1000} makes it long, {@code -Dretune.kills-seed=7} another run.
 */
@NeedsMachine
class KilledAtRandomTest {
  private static final int KILLS = Integer.getInteger("retune.kills", 40);
  private static final long SEED = Long.getLong("retune.kills-seed", 1);

  /** How many kills come between two looks at where it ended. */
  private static final int ROUND = 10;

  private static final String GARBAGE = "/etc/kubernetes/pki/garbage.pem";
  private static final int PIDS = 10_000;
  private static final Duration END_LIMIT = Duration.ofMinutes(4);
  private static final Set<Phase> ENDS =
      Set.of(Phase.Good, Phase.Local, Phase.Rejected, Phase.RolledBack);

  private final Random random = new Random(SEED);
  private final Map<Phase, Integer> ends = new EnumMap<>(Phase.class);

  @TempDir private Path directory;

  /** What is asked for. */
  private enum Change {
    GOOD,
    EDIT,
    INVALID,
    CRASHING,
    RESET
  }

  @Test
  @DisplayName("AGENT-20 kill -9 of agent and kubelet at random: the end is always a whole config")
  void killedAtRandom() throws Exception {
    try (var fixture = NodeFixture.boot(directory, "kills")) {
      var node = fixture.node();
      var admin = fixture.admin();
      prepare(node, admin);
      int agents = 0;
      for (int kill = 1; kill <= KILLS; kill++) {
        change(admin, node);
        Thread.sleep(random.nextInt(700));
        if (random.nextBoolean()) {
          node.killAgent();
          agents++;
        } else {
          node.machine().exec("systemctl", "kill", "--kill-whom=main", "--signal=KILL", "kubelet");
        }
        if (kill % ROUND == 0 || kill == KILLS) {
          end(admin, node, kill);
        }
      }
      System.out.printf(
          "measured: %d changes, %d kills of the agent, %d of the kubelet, seed %d; ends: %s%n",
          KILLS, agents, KILLS - agents, SEED, ends);
    }
  }

  private static void prepare(KubeadmNode node, Admin admin) throws IOException {
    node.machine().write(GARBAGE, "no certificate\n");
    // A kubelet that was killed is back after a second and not after ten.
    node.machine()
        .write(
            "/etc/systemd/system/kubelet.service.d/50-fast.conf",
            "[Service]\nRestartSec=1\nTimeoutStopSec=20\n");
    node.machine().must("systemctl", "daemon-reload");
    node.machine().write("/var/lib/kubelet/config.yaml", document(Documents.LOCAL_PODS));
    node.machine().must("systemctl", "restart", "kubelet");
    node.awaitHealthy();
    admin.register(node, Duration.ofSeconds(2), OnInvalid.KeepActive);
    admin.putConfigMap("a", document(1));
    admin.putConfigMap("b", document(2));
  }

  private void change(Admin admin, KubeadmNode node) throws IOException {
    String name = random.nextBoolean() ? "a" : "b";
    int number = 200 + random.nextInt(300);
    switch (Change.values()[random.nextInt(Change.values().length)]) {
      case GOOD -> {
        admin.putConfigMap(name, document(number));
        admin.assign(node, name, Admin.KEY);
      }
      case EDIT -> admin.putConfigMap(name, document(number));
      case INVALID -> admin.putConfigMap(name, document(number) + "kubeAPIQPS: -1\n");
      case CRASHING ->
          admin.putConfigMap(
              name,
              document(number)
                  + "tlsCertFile: "
                  + GARBAGE
                  + "\ntlsPrivateKeyFile: "
                  + GARBAGE
                  + "\n");
      case RESET -> admin.reset(node);
    }
  }

  private static String document(int number) {
    return Documents.correct(number) + "podPidsLimit: " + (PIDS + number) + "\n";
  }

  /** Where it has come to: a kubelet that runs what the status says, as a whole. */
  private void end(Admin admin, KubeadmNode node, int kill) {
    var status =
        admin.awaitStatus(
            node,
            "an end after kill " + kill,
            END_LIMIT,
            seen ->
                seen.phase().filter(ENDS::contains).isPresent()
                    && seen.trial().isEmpty()
                    && admin.current(seen));
    node.awaitHealthy();
    ends.merge(status.phase().orElseThrow(), 1, Integer::sum);
    Map<String, @Nullable Object> config = admin.configz(node);
    long pods = (Long) Objects.requireNonNull(config.get("maxPods"));
    assertThat(config).as("after kill " + kill).containsEntry("podPidsLimit", PIDS + pods);
    if (status.config().active().isEmpty()) {
      assertThat(pods).as("the local config").isEqualTo(Documents.LOCAL_PODS);
    } else {
      assertThat(status.config().active().flatMap(NodeConfigSource::configMap)).isPresent();
      assertThat(pods).as("a pushed config").isNotEqualTo(Documents.LOCAL_PODS);
    }
  }
}
