package dev.retune.agent.node;

import dev.retune.kubelet.start.StateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * The state files of the kubelet's CPU and memory managers (AGENT-18). A kubelet does not start
 * with one that was written under another policy. So the file of the last known good config is set
 * aside while another config is tried that it does not go with, and put back on the way back; there
 * it still says which container has which CPUs.
 *
 * <p>The file that is set aside lies beside its place, so that putting it back is a rename, which
 * works on a full disk and from a shell script. An empty one says that there was none.
 *
 * @param directory the kubelet's {@code --root-dir}
 */
public record ManagerStateFiles(Path directory) {
  /** Ends the names of files that are set aside. The dead man's switch knows it too. */
  public static final String ASIDE = ".before-retune";

  /** What is done with one file while the kubelet is down. */
  enum Move {
    KEEP,
    SET_ASIDE,
    PUT_BACK,
    DISCARD
  }

  /**
   * What is to be done; nothing for files that stay where they are.
   *
   * @param toLastKnownGood whether the kubelet is to run the last known good config
   * @param unlikeLastKnownGood the files that do not go with both the last known good config and
   *     the one that is to run
   * @param unlikeRunning the same with the config that ran
   */
  public Moves moves(
      boolean toLastKnownGood, Set<StateFile> unlikeLastKnownGood, Set<StateFile> unlikeRunning) {
    var moves = new EnumMap<StateFile, Move>(StateFile.class);
    for (StateFile file : StateFile.values()) {
      Move move =
          move(
              toLastKnownGood || !unlikeLastKnownGood.contains(file),
              unlikeRunning.contains(file),
              Files.exists(aside(file)));
      if (move != Move.KEEP) {
        moves.put(file, move);
      }
    }
    return new Moves(moves);
  }

  /**
   * What becomes of one file.
   *
   * @param goesWithGood whether the last known good config's file is one for what is to run
   * @param unlikeRunning whether the file of what ran is none for what is to run
   * @param aside whether the last known good config's file is set aside; else it is in its place
   */
  static Move move(boolean goesWithGood, boolean unlikeRunning, boolean aside) {
    if (goesWithGood) {
      return aside ? Move.PUT_BACK : unlikeRunning ? Move.DISCARD : Move.KEEP;
    }
    return !aside ? Move.SET_ASIDE : unlikeRunning ? Move.DISCARD : Move.KEEP;
  }

  /** Moves to be made while the kubelet is down. */
  public final class Moves {
    private final Map<StateFile, Move> moves;

    private Moves(Map<StateFile, Move> moves) {
      this.moves = moves;
    }

    public boolean isEmpty() {
      return moves.isEmpty();
    }

    /** Makes them, durably. */
    public void make() throws IOException {
      for (var entry : moves.entrySet()) {
        Path file = directory.resolve(entry.getKey().fileName());
        Path aside = aside(entry.getKey());
        switch (entry.getValue()) {
          case KEEP -> {}
          case SET_ASIDE -> setAside(file, aside);
          case PUT_BACK -> putBack(file, aside);
          case DISCARD -> Files.deleteIfExists(file);
        }
      }
      sync();
    }
  }

  private static void setAside(Path file, Path aside) throws IOException {
    if (Files.exists(file)) {
      Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.createFile(aside);
    }
  }

  private static void putBack(Path file, Path aside) throws IOException {
    if (Files.size(aside) == 0) {
      Files.deleteIfExists(file);
      Files.delete(aside);
    } else {
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Nothing is pending any more: what was set aside is of no use. */
  public void settle() throws IOException {
    boolean any = false;
    for (StateFile file : StateFile.values()) {
      any |= Files.deleteIfExists(aside(file));
    }
    if (any) {
      sync();
    }
  }

  private Path aside(StateFile file) {
    return directory.resolve(file.fileName() + ASIDE);
  }

  private void sync() throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
