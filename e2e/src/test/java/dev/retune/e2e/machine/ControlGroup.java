package dev.retune.e2e.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A control group of its own for one machine: two machines in the same one would share {@code
 * system.slice}.
 */
final class ControlGroup {

  private final List<Path> places;

  private ControlGroup(List<Path> places) {
    this.places = places;
  }

  static ControlGroup create(String name) {
    List<Path> places = MachineHost.hierarchies().stream().map(path -> path.resolve(name)).toList();
    try {
      for (Path place : places) {
        Files.createDirectories(place);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ControlGroup(places);
  }

  /** Shell commands that move the shell that runs them into the group. */
  String enter() {
    StringBuilder script = new StringBuilder();
    for (Path place : places) {
      script.append("echo $$ > '").append(place.resolve("cgroup.procs")).append("' || exit 1; ");
    }
    return script.toString();
  }

  /**
   * Removes the group when the last process in it is gone. Returns whether all of it could be
   * removed.
   */
  boolean remove() {
    boolean gone = true;
    for (Path place : places) {
      if (!Files.exists(place)) {
        continue;
      }
      try (Stream<Path> below = Files.walk(place)) {
        for (Path directory :
            below.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
          gone &= directory.toFile().delete();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return gone;
  }
}
