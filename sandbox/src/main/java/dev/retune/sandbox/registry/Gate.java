package dev.retune.sandbox.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.store.Key;
import java.util.Optional;
import java.util.function.Consumer;

/** Who has a say in a write when the object is complete and valid: validating admission. */
public interface Gate {
  /** For the control plane's own writes. */
  Gate OPEN = write -> {};

  /**
   * Lets a write pass.
   *
   * @throws ApiFailure when it may not
   */
  void pass(Write write);

  /** What happens to an object. */
  enum Operation {
    CREATE,
    UPDATE,
    DELETE
  }

  /**
   * A write that is about to happen. The trees are in the version of {@code type} and must not be
   * changed.
   *
   * @param subresource empty for the object itself
   * @param object the new object; empty for a deletion
   * @param old the stored object; empty for a creation
   * @param warnings takes texts for the caller
   */
  record Write(
      ResourceType type,
      Operation operation,
      Key key,
      String subresource,
      Optional<ObjectNode> object,
      Optional<ObjectNode> old,
      boolean dryRun,
      Consumer<String> warnings) {

    /** The refusal of this write. */
    public ApiFailure forbidden(String why) {
      return ApiFailure.forbidden(type, key.name(), why);
    }
  }
}
