package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import dev.retune.e2e.machine.NeedsMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NeedsMachine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyChangesTest {
  private static final int CHANGES = 100;

  /** Idle workers of the agent end after 5 s, kept connections are closed after 10. */
  private static final int SETTLED_SECONDS = 12;

  /** The agent's heap is 64 MiB at most here; what it uses may grow while the JVM warms up. */
  private static final long GROWTH_KIB = 24 * 1024;

  /** A server finds out that the client of a quiet watch has left when it next writes to it. */
  private static final Duration WATCH_NOTICED_WITHIN = Duration.ofMinutes(2);

  private NodeFixture fixture;
  private Admin admin;
  private KubeadmNode node;

  /** What a leak would show in. */
  private record Holdings(long files, long descriptors, long threads, long kib) {
    Holdings orLess(Holdings other) {
      return new Holdings(
          Math.min(files, other.files),
          Math.min(descriptors, other.descriptors),
          Math.min(threads, other.threads),
          Math.min(kib, other.kib));
    }
  }

  @BeforeAll
  void boot(@TempDir Path directory) throws Exception {
    fixture = NodeFixture.boot(directory, "many");
    admin = fixture.admin();
    node = fixture.node();
  }

  @AfterAll
  void shutDown() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource(OnInvalid.class)
  @DisplayName("100 changes in a row between two configs, and nothing is leaked")
  void manyChanges(OnInvalid onInvalid) throws Exception {
    admin.register(node, Duration.ofMinutes(10), onInvalid);
    admin.putConfigMap("even", Documents.correct(50));
    admin.putConfigMap("odd", Documents.correct(51));
    for (int i = 0; i < 10; i++) {
      change(i);
    }
    var before = atRest();
    long restarts = admin.nodeKubelet(node).status().restartCount();
    long start = System.nanoTime();

    for (int i = 0; i < CHANGES; i++) {
      change(i);
    }

    long millis = (System.nanoTime() - start) / 1_000_000;
    var after = atRest();
    System.out.printf(
        "measured: %d changes, %s: %d ms each; before %s, after %s%n",
        CHANGES, onInvalid, millis / CHANGES, before, after);
    assertThat(admin.nodeKubelet(node).status().restartCount()).isEqualTo(restarts + CHANGES);
    assertThat(after.files()).isLessThanOrEqualTo(before.files());
    assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 4);
    assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 2);
    await("no more watches than the NodeKubelet's and the ConfigMap's")
        .atMost(WATCH_NOTICED_WITHIN)
        .until(() -> fixture.cluster().watches() <= 2);
    assertThat(after.kib()).isLessThan(before.kib() + GROWTH_KIB);
  }

  private void change(int number) throws IOException {
    String name = number % 2 == 0 ? "even" : "odd";
    admin.assign(node, name, Admin.KEY);
    admin.awaitStatus(
        node,
        "change " + number,
        status ->
            status.phase().filter(Phase.Trial::equals).isPresent()
                && status
                    .config()
                    .active()
                    .flatMap(source -> source.configMap())
                    .filter(map -> map.name().equals(name))
                    .isPresent());
  }

  /**
   * What it keeps. Right after a change it has connections, pipes and workers for a few seconds; a
   * leak stays.
   */
  private Holdings atRest() throws IOException, InterruptedException {
    var least = holdings();
    for (int second = 0; second < SETTLED_SECONDS; second++) {
      TimeUnit.SECONDS.sleep(1);
      least = least.orLess(holdings());
    }
    return least;
  }

  private Holdings holdings() throws IOException {
    Path process = Path.of("/proc", Long.toString(node.agent().pid()));
    try (Stream<Path> files = Files.walk(node.machine().inside("/var/lib/retune"));
        Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return new Holdings(
          files.count(),
          descriptors.count(),
          number(process, "Threads:"),
          number(process, "VmRSS:"));
    }
  }

  private static long number(Path process, String field) throws IOException {
    return Files.readAllLines(process.resolve("status")).stream()
        .filter(line -> line.startsWith(field))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }
}
