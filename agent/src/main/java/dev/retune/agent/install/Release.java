package dev.retune.agent.install;

import java.nio.file.Path;

/**
 * An unpacked archive that is put on a node.
 *
 * @param home its top directory, where this process sees it
 * @param version names its directory on the node
 * @param prefix where the node keeps its releases, as a path on the node
 */
public record Release(Path home, String version, Path prefix) {
  /** Where nodes keep their releases when nothing else is said. */
  public static final Path DEFAULT_PREFIX = Path.of("/opt/retune");

  /**
   * @throws IllegalArgumentException for a version that is no plain name of a directory
   */
  public Release {
    if (!version.matches("[0-9A-Za-z][0-9A-Za-z.+_-]*") || version.equals("current")) {
      throw new IllegalArgumentException("no version to name a directory after: " + version);
    }
  }
}
