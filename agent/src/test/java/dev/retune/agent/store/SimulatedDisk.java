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
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A file system with a page cache that can be lost. Whoever uses it can be stopped after any step;
 * {@link #afterPowerCut} is what the machine finds when the power was cut then: of what was not
 * synced, files have any of their old bytes, none, a part, or the new ones, and directories any
 * first part of their changes.
 */
public final class SimulatedDisk implements Disk {

  /** Nothing happens any more; nothing may catch it as an error to deal with. */
  public static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** What a power cut takes of what was not synced. */
  public enum Loss {
    /** All of it had reached the disk. */
    NOTHING,
    /** Names: what was created, renamed or deleted was not. */
    NAMES,
    /** Bytes: files are as long as they were written, and empty. */
    BYTES,
    /** The second half of each: of the bytes of a file, of the changes to a directory. */
    TORN
  }

  /** What is below is not on the disk at all. */
  private static final Path MEMORY = Path.of("/run");

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
  private Runnable beforeStep = () -> {};

  /** Whether nothing new can be written; names can still be changed and removed. */
  public boolean full;

  public SimulatedDisk() {
    this(new DirectoryNode());
  }

  private SimulatedDisk(DirectoryNode root) {
    this.root = root;
  }

  /** Stops whoever uses it when {@code more} further steps were done. */
  public void stopAfter(int more) {
    stepsLeft = more;
  }

  /** Lets the step after {@code more} further ones fail as a full disk does, and all after it. */
  void fillUpAfter(int more) {
    failAt = steps + more;
  }

  public int steps() {
    return steps;
  }

  /** What a power cut takes of one directory or file. */
  private interface Taking {
    /** How many of the changes to a directory are kept. */
    int changes(int pending);

    /** What is found of a file. */
    byte[] bytes(byte[] durable, byte[] cached);
  }

  /** The disk as it is found after a power cut now, with any luck. */
  public SimulatedDisk afterPowerCut(Random luck) {
    return afterPowerCut(
        new Taking() {
          @Override
          public int changes(int pending) {
            return luck.nextInt(pending + 1);
          }

          @Override
          public byte[] bytes(byte[] durable, byte[] cached) {
            return switch (luck.nextInt(4)) {
              case 0 -> durable;
              case 1 -> cached;
              case 2 -> new byte[cached.length];
              default -> Arrays.copyOf(cached, luck.nextInt(cached.length + 1));
            };
          }
        });
  }

  /** The disk as it is found after a power cut now. */
  public SimulatedDisk afterPowerCut(Loss loss) {
    return afterPowerCut(
        new Taking() {
          @Override
          public int changes(int pending) {
            return switch (loss) {
              case NOTHING, BYTES -> pending;
              case NAMES -> 0;
              case TORN -> pending / 2;
            };
          }

          @Override
          public byte[] bytes(byte[] durable, byte[] cached) {
            return switch (loss) {
              case NOTHING, NAMES -> cached;
              case BYTES -> new byte[cached.length];
              case TORN -> Arrays.copyOf(cached, cached.length / 2);
            };
          }
        });
  }

  private SimulatedDisk afterPowerCut(Taking taking) {
    var found = new SimulatedDisk(survivor(root, taking));
    found.full = full;
    return found;
  }

  /** Another text for another tree of files and their bytes; when they were written is left out. */
  public String fingerprint() {
    var text = new StringBuilder();
    describe(root, text);
    return text.toString();
  }

  /** Somebody else writes, and at once to the disk. */
  void overwrite(Path path, byte[] content) {
    if (find(path) instanceof FileNode file) {
      file.cached = content;
      file.durable = content;
      steps++;
    }
  }

  /** Somebody else removes a file, and at once from the disk. */
  void remove(Path path) {
    if (path.getParent() != null && find(path.getParent()) instanceof DirectoryNode directory) {
      directory.cached.remove(name(path));
      directory.durable.remove(name(path));
      steps++;
    }
  }

  /** Takes away what was in memory only. */
  void forgetMemory() {
    if (find(MEMORY) instanceof DirectoryNode node) {
      node.cached.clear();
      node.durable.clear();
      node.pending.clear();
    }
  }

  /** How many files below a directory have such a name. */
  long count(Path directory, Predicate<String> name) {
    return find(directory) instanceof DirectoryNode node ? count(node, name) : 0;
  }

  private static long count(DirectoryNode directory, Predicate<String> name) {
    return directory.cached.entrySet().stream()
        .mapToLong(entry ->
            switch (entry.getValue()) {
              case DirectoryNode below -> count(below, name);
              case FileNode _ -> name.test(entry.getKey()) ? 1 : 0;
            })
        .sum();
  }

  private static void describe(DirectoryNode directory, StringBuilder text) {
    new TreeMap<>(directory.cached)
        .forEach((name, node) -> {
          text.append(name);
          switch (node) {
            case DirectoryNode below -> {
              text.append('{');
              describe(below, text);
              text.append('}');
            }
            case FileNode file -> text.append('=').append(Arrays.hashCode(file.cached)).append(' ');
          }
        });
  }

  private static DirectoryNode survivor(DirectoryNode lost, Taking taking) {
    Map<String, Node> names = new HashMap<>(lost.durable);
    int kept = taking.changes(lost.pending.size());
    lost.pending.subList(0, kept).forEach(change -> change.applyTo(names));
    DirectoryNode found = new DirectoryNode();
    names.forEach((name, node) -> {
      Node survivor =
          switch (node) {
            case DirectoryNode directory -> survivor(directory, taking);
            case FileNode file -> survivor(file, taking);
          };
      found.cached.put(name, survivor);
      found.durable.put(name, survivor);
    });
    return found;
  }

  private static FileNode survivor(FileNode lost, Taking taking) {
    FileNode found = new FileNode();
    found.modified = lost.modified;
    found.cached =
        Arrays.equals(lost.cached, lost.durable)
            ? lost.durable
            : taking.bytes(lost.durable, lost.cached);
    found.durable = found.cached;
    return found;
  }

  /** Somebody watches each step, before it is done. */
  void beforeStep(Runnable watcher) {
    beforeStep = watcher;
  }

  private void step() throws IOException {
    beforeStep.run();
    if (stepsLeft-- <= 0) {
      throw new Stopped();
    }
    if (steps++ >= failAt) {
      throw new IOException("No space left on device");
    }
  }

  /** A step that takes room. */
  private void growingStep(Path path) throws IOException {
    if (full && !path.startsWith(MEMORY)) {
      throw new IOException("No space left on device");
    }
    step();
  }

  private @Nullable Node find(Path path) {
    // Path's own iterator makes an object for each name, and this is asked a hundred million times.
    String text = path.toString();
    Node node = root;
    for (int from = 1; from < text.length(); ) {
      if (!(node instanceof DirectoryNode directory)) {
        return null;
      }
      int slash = text.indexOf('/', from);
      int end = slash < 0 ? text.length() : slash;
      node = directory.cached.get(text.substring(from, end));
      from = end + 1;
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
    if (there == null && full && !path.startsWith(MEMORY)) {
      throw new IOException("No space left on device");
    }
    if (there instanceof FileNode) {
      throw new FileAlreadyExistsException(path.toString());
    }
    if (there == null) {
      directory(path.getParent()).change(new Change("", name(path), new DirectoryNode()));
    }
  }

  @Override
  public void create(Path path) throws IOException {
    growingStep(path);
    directory(path.getParent()).change(new Change("", name(path), new FileNode()));
  }

  @Override
  public void write(Path path, byte[] content) throws IOException {
    growingStep(path);
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
