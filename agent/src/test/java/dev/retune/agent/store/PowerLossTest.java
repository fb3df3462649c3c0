package dev.retune.agent.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.NodeState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Cuts the power after every single step of a change, and loses what was not synced in many ways.
 */
class PowerLossTest {

  private static final Layout LAYOUT = new Layout(Path.of("/var/lib/retune"));
  private static final Checkpoint ONE = States.checkpoint("uid-1", "11", States.ONE);
  private static final Checkpoint TWO = States.checkpoint("uid-2", "22", States.TWO);
  private static final NodeState OLD = States.running(ONE, ONE, Optional.of(ONE));
  private static final NodeState NEW = States.running(TWO, ONE, Optional.of(TWO));
  private static final NodeState RESET =
      States.running(new Config.Local(), new Config.Local(), Optional.empty());
  private static final int WAYS_TO_LOSE = 12;

  /** Part of an agent's work. */
  private interface Change {
    void on(DirectoryStore store) throws IOException;
  }

  private static SimulatedDisk machine() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    for (Path directory : List.of(Path.of("/var"), Path.of("/var/lib"))) {
      disk.makeDirectory(directory);
      disk.syncDirectory(Path.of("/"));
      disk.syncDirectory(Path.of("/var"));
    }
    return disk;
  }

  private static void toOld(DirectoryStore store) throws IOException {
    store.saveCheckpoint(ONE, States.ONE);
    store.save(OLD);
    store.activate(ONE, List.of());
  }

  private static void toNew(DirectoryStore store) throws IOException {
    store.saveCheckpoint(TWO, States.TWO);
    store.save(NEW);
    store.activate(TWO, List.of());
    store.collectGarbage(NEW);
  }

  private static void toReset(DirectoryStore store) throws IOException {
    store.save(RESET);
    store.activate(new Config.Local(), List.of());
    store.collectGarbage(RESET);
  }

  @Test
  @DisplayName(
      "bug 1: AGENT-20 power loss at any step of the first assignment, a change and a reset leaves the old or the new config, whole")
  void everyStep() throws IOException {
    walk(store -> {}, PowerLossTest::toOld, List.of(NodeState.UNTOUCHED, OLD));
    walk(PowerLossTest::toOld, PowerLossTest::toNew, List.of(OLD, NEW));
    walk(
        store -> {
          toOld(store);
          toNew(store);
        },
        PowerLossTest::toReset,
        List.of(NEW, RESET));
  }

  private static void walk(Change before, Change change, List<NodeState> allowed)
      throws IOException {
    SimulatedDisk whole = machine();
    before.on(new DirectoryStore(LAYOUT, Optional.empty(), whole));
    int first = whole.steps();
    change.on(new DirectoryStore(LAYOUT, Optional.empty(), whole));
    int length = whole.steps() - first;
    assertThat(length).isGreaterThan(5);

    for (int cut = 0; cut <= length; cut++) {
      for (int way = 0; way < WAYS_TO_LOSE; way++) {
        SimulatedDisk disk = machine();
        before.on(new DirectoryStore(LAYOUT, Optional.empty(), disk));
        disk.stopAfter(cut);
        try {
          change.on(new DirectoryStore(LAYOUT, Optional.empty(), disk));
        } catch (SimulatedDisk.Stopped expected) {
          assertThat(cut).isLessThan(length);
        }
        SimulatedDisk found = disk.afterPowerCut(new Random(cut * 1000L + way));
        String where = "cut after step " + cut + " of " + length + ", way " + way;
        complete(found, allowed, where);

        // The agent that starts then finishes the work, and power fails again right after it.
        change.on(new DirectoryStore(LAYOUT, Optional.empty(), found));
        SimulatedDisk after = found.afterPowerCut(new Random(way));
        assertThat(new DirectoryStore(LAYOUT, Optional.empty(), after).load())
            .as(where)
            .isEqualTo(allowed.getLast());
        complete(after, allowed, where);
      }
    }
  }

  private static void complete(SimulatedDisk disk, List<NodeState> allowed, String where)
      throws IOException {
    DirectoryStore store = new DirectoryStore(LAYOUT, Optional.empty(), disk);
    NodeState state = store.load();
    assertThat(allowed).as(where).contains(state);
    state
        .assigned()
        .ifPresent(checkpoint -> assertThat(store.intact(checkpoint)).as(where).isTrue());
    for (Config config : List.of(state.active(), state.lastKnownGood())) {
      assertThat(config instanceof Checkpoint c && !store.intact(c)).as(where).isFalse();
    }
    if (disk.kind(LAYOUT.environmentFile()) == Disk.Kind.FILE) {
      String text = new String(disk.read(LAYOUT.environmentFile()), StandardCharsets.UTF_8);
      Path config = EnvironmentFile.config(text).orElseThrow();
      assertThat(List.of(LAYOUT.document(ONE), LAYOUT.document(TWO))).as(where).contains(config);
      assertThat(Document.sha256(disk.read(config)))
          .as(where)
          .isEqualTo(config.equals(LAYOUT.document(ONE)) ? ONE.hash() : TWO.hash());
    }
  }

  @Test
  @DisplayName(
      "AGENT-20 what a call has returned from is durable: losing everything else loses nothing of it")
  void returnedMeansDurable() throws IOException {
    for (int way = 0; way < WAYS_TO_LOSE; way++) {
      SimulatedDisk disk = machine();
      DirectoryStore store = new DirectoryStore(LAYOUT, Optional.empty(), disk);
      toOld(store);
      store.activate(new Config.Local(), List.of());
      SimulatedDisk found = disk.afterPowerCut(new Random(way));
      assertThat(new DirectoryStore(LAYOUT, Optional.empty(), found).load()).isEqualTo(OLD);
      assertThat(found.kind(LAYOUT.environmentFile())).isEqualTo(Disk.Kind.NOTHING);
    }
  }

  @Test
  @DisplayName(
      "AGENT-20 an agent killed before its directory was synced leaves nothing that the next one takes for durable")
  void killedThenPowerCut() throws IOException {
    SimulatedDisk whole = machine();
    toOld(new DirectoryStore(LAYOUT, Optional.empty(), whole));
    for (int kill = 0; kill <= whole.steps(); kill++) {
      for (int way = 0; way < WAYS_TO_LOSE; way++) {
        SimulatedDisk disk = machine();
        disk.stopAfter(kill);
        try {
          toOld(new DirectoryStore(LAYOUT, Optional.empty(), disk));
        } catch (SimulatedDisk.Stopped killed) {
          assertThat(kill).isLessThan(whole.steps());
        }
        disk.stopAfter(Integer.MAX_VALUE);
        // Only the process died: the page cache is still there for the next agent.
        toOld(new DirectoryStore(LAYOUT, Optional.empty(), disk));
        complete(disk.afterPowerCut(new Random(way)), List.of(OLD), "killed after step " + kill);
      }
    }
  }

  @Test
  @DisplayName(
      "AGENT-20 a full disk fails the call and leaves what was there, and no debris once there is room")
  void fullDisk() throws IOException {
    SimulatedDisk whole = machine();
    DirectoryStore known = new DirectoryStore(LAYOUT, Optional.empty(), whole);
    toOld(known);
    int first = whole.steps();
    known.save(NEW);
    int length = whole.steps() - first;
    for (int room = 0; room < length; room++) {
      SimulatedDisk disk = machine();
      DirectoryStore store = new DirectoryStore(LAYOUT, Optional.empty(), disk);
      toOld(store);
      disk.fillUpAfter(room);
      assertThatThrownBy(() -> store.save(NEW)).hasMessageContaining("No space left");
      assertThat(List.of(OLD, NEW)).contains(store.load());
      disk.fillUpAfter(Integer.MAX_VALUE / 2);
      store.saveCheckpoint(TWO, States.TWO);
      store.save(NEW);
      assertThat(disk.list(LAYOUT.metadata())).hasSize(3);
    }
  }
}
