package dev.retune.agent.install;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The releases of Retune on a node: a directory each, and the link {@code current} to the one that
 * is used. A directory is complete before the link names it and is never written again, so there is
 * an agent to start at every moment.
 */
final class Releases {
  private static final String CURRENT = "current";
  private static final String UNFINISHED = ".retune-new";

  /** What tells a release from a directory that somebody else put beside it. */
  private static final List<Path> MARKS = List.of(Path.of("bin/retune"), Path.of("lib/cli.jar"));

  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");
  private static final Set<PosixFilePermission> EXECUTABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private final NodeFiles files;
  private final Path prefix;
  private List<Path> superseded = List.of();

  /**
   * @param prefix where they are on the node
   */
  Releases(NodeFiles files, Path prefix) {
    this.files = files;
    this.prefix = prefix;
  }

  /** The executable of whichever release is used. */
  Path executable() {
    return prefix.resolve(CURRENT).resolve("bin/retune");
  }

  /**
   * Makes a release the one that is used.
   *
   * @return false when it already was, with the same files
   */
  boolean use(Release release) throws IOException {
    deleteUnfinished();
    Optional<Path> before = current();
    if (before.isPresent() && same(release.home(), before.get())) {
      return false;
    }
    Path directory = place(release);
    if (!Files.exists(directory)) {
      copy(release.home(), directory);
    }
    point(directory);
    Set<Path> kept = new HashSet<>(Set.of(directory));
    before.ifPresent(kept::add);
    superseded = all().stream().filter(other -> !kept.contains(other)).toList();
    return true;
  }

  /** Removes all but the release that is used and the one before it, after {@link #use}. */
  void removeSuperseded() throws IOException {
    for (Path old : superseded) {
      delete(old);
    }
  }

  /** Removes all of them. */
  void removeAll() throws IOException {
    deleteUnfinished();
    files.delete(prefix.resolve(CURRENT));
    for (Path release : all()) {
      delete(release);
    }
    files.deleteIfEmpty(prefix);
  }

  /**
   * The directory of a version. One with other files, of a build that was not given a version of
   * its own, may be what the agent is running from: the new one goes beside it.
   */
  private Path place(Release release) throws IOException {
    Path here = files.here(prefix);
    Path place = here.resolve(release.version());
    for (int i = 2; Files.exists(place, LinkOption.NOFOLLOW_LINKS); i++) {
      if (same(release.home(), place)) {
        return place;
      }
      place = here.resolve(release.version() + "-" + i);
    }
    return place;
  }

  private Optional<Path> current() throws IOException {
    Path link = files.here(prefix).resolve(CURRENT);
    if (!Files.isSymbolicLink(link)) {
      return Optional.empty();
    }
    Path directory = link.resolveSibling(Files.readSymbolicLink(link)).normalize();
    return Files.isDirectory(directory) ? Optional.of(directory) : Optional.empty();
  }

  /** Relative, so that it also holds in an image that is mounted somewhere. */
  private void point(Path directory) throws IOException {
    Path link = files.here(prefix).resolve(CURRENT);
    Path temporary = link.resolveSibling(CURRENT + UNFINISHED);
    Files.deleteIfExists(temporary);
    Files.createSymbolicLink(temporary, directory.getFileName());
    Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
    sync(files.here(prefix));
    files.did(link + " is now " + directory.getFileName());
  }

  private List<Path> all() throws IOException {
    Path here = files.here(prefix);
    if (!Files.isDirectory(here)) {
      return List.of();
    }
    try (var entries = Files.list(here)) {
      return entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .filter(
              entry -> MARKS.stream().allMatch(mark -> Files.isRegularFile(entry.resolve(mark))))
          .sorted()
          .toList();
    }
  }

  private void deleteUnfinished() throws IOException {
    Path here = files.here(prefix);
    if (Files.isDirectory(here)) {
      try (var entries = Files.newDirectoryStream(here, "*" + UNFINISHED)) {
        for (Path entry : entries) {
          delete(entry);
        }
      }
    }
  }

  private void delete(Path here) throws IOException {
    Path onNode = prefix.resolve(here.getFileName());
    if (Files.isDirectory(here, LinkOption.NOFOLLOW_LINKS)) {
      files.deleteTree(onNode);
    } else {
      files.delete(onNode);
    }
  }

  private void copy(Path from, Path to) throws IOException {
    Path temporary = to.resolveSibling(to.getFileName() + UNFINISHED);
    Files.createDirectories(
        temporary.getParent(), PosixFilePermissions.asFileAttribute(EXECUTABLE));
    for (Path relative : tree(from)) {
      copyFile(from.resolve(relative), temporary.resolve(relative));
    }
    sync(temporary);
    Files.move(temporary, to, StandardCopyOption.ATOMIC_MOVE);
    files.did("copied " + from + " to " + to);
  }

  /**
   * The time stays, for the caches of classes know the jars by it. The owner does not: who unpacked
   * the archive may not be who is trusted with what root runs.
   */
  private static void copyFile(Path from, Path to) throws IOException {
    if (Files.isSymbolicLink(from)) {
      Files.createSymbolicLink(to, Files.readSymbolicLink(from));
      return;
    }
    if (Files.isDirectory(from)) {
      Files.createDirectory(to);
      Files.setPosixFilePermissions(to, EXECUTABLE);
      return;
    }
    Files.copy(from, to);
    Files.setPosixFilePermissions(to, Files.isExecutable(from) ? EXECUTABLE : FILE);
    Files.setLastModifiedTime(to, Files.getLastModifiedTime(from));
    sync(to);
  }

  private static void sync(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Whether two directories have the same files, and a JVM would find them the same. */
  private static boolean same(Path one, Path other) throws IOException {
    if (one.toRealPath().equals(other.toRealPath())) {
      return true;
    }
    var tree = tree(one);
    if (!tree.equals(tree(other))) {
      return false;
    }
    for (Path relative : tree) {
      if (!sameFile(one.resolve(relative), other.resolve(relative))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameFile(Path one, Path other) throws IOException {
    if (Files.isSymbolicLink(one) || Files.isSymbolicLink(other)) {
      return Files.isSymbolicLink(one)
          && Files.isSymbolicLink(other)
          && Files.readSymbolicLink(one).equals(Files.readSymbolicLink(other));
    }
    if (Files.isDirectory(one) || Files.isDirectory(other)) {
      return Files.isDirectory(one) && Files.isDirectory(other);
    }
    return Files.isExecutable(one) == Files.isExecutable(other)
        && Files.getLastModifiedTime(one).equals(Files.getLastModifiedTime(other))
        && Files.mismatch(one, other) == -1;
  }

  /** All below a directory and itself, relative to it, parents first. */
  private static Set<Path> tree(Path directory) throws IOException {
    var tree = new TreeSet<Path>();
    try (var all = Files.walk(directory)) {
      all.map(directory::relativize).forEach(tree::add);
    }
    return tree;
  }
}
