package dev.retune.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.node.ManagerStateFiles.Move;
import dev.retune.kubelet.start.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagerStateFilesTest {
  private static final Set<StateFile> CPU = Set.of(StateFile.CPU_MANAGER);
  private static final Set<StateFile> NONE = Set.of();

  @TempDir private Path directory;
  private Path file;
  private Path aside;
  private ManagerStateFiles files;

  @BeforeEach
  void files() {
    file = directory.resolve("cpu_manager_state");
    aside = directory.resolve("cpu_manager_state.before-retune");
    files = new ManagerStateFiles(directory);
  }

  @ParameterizedTest(name = "goes with good: {0}, unlike running: {1}, aside: {2} -> {3}")
  @CsvSource({
    "true,  false, false, KEEP", // none -> none
    "true,  true,  false, DISCARD", // nothing is aside: the kubelet writes a new one
    "true,  true,  true,  PUT_BACK", // none -> static -> none
    "true,  false, true,  PUT_BACK", // cut off in between
    "false, true,  false, SET_ASIDE", // none -> static
    "false, false, false, SET_ASIDE", // what runs is like the target, which was never good
    "false, true,  true,  DISCARD", // none -> static -> static with options
    "false, false, true,  KEEP" // none -> static -> static
  })
  @DisplayName("AGENT-18 what becomes of a state file")
  void table(boolean goesWithGood, boolean unlikeRunning, boolean aside, Move expected) {
    assertThat(ManagerStateFiles.move(goesWithGood, unlikeRunning, aside)).isEqualTo(expected);
  }

  @Test
  @DisplayName("bug 24: AGENT-18 none, static and back to none: the file of none is there again")
  void thereAndBack() throws IOException {
    Files.writeString(file, "none");
    files.moves(false, CPU, CPU).make();
    assertThat(file).doesNotExist();
    assertThat(aside).hasContent("none");

    Files.writeString(file, "static");
    files.moves(true, NONE, CPU).make();
    assertThat(file).hasContent("none");
    assertThat(aside).doesNotExist();
  }

  @Test
  @DisplayName("AGENT-18 made twice, as by an agent that was cut off, the moves come to the same")
  void twice() throws IOException {
    Files.writeString(file, "none");
    files.moves(false, CPU, CPU).make();
    files.moves(false, CPU, CPU).make();
    assertThat(aside).hasContent("none");
    files.moves(true, NONE, CPU).make();
    assertThat(file).hasContent("none");
  }

  @Test
  @DisplayName("AGENT-18 where there was no file there is none after the way back")
  void thereWasNone() throws IOException {
    files.moves(false, CPU, CPU).make();
    assertThat(aside).isEmptyFile();
    Files.writeString(file, "static");
    files.moves(true, NONE, CPU).make();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  @DisplayName("AGENT-18 a policy that became last known good: the older file is removed")
  void settled() throws IOException {
    Files.writeString(file, "none");
    files.moves(false, CPU, CPU).make();
    Files.writeString(file, "static");
    files.settle();
    assertThat(aside).doesNotExist();
    assertThat(file).hasContent("static");
  }

  @Test
  @DisplayName("AGENT-18 a change of anything else leaves the files alone")
  void otherChange() {
    assertThat(files.moves(false, NONE, NONE).isEmpty()).isTrue();
  }
}
