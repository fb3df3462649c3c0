package dev.retune.agent.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A file system one step at a time, so that a test can stop after any of them and lose whatever was
 * not made durable yet. What is written is durable after {@link #sync}, and where it is (a name, a
 * rename, a deletion) after {@link #syncDirectory} of the directory. No operation follows a
 * symbolic link at the end of a path.
 */
interface Disk {

  /** Makes a directory with mode 0700, or gives an existing one that mode. */
  void makeDirectory(Path directory) throws IOException;

  /** Makes an empty file with mode 0600, in place of one that may be there. */
  void create(Path file) throws IOException;

  void write(Path file, byte[] content) throws IOException;

  void sync(Path file) throws IOException;

  /** Moves a file over another one in the same directory, as one step. */
  void rename(Path from, Path to) throws IOException;

  void syncDirectory(Path directory) throws IOException;

  /** Removes a file or an empty directory. */
  void delete(Path path) throws IOException;

  /**
   * The bytes of a file.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  byte[] read(Path file) throws IOException;

  /** What is at a path, without following a symbolic link. */
  Kind kind(Path path) throws IOException;

  /** What is in a directory, in any order. */
  List<Path> list(Path directory) throws IOException;

  /** When the file was last written. */
  Instant modified(Path file) throws IOException;

  /** What can be at a path. */
  enum Kind {
    NOTHING,
    FILE,
    DIRECTORY,
    SYMBOLIC_LINK,
    OTHER
  }
}
