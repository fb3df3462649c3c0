package dev.retune.agent.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The only way in which the agent writes (AGENT-5, AGENT-20): a file is written beside its place,
 * made durable, moved into place, and the directory is made durable. After a power cut at any
 * moment the file is the whole old or the whole new one.
 *
 * <p>Everything is below one directory, in which a symbolic link is never followed.
 */
final class DurableFiles {

  /** Ends the names of files that are not in their place yet; no ConfigMap key has it. */
  static final String UNFINISHED = "~";

  private final Disk disk;
  private final Path root;

  /** Directories that are known to be there after a power cut. */
  private final Set<Path> durable = new HashSet<>();

  /**
   * @param root absolute; its parent must exist
   */
  DurableFiles(Disk disk, Path root) {
    this.disk = disk;
    this.root = root;
  }

  /** The bytes of a file; empty when there is none. */
  Optional<byte[]> read(Path file) throws IOException {
    refuseLinks(file);
    try {
      return Optional.of(disk.read(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Puts {@code content} in the place of whatever {@code file} holds; nothing when it holds that.
   */
  void replace(Path file, byte[] content) throws IOException {
    Optional<byte[]> before = read(file);
    if (before.isPresent() && Arrays.equals(before.get(), content) && isDurable(file)) {
      return;
    }
    Path directory = parent(file);
    makeDirectory(directory);
    Path unfinished = directory.resolve(file.getFileName() + UNFINISHED);
    try {
      disk.create(unfinished);
      disk.write(unfinished, content);
      disk.sync(unfinished);
      disk.rename(unfinished, file);
    } catch (IOException failed) {
      try {
        disk.delete(unfinished);
      } catch (IOException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw failed;
    }
    disk.syncDirectory(directory);
    durable.add(file);
  }

  /** Removes a file, if it is there, for good. */
  void delete(Path file) throws IOException {
    refuseLinks(file);
    Path directory = parent(file);
    if (disk.kind(directory) == Disk.Kind.NOTHING) {
      return;
    }
    if (disk.kind(file) == Disk.Kind.NOTHING && isDurable(file)) {
      return;
    }
    disk.delete(file);
    disk.syncDirectory(directory);
    durable.add(file);
  }

  private boolean isDurable(Path file) {
    return durable.contains(file);
  }

  /**
   * What an earlier agent made may not be durable yet, so each directory is made durable once by
   * each agent.
   */
  private void makeDirectory(Path directory) throws IOException {
    if (durable.contains(directory)) {
      return;
    }
    if (!directory.equals(root)) {
      makeDirectory(parent(directory));
    }
    disk.makeDirectory(directory);
    disk.syncDirectory(parent(directory));
    durable.add(directory);
  }

  /** Forgets that a directory or file is durable, because it was removed. */
  void forget(Path path) {
    durable.remove(path);
  }

  private void refuseLinks(Path file) throws IOException {
    if (!file.startsWith(root) || !file.equals(file.normalize())) {
      throw new IOException(file + " is outside of " + root);
    }
    for (Path path = file; !path.equals(root); path = parent(path)) {
      if (disk.kind(path) == Disk.Kind.SYMBOLIC_LINK) {
        throw new IOException(path + " is a symbolic link, which is not followed there; remove it");
      }
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no parent directory");
    }
    return parent;
  }
}
