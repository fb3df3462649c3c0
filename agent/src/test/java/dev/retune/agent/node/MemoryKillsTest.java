package dev.retune.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryKillsTest {
  @TempDir Path root;

  @Test
  @DisplayName(
      "AGENT-13 with cgroup v2 the slice above the unit counts, also when the unit is gone")
  void slice() throws IOException {
    Path slice = Files.createDirectories(root.resolve("cgroup/system.slice"));
    Files.writeString(slice.resolve("memory.events"), "low 0\nhigh 0\nmax 7\noom 5\noom_kill 4\n");
    Files.writeString(root.resolve("vmstat"), "nr_free_pages 1\noom_kill 99\n");
    var kills = new MemoryKills(root.resolve("cgroup"), root.resolve("vmstat"));
    assertThat(kills.count()).isEqualTo(99);
    assertThat(kills.near("/system.slice/kubelet.service")).isTrue();
    assertThat(kills.count()).isEqualTo(4);
    assertThat(kills.near("")).as("the unit is down").isFalse();
    assertThat(kills.count()).isEqualTo(4);
  }

  @Test
  @DisplayName(
      "AGENT-13 with cgroup v1 the machine's counter has to do; without any, nobody counts")
  void machine() throws IOException {
    var kills = new MemoryKills(root.resolve("cgroup"), root.resolve("vmstat"));
    assertThat(kills.near("/system.slice/kubelet.service")).isTrue();
    assertThat(kills.count()).isZero();
    Files.writeString(root.resolve("vmstat"), "oom_kill 3\n");
    assertThat(kills.count()).isEqualTo(3);
  }
}
