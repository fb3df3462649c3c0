package dev.retune.agent.store;

import dev.retune.agent.core.Layout;
import java.nio.file.Path;

/**
 * Where the way back of an activation is kept (AGENT-15): outside of the agent's directory, which
 * may be deleted, read-only or full when the way back is needed.
 *
 * @param layout the agent's own directory
 * @param directory what must outlive a power cut; nothing but the way back is in there
 * @param runtime in memory, so that it can be written to when no disk can
 */
public record WayBackPlaces(Layout layout, Path directory, Path runtime) {
  private static final Path RUNTIME = Path.of("/run/retune");

  /**
   * The places that belong to an agent's directory, for example {@code /var/lib/retune-way-back}.
   */
  public static WayBackPlaces of(Layout layout) {
    Path own = layout.directory();
    return new WayBackPlaces(layout, own.resolveSibling(own.getFileName() + "-way-back"), RUNTIME);
  }

  /** While it is there, an activation can be undone; it says how. */
  public Path armed() {
    return directory.resolve("armed");
  }

  /** The file of variables that the kubelet's unit reads last. */
  public Path override() {
    return runtime.resolve("kubelet.env");
  }

  /**
   * What {@code kubelet.env} is to be again, written beforehand: putting it there needs no room.
   */
  Path prepared() {
    return layout.directory().resolve("kubelet.env.way-back");
  }

  /** What was done; on disk it is there only when the disk could be written to. */
  Path taken() {
    return directory.resolve("taken");
  }

  /** What was done on this boot. */
  Path takenOnThisBoot() {
    return runtime.resolve("taken");
  }

  /** What the kubelet's unit looked like when the way back was begun on this boot. */
  Path evidence() {
    return runtime.resolve("evidence");
  }

  /** The copy of a document, by its SHA-256. */
  Path copy(String hash) {
    return directory.resolve(hash);
  }
}
