package dev.retune.agent.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.Texts;
import dev.retune.agent.core.World;
import dev.retune.api.ConfigErrors;
import dev.retune.api.Phase;
import java.util.Collection;

/** What holds when a node was left alone for long enough, whatever happened to it before. */
final class Outcome {
  private Outcome() {}

  /**
   * Checks a node.
   *
   * @param texts every document that was ever assigned
   * @param blind whether so much happened that a lease may have been overdue unseen
   */
  static void check(World world, Collection<String> texts, boolean blind) {
    assertThat(world.state().activation()).as("nothing is under way").isEmpty();
    assertThat(world.state().trial().isPresent() && innocent(world)).as("no trial is").isFalse();
    assertThat(world.disk.armed()).as("the way back is disarmed").isEqualTo(pending(world));
    assertThat(world.kubelet.starts())
        .as("every start is with a whole document")
        .allMatch(
            start -> start.document().equals(Texts.LOCAL) || texts.contains(start.document()));
    assertThat(texts.stream().filter(Texts::innocent).filter(world::knownBad))
        .as("nothing that runs well is held to be bad")
        .isEmpty();
    String running = world.running().orElse("nothing");
    if (reset(world)) {
      assertThat(running).isEqualTo(Texts.LOCAL);
      assertThat(world.phase()).isEqualTo(Phase.Local);
      return;
    }
    var assigned = world.cluster.assignedText();
    if (assigned.filter(Texts::innocent).isPresent()) {
      assertThat(running).isEqualTo(assigned.get());
      assertThat(world.phase()).isEqualTo(Phase.Good);
      assertThat(world.error()).isEmpty();
      return;
    }
    assertThat(Texts.innocent(running) || (blind && Texts.losesLease(running)))
        .as("what runs is nothing ill: " + running)
        .isTrue();
    assigned
        .filter(text -> Texts.says(text, "judge"))
        .ifPresent(_ -> assertThat(world.error()).isIn(ConfigErrors.LOAD, ConfigErrors.VALIDATE));
    assigned
        .filter(text -> Texts.says(text, "crashAfter"))
        .ifPresent(text -> {
          assertThat(world.error()).isEqualTo(ConfigErrors.RUN);
          assertThat(world.knownBad(text)).isTrue();
        });
  }

  private static boolean reset(World world) {
    return world.cluster.spec().filter(spec -> !spec.named()).isPresent();
  }

  private static boolean innocent(World world) {
    return reset(world) || world.cluster.assignedText().filter(Texts::innocent).isPresent();
  }

  private static boolean pending(World world) {
    return world.state().pending();
  }
}
