package dev.retune.agent.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A file system with a page cache that can be lost. The power can be cut after any step; {@link
 * #afterPowerCut} is what the machine finds then: of what was not synced, files have any of their
 * old bytes, none, a part, or the new ones, and directories any first part of their changes.
 */
final class SimulatedDisk implements Disk {

  /** The power is gone; nothing may catch it as an error to deal with. */
  static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private sealed interface Node {}

  private static final class FileNode implements Node {
    byte[] cached = new byte[0];
    byte[] durable = new byte[0];
    long modified;
  }

  private static final class DirectoryNode implements Node {
    final Map<String, Node> cached = new HashMap<>();
    final Map<String, Node> durable = new HashMap<>();
    final List<Change> pending = new ArrayList<>();

    void change(Change change) {
      change.applyTo(cached);
      pending.add(change);
    }
  }

  /** Removes a name, if there is one to remove, and binds another, as one step. */
  private record Change(String removed, String bound, @Nullable Node node) {
    void applyTo(Map<String, Node> names) {
      names.remove(removed);
      if (node != null) {
        names.put(bound, node);
      }
    }
  }

  private final DirectoryNode root;
  private int stepsLeft = Integer.MAX_VALUE;
  private int steps;
  private int failAt = Integer.MAX_VALUE;

  SimulatedDisk() {
    this(new DirectoryNode());
  }

  private SimulatedDisk(DirectoryNode root) {
    this.root = root;
  }

  /** Cuts the power when {@code more} further steps were done. */
  void cutPowerAfter(int more) {
    stepsLeft = more;
  }

  /** Lets the step after {@code more} further ones fail as a full disk does, and all after it. */
  void fillUpAfter(int more) {
    failAt = steps + more;
  }

  int steps() {
    return steps;
  }

  /** The disk as it is found after a power cut now. */
  SimulatedDisk afterPowerCut(Random luck) {
    return new SimulatedDisk(survivor(root, luck));
  }

  private static DirectoryNode survivor(DirectoryNode lost, Random luck) {
    Map<String, Node> names = new HashMap<>(lost.durable);
    int kept = luck.nextInt(lost.pending.size() + 1);
    lost.pending.subList(0, kept).forEach(change -> change.applyTo(names));
    DirectoryNode found = new DirectoryNode();
    names.forEach((name, node) -> {
      Node survivor =
          switch (node) {
            case DirectoryNode directory -> survivor(directory, luck);
            case FileNode file -> survivor(file, luck);
          };
      found.cached.put(name, survivor);
      found.durable.put(name, survivor);
    });
    return found;
  }

  private static FileNode survivor(FileNode lost, Random luck) {
    FileNode found = new FileNode();
    found.modified = lost.modified;
    if (Arrays.equals(lost.cached, lost.durable)) {
      found.cached = lost.durable;
    } else {
      found.cached =
          switch (luck.nextInt(4)) {
            case 0 -> lost.durable;
            case 1 -> lost.cached;
            case 2 -> new byte[lost.cached.length];
            default -> Arrays.copyOf(lost.cached, luck.nextInt(lost.cached.length + 1));
          };
    }
    found.durable = found.cached;
    return found;
  }

  private void step() throws IOException {
    if (stepsLeft-- <= 0) {
      throw new PowerCut();
    }
    if (steps++ >= failAt) {
      throw new IOException("No space left on device");
    }
  }

  private @Nullable Node find(Path path) {
    Node node = root;
    for (Path name : path) {
      if (!(node instanceof DirectoryNode directory)) {
        return null;
      }
      node = directory.cached.get(name.toString());
    }
    return node;
  }

  private FileNode file(Path path) throws NoSuchFileException {
    if (find(path) instanceof FileNode file) {
      return file;
    }
    throw new NoSuchFileException(path.toString());
  }

  private DirectoryNode directory(@Nullable Path path) throws NoSuchFileException {
    if (path != null && find(path) instanceof DirectoryNode directory) {
      return directory;
    }
    throw new NoSuchFileException(String.valueOf(path));
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  @Override
  public void makeDirectory(Path path) throws IOException {
    step();
    Node there = find(path);
    if (there instanceof FileNode) {
      throw new FileAlreadyExistsException(path.toString());
    }
    if (there == null) {
      directory(path.getParent()).change(new Change("", name(path), new DirectoryNode()));
    }
  }

  @Override
  public void create(Path path) throws IOException {
    step();
    directory(path.getParent()).change(new Change("", name(path), new FileNode()));
  }

  @Override
  public void write(Path path, byte[] content) throws IOException {
    step();
    FileNode file = file(path);
    file.cached = content.clone();
    file.modified = steps;
  }

  @Override
  public void sync(Path path) throws IOException {
    step();
    FileNode file = file(path);
    file.durable = file.cached;
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step();
    directory(from.getParent()).change(new Change(name(from), name(to), file(from)));
  }

  @Override
  public void syncDirectory(Path path) throws IOException {
    step();
    DirectoryNode directory = directory(path);
    directory.pending.forEach(change -> change.applyTo(directory.durable));
    directory.pending.clear();
  }

  @Override
  public void delete(Path path) throws IOException {
    step();
    if (find(path) != null) {
      directory(path.getParent()).change(new Change(name(path), "", null));
    }
  }

  @Override
  public byte[] read(Path path) throws IOException {
    return file(path).cached.clone();
  }

  @Override
  public Kind kind(Path path) {
    return switch (find(path)) {
      case null -> Kind.NOTHING;
      case FileNode _ -> Kind.FILE;
      case DirectoryNode _ -> Kind.DIRECTORY;
    };
  }

  @Override
  public List<Path> list(Path path) throws IOException {
    return directory(path).cached.keySet().stream().map(path::resolve).toList();
  }

  @Override
  public Instant modified(Path path) throws IOException {
    return Instant.ofEpochSecond(file(path).modified);
  }
}
