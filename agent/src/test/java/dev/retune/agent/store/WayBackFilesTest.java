package dev.retune.agent.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.WayBack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WayBackFilesTest {
  private static final Layout LAYOUT = new Layout(Path.of("/var/lib/retune"));
  private static final WayBackPlaces PLACES = WayBackPlaces.of(LAYOUT);
  private static final Checkpoint ONE = States.checkpoint("uid-1", "11", States.ONE);
  private static final Checkpoint TWO = States.checkpoint("uid-2", "22", States.TWO);
  private static final List<String> LOCAL = List.of("--config=/var/lib/kubelet/config.yaml");
  private static final Path KUBELET = Path.of("/var/lib/kubelet");
  private static final int WAYS_TO_LOSE = 12;

  private SimulatedDisk disk;
  private DirectoryStore store;
  private WayBackFiles files;

  @BeforeEach
  void node() throws IOException {
    disk = machine();
    store = new DirectoryStore(LAYOUT, Optional.of(PLACES.override()), disk);
    files = new WayBackFiles(PLACES, disk);
    store.saveCheckpoint(ONE, States.ONE);
    store.saveCheckpoint(TWO, States.TWO);
    store.activate(ONE, LOCAL);
  }

  private static SimulatedDisk machine() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    for (String directory : List.of("/var", "/var/lib", "/run", "/run/retune")) {
      disk.makeDirectory(Path.of(directory));
    }
    for (String directory : List.of("/", "/var", "/run")) {
      disk.syncDirectory(Path.of(directory));
    }
    return disk;
  }

  private static WayBack to(Checkpoint checkpoint) {
    return new WayBack("bad", Optional.of(LAYOUT.document(checkpoint)), LOCAL, KUBELET);
  }

  private static WayBack toLocal() {
    return new WayBack("bad", Optional.empty(), LOCAL, KUBELET);
  }

  private String text(Path file) throws IOException {
    return new String(disk.read(file), StandardCharsets.UTF_8);
  }

  private void put(Path file, String text) throws IOException {
    disk.create(file);
    disk.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("AGENT-15 the way back to a checkpoint has a copy of it, and says each way in full")
  void toACheckpoint() throws Exception {
    assertThat(files.armed()).isFalse();
    files.arm(to(ONE));

    assertThat(files.armed()).isTrue();
    Path copy = PLACES.copy(ONE.hash());
    assertThat(disk.read(copy)).isEqualTo(States.ONE.bytes());
    assertThat(text(PLACES.armed()))
        .startsWith("format 1\nundoes bad\nkubelet /var/lib/kubelet\n")
        .contains("sha256 " + ONE.hash() + "\n")
        .contains("original " + LAYOUT.document(ONE) + "\n")
        .contains("duplicate " + copy + "\n")
        .contains("document KUBELET_CONFIG_ARGS=--config=" + LAYOUT.document(ONE) + "\n")
        .contains("copy KUBELET_CONFIG_ARGS=--config=" + copy + "\n")
        .contains("local KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml\n")
        .endsWith("\nend\n");
    assertThat(text(PLACES.prepared())).isEqualTo(text(LAYOUT.environmentFile()));
  }

  @Test
  @DisplayName("AGENT-15 disarming leaves nothing, and forgets what was done")
  void disarm() throws Exception {
    files.arm(to(ONE));
    put(PLACES.taken(), "undone x\nend\n");
    put(PLACES.takenOnThisBoot(), "undone x\nend\n");
    put(PLACES.evidence(), "ActiveState=failed");

    files.disarm();

    assertThat(files.armed()).isFalse();
    assertThat(files.taken()).isEmpty();
    assertThat(disk.list(PLACES.directory())).isEmpty();
    assertThat(disk.list(PLACES.runtime())).isEmpty();
    assertThat(disk.list(LAYOUT.directory()))
        .containsExactlyInAnyOrder(LAYOUT.directory().resolve("store"), LAYOUT.environmentFile());
    files.disarm();
  }

  @Test
  @DisplayName("AGENT-15 arming again replaces the way back; a copy that the kubelet runs is kept")
  void again() throws Exception {
    files.arm(to(ONE));
    files.arm(to(TWO));
    assertThat(disk.kind(PLACES.copy(ONE.hash()))).isEqualTo(Disk.Kind.NOTHING);

    put(PLACES.override(), EnvironmentFile.text(PLACES.copy(TWO.hash()), LOCAL));
    files.arm(toLocal());
    assertThat(text(PLACES.armed())).doesNotContain("original").contains("local KUBELET");
    assertThat(disk.kind(PLACES.copy(TWO.hash()))).isEqualTo(Disk.Kind.FILE);

    store.activate(ONE, LOCAL);
    files.disarm();
    assertThat(disk.kind(PLACES.copy(TWO.hash()))).isEqualTo(Disk.Kind.NOTHING);
  }

  @Test
  @DisplayName("AGENT-15 a damaged checkpoint is no way back: arming fails, and says so")
  void damaged() throws Exception {
    disk.write(LAYOUT.document(ONE), "torn".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> files.arm(to(ONE)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(LAYOUT.document(ONE) + " is missing or damaged");
    assertThat(files.armed()).isFalse();

    disk.delete(DirectoryStore.hashFile(LAYOUT.document(TWO)));
    files.arm(to(TWO));
    assertThat(files.armed()).as("a kubelet 1.11 to 1.23 kept no hash").isTrue();
  }

  @Test
  @DisplayName("AGENT-15 the note of this boot is read first, and half a note is none")
  void taken() throws Exception {
    files.arm(toLocal());
    put(PLACES.taken(), "undone old\nboot a\nsince-boot 1.00\nevidence e f\nend\n");
    assertThat(files.taken().orElseThrow())
        .containsAllEntriesOf(Map.of("undone", "old", "boot", "a", "evidence", "e f"));
    put(PLACES.takenOnThisBoot(), "undone new\nend\n");
    assertThat(files.taken().orElseThrow()).containsEntry("undone", "new");
    put(PLACES.takenOnThisBoot(), "undone ne");
    assertThat(files.taken().orElseThrow()).containsEntry("undone", "old");
  }

  @Test
  @DisplayName("AGENT-15, -20 power lost while arming: no way back, or a whole one, old or new")
  void powerCut() throws Exception {
    files.arm(to(ONE));
    String old = text(PLACES.armed());
    files.arm(to(TWO));
    String fresh = text(PLACES.armed());

    for (boolean again : new boolean[] {false, true}) {
      boolean whole = false;
      for (int cut = 0; !whole; cut++) {
        for (int way = 0; way < WAYS_TO_LOSE; way++) {
          whole = armAndCut(again, cut);
          disk = disk.afterPowerCut(new Random(cut * 1000L + way));
          files = new WayBackFiles(PLACES, disk);
          String where = "again: " + again + ", cut after step " + cut + ", way " + way;
          if (!files.armed()) {
            assertThat(again || whole).as(where).isFalse();
            continue;
          }
          String armed = text(PLACES.armed());
          assertThat(again && !whole ? List.of(old, fresh) : List.of(fresh))
              .as(where)
              .contains(armed);
          assertThat(disk.read(PLACES.copy(armed.equals(fresh) ? TWO.hash() : ONE.hash())))
              .as(where)
              .isEqualTo(armed.equals(fresh) ? States.TWO.bytes() : States.ONE.bytes());
        }
      }
    }
  }

  /** Returns whether it came to the end. */
  private boolean armAndCut(boolean again, int steps) throws IOException {
    node();
    if (again) {
      files.arm(to(ONE));
    }
    disk.stopAfter(steps);
    try {
      files.arm(to(TWO));
      return true;
    } catch (SimulatedDisk.Stopped expected) {
      return false;
    }
  }

  @Test
  @DisplayName("AGENT-15 a full disk fails the arming and leaves the way back that was there")
  void fullDisk() throws Exception {
    files.arm(to(ONE));
    String old = text(PLACES.armed());
    for (int room = 0; room < 5; room++) {
      disk.fillUpAfter(room);
      assertThatThrownBy(() -> files.arm(to(TWO))).hasMessageContaining("No space left");
      assertThat(text(PLACES.armed())).isEqualTo(old);
      assertThat(disk.read(PLACES.copy(ONE.hash()))).isEqualTo(States.ONE.bytes());
      disk.fillUpAfter(Integer.MAX_VALUE / 2);
    }
  }

  @Test
  @DisplayName(
      "AGENT-15 an activation cut off at any step: the kubelet starts with the old or the new")
  void activationOverAnOverride() throws Exception {
    for (Config next : List.of(TWO, new Config.Local())) {
      for (int cut = 0; ; cut++) {
        node();
        put(PLACES.override(), EnvironmentFile.text(PLACES.copy(ONE.hash()), LOCAL));
        String old = text(PLACES.override());
        disk.stopAfter(cut);
        boolean whole = true;
        try {
          store.activate(next, LOCAL);
        } catch (SimulatedDisk.Stopped killed) {
          whole = false;
        }
        disk.stopAfter(Integer.MAX_VALUE);
        String fresh =
            next instanceof Checkpoint ? EnvironmentFile.text(LAYOUT.document(TWO), LOCAL) : "";
        assertThat(started()).as("cut after step " + cut).isIn(old, fresh);
        if (whole) {
          assertThat(started()).isEqualTo(fresh);
          break;
        }
      }
    }
  }

  /** What a kubelet that starts now gets: the last file of variables that is there. */
  private String started() throws IOException {
    for (Path file : List.of(PLACES.override(), LAYOUT.environmentFile())) {
      if (disk.kind(file) == Disk.Kind.FILE) {
        return text(file);
      }
    }
    return "";
  }

  @Test
  @DisplayName(
      "AGENT-15 an activation that the disk does not take leaves the switch's file in force")
  void activationOnAFullDisk() throws Exception {
    put(PLACES.override(), EnvironmentFile.text(PLACES.copy(ONE.hash()), LOCAL));
    disk.fillUpAfter(0);
    assertThatThrownBy(() -> store.activate(TWO, LOCAL)).hasMessageContaining("No space left");
    assertThat(disk.kind(PLACES.override())).isEqualTo(Disk.Kind.FILE);
  }
}
