package dev.retune.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retune.agent.core.Layout;
import dev.retune.agent.core.WayBack;
import dev.retune.agent.store.WayBackPlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a systemd; with one, the switch is tried in e2e. */
class SystemdDeadMansSwitchTest {
  private static final WayBack LOCAL =
      new WayBack("abc", Optional.empty(), List.of(), Path.of("/var/lib/kubelet"));

  @TempDir Path root;
  private WayBackPlaces places;
  private Path script;
  private SystemdDeadMansSwitch deadMansSwitch;

  @BeforeEach
  void node() throws IOException {
    places =
        new WayBackPlaces(
            new Layout(root.resolve("retune")), root.resolve("way-back"), root.resolve("run"));
    Files.createDirectory(places.directory());
    Files.createDirectory(places.runtime());
    script = root.resolve("script");
    deadMansSwitch = new SystemdDeadMansSwitch(places, script);
  }

  @Test
  @DisplayName("AGENT-15 a node that the switch was not installed on cannot be armed, and says so")
  void notInstalled() throws Exception {
    assertThatThrownBy(() -> deadMansSwitch.arm(LOCAL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(script + " is missing")
        .hasMessageContaining("retune node install");
    Files.writeString(script, "#!/bin/sh\nformat=0\n");
    assertThatThrownBy(() -> deadMansSwitch.arm(LOCAL)).hasMessageContaining("not of this version");
    assertThat(deadMansSwitch.armed()).isFalse();
    assertThat(places.directory()).isEmptyDirectory();
  }

  @Test
  @DisplayName("AGENT-15 what the script noted is told, from memory or from disk")
  void taken() throws Exception {
    assertThat(deadMansSwitch.taken()).isEmpty();
    String note =
        "undone abc\nboot b-1\nsince-boot 90.25\nevidence before: Result=exit-code\nend\n";
    Files.writeString(places.directory().resolve("taken"), note);
    var told =
        new DeadMansSwitch.Taken(
            "abc", "b-1", Duration.ofMillis(90_250), "before: Result=exit-code");
    assertThat(deadMansSwitch.taken()).contains(told);
    Files.writeString(places.runtime().resolve("taken"), note.replace("abc", "def"));
    assertThat(deadMansSwitch.taken().orElseThrow().undone()).isEqualTo("def");
    Files.writeString(places.runtime().resolve("taken"), "format 1\nundoes ghi\nend\n");
    assertThat(deadMansSwitch.taken())
        .contains(new DeadMansSwitch.Taken("ghi", "", Duration.ZERO, ""));
  }

  @Test
  @DisplayName("AGENT-15 what is not armed cannot be pulled")
  void notArmed() {
    assertThatThrownBy(deadMansSwitch::pull)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not armed");
  }
}
