package dev.retune.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.bench.footprint.Changes;
import dev.retune.bench.footprint.Node;
import dev.retune.bench.footprint.ProcessUsage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the agent takes of a node, with the command line and the limits that it is shipped with. */
@EnabledOnOs(OS.LINUX)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShippedAgentTest {
  /** Of the whole process, at rest (issue "The agent in production"). */
  private static final long PSS_KIB = 52 * 1024;

  private static final int CHANGES = 20;

  /** Kept connections are closed, idle threads ended, the native heap trimmed by then. */
  private static final Duration SETTLED = Duration.ofSeconds(45);

  /** An etcd takes no larger object than 1.5 MiB; a ConfigMap may hold 1 MiB of data. */
  private static final int LARGEST = 1024 * 1024 - 1024;

  private static Scene scene = new Scene();

  /** One agent for all tests. */
  private static final class Scene {
    private AutoCloseable node = () -> {};
    private AutoCloseable agent = () -> {};
    private AutoCloseable changes = () -> {};
    private long pid;
  }

  private static Changes changes() {
    return (Changes) scene.changes;
  }

  @BeforeAll
  static void start(@TempDir Path archive, @TempDir Path place) throws Exception {
    var node = Node.start(place);
    scene.node = node;
    var agent = node.installAgent(UnpackedArchive.in(archive).executable());
    scene.agent = agent;
    scene.pid = agent.pid();
    scene.changes = Changes.on(node.cluster(), Duration.ofSeconds(1));
  }

  @AfterAll
  static void end() throws Exception {
    scene.changes.close();
    scene.agent.close();
    scene.node.close();
  }

  @Test
  @Order(1)
  @DisplayName("at rest after 20 changes it takes less than 52 MiB, all of the process")
  void footprint() throws Exception {
    for (int i = 0; i < CHANGES; i++) {
      changes().next();
    }
    changes().await("Good", "Drifted");
    TimeUnit.SECONDS.sleep(SETTLED.toSeconds());
    var usage = ProcessUsage.of(scene.pid);
    System.out.printf(
        Locale.ROOT,
        "retune agent: %.1f MiB PSS at rest after %d changes, %d threads%n",
        usage.pss() / 1024.0,
        CHANGES,
        usage.threads());
    assertThat(usage.pss()).isLessThan(PSS_KIB);
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
        Arguments.of("a million open brackets", "[".repeat(LARGEST)),
        Arguments.of("a million open braces", "{\"a\":".repeat(LARGEST / 5)),
        Arguments.of("a map in a map in a map, indented", indented()),
        Arguments.of("aliases of aliases", laughs()),
        Arguments.of("a hundred thousand keys", many("k%d: 1\n")),
        Arguments.of("a hundred thousand gates", "featureGates:\n" + many("  Gate%d: true\n")),
        Arguments.of(
            "sixty thousand taints",
            "registerWithTaints:\n" + many("- {key: k%d, effect: NoSchedule}\n")),
        Arguments.of("one long word", "clusterDomain: " + "x".repeat(LARGEST - 20)),
        Arguments.of("one long number", "maxPods: " + "9".repeat(LARGEST - 20)),
        Arguments.of("a number with a huge exponent", "maxPods: 1e999999999\n"),
        Arguments.of("a quantity with a huge exponent", "containerLogMaxSize: 1e999999999\n"),
        Arguments.of("nothing but tabs", "\t".repeat(LARGEST)),
        Arguments.of("nothing but zero bytes", "\0".repeat(LARGEST / 6)),
        Arguments.of("quotes without end", "a: \"" + "\\u00e9".repeat(LARGEST / 6 - 4)));
  }

  private static String many(String line) {
    var text = new StringBuilder(LARGEST);
    for (int i = 0; text.length() < LARGEST - 64; i++) {
      text.append(String.format(Locale.ROOT, line, i));
    }
    return text.toString();
  }

  private static String indented() {
    var text = new StringBuilder(LARGEST);
    for (int depth = 0; text.length() < LARGEST - 2 * depth - 8; depth++) {
      text.append(" ".repeat(depth)).append("a:\n");
    }
    return text.toString();
  }

  private static String laughs() {
    var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      text.append("a").append(i).append(": &a").append(i).append(" [");
      text.append(("*a" + (i - 1) + ", ").repeat(9)).append("*a").append(i - 1).append("]\n");
    }
    return text.toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Order(2)
  @DisplayName("a hostile document of 1 MiB is rejected, with a heap of 64 MiB, and costs nothing")
  void hostile(String name, String body) throws Exception {
    String header = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    boolean bare = body.startsWith("[") || body.startsWith("{") || body.startsWith("\0");
    changes().assign(bare ? body : header + body, "Rejected");
    var usage = ProcessUsage.of(scene.pid);
    System.out.printf(
        Locale.ROOT, "retune agent: %.1f MiB PSS after %s%n", usage.pss() / 1024.0, name);
  }

  @Test
  @Order(3)
  @DisplayName("and the same process goes on: the next good config is run")
  void goesOn() throws Exception {
    changes().assign(Changes.config(111), "Good", "Drifted");
    assertThat(ProcessHandle.of(scene.pid)).isPresent();
  }
}
