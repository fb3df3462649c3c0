package dev.retune.agent.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Files of a node that are put there and taken away; what differs is changed and nothing else. What
 * was done is remembered, a line each, for people.
 */
final class NodeFiles {
  private static final Path UNITS = Path.of("/etc/systemd/system");

  private final Path root;
  private final List<String> done = new ArrayList<>();

  /**
   * @param root {@code /}, or the file system of an image; all other paths are those on the node
   */
  NodeFiles(Path root) {
    this.root = root;
  }

  /** Where a path of the node is for this process. */
  Path here(Path onNode) {
    return root.resolve(Path.of("/").relativize(onNode));
  }

  static Path unit(String name) {
    return UNITS.resolve(name);
  }

  boolean exists(Path onNode) {
    return Files.exists(here(onNode), LinkOption.NOFOLLOW_LINKS);
  }

  void did(String what) {
    done.add(what);
  }

  List<String> done() {
    return done.isEmpty() ? List.of("nothing to do") : List.copyOf(done);
  }

  /** Makes a directory for its owner only. */
  void createDirectory(Path onNode) throws IOException {
    Path directory = here(onNode);
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      did("created " + directory);
    }
  }

  boolean write(Path onNode, String text) throws IOException {
    Path file = here(onNode);
    try {
      if (Files.readString(file).equals(text)) {
        return false;
      }
    } catch (NoSuchFileException isNew) {
      Files.createDirectories(file.getParent());
    }
    Path temporary = file.resolveSibling(file.getFileName() + ".retune-new");
    Files.write(temporary, text.getBytes(StandardCharsets.UTF_8));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    did("wrote " + file);
    return true;
  }

  /** What {@code systemctl enable} does, also where no systemd runs. */
  boolean enable(String unit) throws IOException {
    Path link = here(wantedBy(unit));
    Path target = unit(unit);
    if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
      return false;
    }
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
    did("enabled " + unit);
    return true;
  }

  /** The reverse of writing and enabling a unit. */
  boolean deleteUnit(String name) throws IOException {
    delete(wantedBy(name));
    return delete(unit(name));
  }

  private static Path wantedBy(String unit) {
    return UNITS.resolve("multi-user.target.wants").resolve(unit);
  }

  boolean delete(Path onNode) throws IOException {
    Path file = here(onNode);
    if (!Files.deleteIfExists(file)) {
      return false;
    }
    did("removed " + file);
    return true;
  }

  void deleteIfEmpty(Path onNode) throws IOException {
    Path directory = here(onNode);
    if (Files.isDirectory(directory)) {
      try (var entries = Files.list(directory)) {
        if (entries.findAny().isPresent()) {
          return;
        }
      }
      Files.delete(directory);
    }
  }

  void deleteTree(Path onNode) throws IOException {
    Path directory = here(onNode);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    did("removed " + directory);
  }

  /**
   * Puts a file back that was put aside under another name; an empty one says that there was none.
   */
  void putBack(Path aside, Path onNode) throws IOException {
    if (!exists(aside)) {
      return;
    }
    if (Files.size(here(aside)) == 0) {
      Files.deleteIfExists(here(onNode));
      Files.delete(here(aside));
      did("removed " + here(onNode) + ", which was not there before");
    } else {
      Files.move(here(aside), here(onNode), StandardCopyOption.ATOMIC_MOVE);
      did("put " + here(onNode) + " back");
    }
  }
}
