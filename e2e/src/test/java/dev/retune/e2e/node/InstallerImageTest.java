package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retune.api.OnInvalid;
import dev.retune.e2e.cluster.Clusters;
import dev.retune.e2e.machine.Machine;
import dev.retune.e2e.machine.MachineSpec;
import dev.retune.e2e.machine.NeedsMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsMachine
class InstallerImageTest {
  private static Path image = Path.of("");

  @TempDir Path directory;

  @BeforeAll
  static void imageIsThere() throws IOException {
    var built = InstallerPod.image();
    String reason =
        "no image in image/target: RETUNE_BUSYBOX=/bin/busybox ./mvnw -pl image -am package";
    if (built.isEmpty()) {
      System.out.println("skipped: InstallerImageTest: " + reason);
    }
    assumeTrue(built.isPresent(), reason);
    image = built.orElseThrow();
  }

  @Test
  @DisplayName(
      "The installer's image puts Retune on a node, keeps it current and takes it away; the kubelet is"
          + " never restarted and nothing stays behind")
  void lifeOnANode() throws Exception {
    try (var cluster = Clusters.start(directory);
        var admin = Admin.of(cluster);
        var node = KubeadmNode.bootWithoutRetune("installed", cluster)) {
      var machine = node.machine();
      var pod = InstallerPod.of(image, machine);
      String before = files(machine);
      String kubelet = node.kubeletPid();

      long start = System.nanoTime();
      String log = pod.ready(node.name(), with("install", node.flags()));
      System.out.printf(
          "installer: agent on the node in %d ms%n%s%n",
          (System.nanoTime() - start) / 1_000_000, log);
      assertThat(log).contains("installed: Retune", "is in place");
      assertThat(machine.must("systemctl", "is-active", "retune-agent")).isEqualTo("active");
      assertThat(machine.property("retune-agent", "ExecStart"))
          .contains("/opt/retune/current/bin/retune");
      assertThat(machine.exists("/opt/retune/.incoming")).isFalse();
      admin.register(node, Duration.ofMinutes(10), OnInvalid.KeepActive);
      String agent = machine.property("retune-agent", "MainPID");

      Duration stop = pod.stop();
      System.out.printf("installer: its pod ends in %d ms%n", stop.toMillis());
      assertThat(stop).isLessThan(Duration.ofSeconds(3));
      assertThat(machine.must("systemctl", "is-active", "retune-agent")).isEqualTo("active");

      String again = pod.ready(node.name(), with("install", node.flags()));
      System.out.println("installer, again:\n" + again);
      assertThat(machine.property("retune-agent", "MainPID")).isEqualTo(agent);
      pod.stop();

      String release = machine.must("readlink", "/opt/retune/current");
      pod.rebuild();
      System.out.println(
          "installer, another build:\n" + pod.ready(node.name(), with("install", node.flags())));
      assertThat(machine.must("readlink", "/opt/retune/current")).isNotEqualTo(release);
      assertThat(machine.must("systemctl", "is-active", "retune-agent")).isEqualTo("active");
      assertThat(machine.property("retune-agent", "MainPID")).isNotEqualTo(agent);
      pod.stop();
      assertThat(node.kubeletPid()).isEqualTo(kubelet);

      System.out.println("installer, uninstall:\n" + pod.ready(node.name(), List.of("uninstall")));
      pod.stop();
      assertThat(node.kubeletPid()).isEqualTo(kubelet);
      assertThat(node.healthy()).isTrue();
      assertThat(files(machine)).isEqualTo(before);
      assertThat(machine.exists("/etc/systemd/system/retune-agent.service")).isFalse();
    }
  }

  @Test
  @DisplayName(
      "A node without a kubelet, or without its name, is told so, and the pod is not ready")
  void notANode() throws Exception {
    try (var machine = Machine.create(MachineSpec.named("bare"))) {
      machine.boot();
      var pod = InstallerPod.of(image, machine);
      String before = files(machine);

      String log = pod.fails("bare", List.of("install"));
      System.out.println("installer, no kubelet:\n" + log);
      assertThat(log).contains("kubelet.service").contains("next: ");
      assertThat(pod.fails("", List.of("install"))).contains("NODE_NAME is not set");
      assertThat(pod.fails("bare", List.of("update"))).contains("\"update\" is no task");
      assertThat(pod.isReady()).isFalse();
      assertThat(files(machine)).isEqualTo(before);
    }
  }

  /** All that an install may touch. */
  private static String files(Machine machine) {
    return machine.must(
        "sh",
        "-c",
        "find /opt /etc /usr /var/lib/retune /var/lib/retune-way-back /run/retune -xdev 2>&1; true");
  }

  private static List<String> with(String first, List<String> more) {
    var all = new ArrayList<>(List.of(first));
    all.addAll(more);
    return all;
  }
}
