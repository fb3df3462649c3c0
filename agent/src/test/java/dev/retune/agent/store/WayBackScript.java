package dev.retune.agent.store;

import dev.retune.agent.core.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the shell script of the dead man's switch does to a disk, step by step in its order; the
 * real one is tried on real machines. It can be stopped after any step and started again.
 */
public final class WayBackScript {
  private final WayBackPlaces places;
  private final Disk disk;

  WayBackScript(WayBackPlaces places, Disk disk) {
    this.places = places;
    this.disk = disk;
  }

  /** What the kubelet is taken to, in the words of {@code armed}. */
  private record Way(String undoes, boolean local, String text) {}

  /**
   * Goes the way back; nothing when none is armed.
   *
   * @param restart starts the kubelet anew
   */
  public void run(String bootId, Duration now, Runnable restart) throws IOException {
    if (!there(places.armed())) {
      return;
    }
    var way = choose(read(places.armed()).lines().toList());
    boolean onDisk = undoOnDisk(way);
    if (onDisk) {
      disk.delete(places.override());
    } else {
      put(places.override(), way.text());
    }
    restart.run();
    String note =
        "undone %s\nboot %s\nsince-boot %s\nevidence went back\nend\n"
            .formatted(way.undoes(), bootId, now);
    put(places.takenOnThisBoot(), note);
    if (!onDisk) {
      return;
    }
    if (there(environment())) {
      disk.sync(environment());
    }
    disk.syncDirectory(parent(environment()));
    if (noted(note)) {
      disk.delete(places.armed());
    } else {
      disk.rename(places.armed(), places.taken());
    }
    disk.syncDirectory(places.directory());
  }

  private boolean noted(String note) throws IOException {
    try {
      put(places.taken(), note);
    } catch (IOException full) {
      return false;
    }
    disk.sync(places.taken());
    disk.syncDirectory(places.directory());
    return true;
  }

  private Way choose(List<String> armed) throws IOException {
    boolean whole = armed.contains("end");
    String undoes = value(armed, "undoes").orElse("");
    if (whole && value(armed, "original").isPresent()) {
      String sum = value(armed, "sha256").orElse("");
      for (var way : List.of(List.of("original", "document"), List.of("duplicate", "copy"))) {
        Path document = Path.of(value(armed, way.getFirst()).orElse("/"));
        if (there(document) && Document.sha256(disk.read(document)).equals(sum)) {
          return new Way(undoes, false, values(armed, way.getLast()));
        }
      }
    }
    return new Way(undoes, true, values(armed, "local"));
  }

  private boolean undoOnDisk(Way way) throws IOException {
    if (undone(way)) {
      return true;
    }
    try {
      if (way.local()) {
        disk.delete(environment());
      } else if (there(places.prepared()) && read(places.prepared()).equals(way.text())) {
        disk.rename(places.prepared(), environment());
      } else {
        put(environment(), way.text());
      }
    } catch (IOException full) {
      return false;
    }
    return undone(way);
  }

  private boolean undone(Way way) throws IOException {
    return way.local()
        ? !there(environment())
        : there(environment()) && read(environment()).equals(way.text());
  }

  private Path environment() {
    return places.layout().environmentFile();
  }

  private static Optional<String> value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + " "))
        .map(line -> line.substring(key.length() + 1))
        .findFirst();
  }

  private static String values(List<String> lines, String key) {
    var text = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith(key + " ")) {
        text.append(line.substring(key.length() + 1)).append('\n');
      }
    }
    return text.toString();
  }

  private void put(Path file, String text) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + "~");
    disk.create(unfinished);
    disk.write(unfinished, text.getBytes(StandardCharsets.UTF_8));
    disk.rename(unfinished, file);
  }

  private static Path parent(Path file) {
    return Optional.ofNullable(file.getParent()).orElseThrow();
  }

  private boolean there(Path file) throws IOException {
    return disk.kind(file) == Disk.Kind.FILE;
  }

  private String read(Path file) throws IOException {
    return new String(disk.read(file), StandardCharsets.UTF_8);
  }
}
