package dev.retune.agent.crash;

import dev.retune.agent.core.Texts;
import dev.retune.agent.core.World;
import java.time.Duration;
import java.util.Locale;

/** Something that a person does to a node with a good config. */
enum Change {
  GOOD,
  OTHER_GOOD,
  INVALID,
  CRASHES_AT_START,
  CRASHES_IN_TRIAL,
  RESET,
  EDIT_IN_PLACE,
  DELETE,
  RELABEL;

  /** The ConfigMap that is assigned at first, and edited, deleted and relabelled later. */
  static final String FIRST = "first";

  /** Does it. */
  void make(World world) {
    switch (this) {
      case GOOD, OTHER_GOOD, INVALID, CRASHES_AT_START, CRASHES_IN_TRIAL -> {
        world.edit(name().toLowerCase(Locale.ROOT), text());
        world.assign(name().toLowerCase(Locale.ROOT));
      }
      case RESET -> world.reset();
      case EDIT_IN_PLACE -> world.edit(FIRST, text());
      case DELETE -> world.cluster.delete(FIRST);
      case RELABEL -> world.cluster.label(FIRST);
    }
    world.news();
  }

  /** What the kubelet would run with it. */
  String text() {
    return switch (this) {
      case GOOD -> Texts.good("one");
      case OTHER_GOOD -> Texts.good("two");
      case EDIT_IN_PLACE -> Texts.good("edited");
      case INVALID -> Texts.invalid("i");
      case CRASHES_AT_START -> Texts.crashes("at start", Duration.ofMillis(100));
      case CRASHES_IN_TRIAL -> Texts.crashes("in trial", Duration.ofSeconds(4));
      case RESET, DELETE, RELABEL -> Texts.LOCAL;
    };
  }
}
