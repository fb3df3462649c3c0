package dev.retune.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.api.Condition;
import dev.retune.api.ConfigErrors;
import dev.retune.api.NodeKubeletStatus;
import dev.retune.api.Phase;

/** What holds at any moment, whatever happened. */
final class Invariants {
  private Invariants() {}

  /** After every effect: what the kubelet would start with next is there and whole. */
  static void check(World world) {
    NodeState saved = world.disk.load();
    String flag = world.disk.configFlag();
    if (!flag.isEmpty()) {
      boolean known =
          saved.checkpoints().stream()
              .anyMatch(checkpoint -> World.LAYOUT.document(checkpoint).toString().equals(flag));
      boolean replaced = saved.activation().filter(next -> !next.restartIssued()).isPresent();
      boolean undone = world.deadMansSwitch.underWay();
      require(known || replaced || undone, "the saved state knows what is activated", saved);
      require(world.disk.exists(flag), "what is activated is on disk", saved);
    }
    check(saved);
  }

  static void check(NodeState state) {
    boolean goodFailed =
        state.lastKnownGood() instanceof Checkpoint good && state.bad(good.hash()).isPresent();
    require(!goodFailed, "the last known good config has not failed", state);
    require(
        state.activation().isEmpty() || state.trial().isEmpty(),
        "no activation and trial at once",
        state);
    require(
        state.trial().isEmpty() || !state.active().sameContent(state.lastKnownGood()),
        "no trial of what is good already",
        state);
  }

  private static void require(boolean holds, String what, NodeState state) {
    if (!holds) {
      throw new AssertionError(what + ": " + state);
    }
  }

  /** Phase, error and the rest of a status do not contradict each other. */
  static void check(NodeState state, NodeKubeletStatus status) {
    check(state);
    Phase phase = status.phase().orElseThrow();
    String error = status.config().error();
    switch (phase) {
      case Good -> {
        assertThat(error).isEmpty();
        assertThat(status.config().active())
            .isPresent()
            .isEqualTo(status.config().lastKnownGood())
            .isEqualTo(status.config().assigned());
        assertThat(status.trial()).isEmpty();
      }
      case Trial -> {
        assertThat(error).isEmpty();
        assertThat(status.trial()).isPresent();
        assertThat(status.config().active()).isPresent();
      }
      case Local -> {
        assertThat(error).isEmpty();
        assertThat(status.config().active()).isEmpty();
        assertThat(status.config().assigned()).isEmpty();
        assertThat(status.config().lastKnownGood()).isEmpty();
      }
      case Rejected ->
          assertThat(error)
              .isIn(ConfigErrors.LOAD, ConfigErrors.VALIDATE, ConfigErrors.ALL_NIL_SUBFIELDS);
      case RolledBack -> assertThat(error).isEqualTo(ConfigErrors.RUN);
      case Syncing -> assertThat(error).isIn("", ConfigErrors.DOWNLOAD);
      case Blocked -> assertThat(error).isNotEmpty();
      case Restarting -> assertThat(status.trial()).isEmpty();
      case Drifted -> assertThat(status.trial().isPresent()).isEqualTo(state.trial().isPresent());
    }
    for (Condition condition : status.conditions()) {
      require(!condition.reason().isEmpty(), condition.type() + " has a reason", state);
      require(!condition.message().isBlank(), condition.type() + " has a message", state);
    }
  }
}
