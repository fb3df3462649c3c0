package dev.retune.agent.store;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.NodeState;
import dev.retune.agent.core.Observation.Undone;
import dev.retune.agent.core.WayBack;
import dev.retune.agent.store.SimulatedDisk.Loss;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The disk of a simulated node with the agent's real files on it: the store, the way back, and what
 * systemd and the kubelet read of them.
 */
public final class NodeDisk {
  private static final Logger STORE_LOG = Logger.getLogger("dev.retune.agent.store");

  static {
    // Files are damaged here by the thousand, and the store says so each time.
    STORE_LOG.setLevel(Level.OFF);
  }

  /** What the node's unit has in KUBELET_CONFIG_ARGS without Retune. */
  private static final List<String> LOCAL_ARGUMENTS = List.of();

  private final Layout layout;
  private final WayBackPlaces places;
  private final Map<Object, Object> known = new HashMap<>();
  private int knownAt = -1;
  private Optional<NodeState> saved = Optional.empty();
  private final Set<NodeState> begun = new HashSet<>();
  private SimulatedDisk disk = new SimulatedDisk();
  private DirectoryStore store;
  private WayBackFiles wayBack;

  /** A disk that no agent has written to. */
  public NodeDisk(Layout layout) {
    this.layout = layout;
    this.places = WayBackPlaces.of(layout);
    try {
      disk.makeDirectory(Path.of("/var"));
      disk.syncDirectory(Path.of("/"));
      disk.makeDirectory(Path.of("/var/lib"));
      disk.syncDirectory(Path.of("/var"));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    boot();
    this.store = new DirectoryStore(layout, Optional.of(places.override()), disk);
    this.wayBack = new WayBackFiles(places, disk);
  }

  /** {@code /run} is in memory, and the agent's unit makes its directory. */
  private void boot() {
    try {
      disk.makeDirectory(Path.of("/run"));
      disk.makeDirectory(places.runtime());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** A new agent knows nothing of what an earlier one has made durable. */
  public void startAgent() {
    knownAt = -1;
    store = new DirectoryStore(layout, Optional.of(places.override()), disk);
    wayBack = new WayBackFiles(places, disk);
    requireNothingLost();
  }

  /** The machine is off and on again. */
  public void powerCut(Loss loss) {
    found(disk.afterPowerCut(loss));
  }

  /** The machine is off and on again, with any luck. */
  public void powerCut(Random luck) {
    found(disk.afterPowerCut(luck));
  }

  private void found(SimulatedDisk after) {
    disk = after;
    disk.forgetMemory();
    boot();
    startAgent();
  }

  /** What a power cut now would leave, for comparison with others. */
  public String afterPowerCut(Loss loss) {
    var after = disk.afterPowerCut(loss);
    after.forgetMemory();
    return after.fingerprint();
  }

  public String fingerprint() {
    return disk.fingerprint();
  }

  /** Stops whoever writes when {@code more} further steps were done. */
  public void stopAfter(int more) {
    disk.stopAfter(more);
  }

  /** Somebody watches each step of whoever writes, before it is done. */
  public void beforeStep(Runnable watcher) {
    disk.beforeStep(watcher);
  }

  /** Whoever writes is not stopped any more. */
  public void goOn() {
    disk.stopAfter(Integer.MAX_VALUE);
  }

  public int steps() {
    return disk.steps();
  }

  /** Whether there is no room for anything new. */
  public void full(boolean value) {
    disk.full = value;
  }

  // --- the agent's store ---

  public NodeState load() {
    return unlessChanged("load", this::loaded);
  }

  private NodeState loaded() {
    try {
      return store.load();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** What was read is not read again until something was written. */
  @SuppressWarnings("unchecked")
  private <T> T unlessChanged(Object what, Supplier<T> read) {
    if (disk.steps() != knownAt) {
      known.clear();
      knownAt = disk.steps();
    }
    T value = (T) known.get(what);
    if (value == null) {
      value = read.get();
      known.put(what, value);
    }
    return value;
  }

  public void save(NodeState state) throws IOException {
    begun.add(state);
    store.save(state);
    begun.clear();
    saved = Optional.of(state);
  }

  /** AGENT-20: what was saved is there, or what somebody began to save after it. */
  private void requireNothingLost() {
    if (saved.isPresent()) {
      var found = loaded();
      if (!saved.get().equals(found) && !begun.contains(found)) {
        throw new AssertionError("found " + found + ", saved was " + saved);
      }
    }
  }

  public void saveCheckpoint(Checkpoint checkpoint, Document document) throws IOException {
    store.saveCheckpoint(checkpoint, document);
  }

  public void activate(Config target) throws IOException {
    store.activate(target, LOCAL_ARGUMENTS);
  }

  public void collectGarbage(NodeState kept) throws IOException {
    store.collectGarbage(kept);
  }

  public boolean intact(Checkpoint checkpoint) {
    return unlessChanged(checkpoint, () -> store.intact(checkpoint));
  }

  // --- what is done to it by others ---

  /** The agent's memory is torn. */
  public void loseState() {
    saved = Optional.empty();
    begun.clear();
    overwrite(layout.metadata().resolve("state"), "{");
  }

  public void damage(Checkpoint checkpoint) {
    overwrite(layout.document(checkpoint), "");
  }

  private void overwrite(Path file, String text) {
    disk.overwrite(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Somebody removes the activation file. */
  public void removeActivation() {
    disk.remove(layout.environmentFile());
  }

  // --- what the kubelet and systemd read ---

  /** Value of {@code --config} for the next start of the kubelet; empty for the local config. */
  public String configFlag() {
    return unlessChanged("flag", this::flag);
  }

  private String flag() {
    for (Path file : List.of(places.override(), layout.environmentFile())) {
      var text = read(file);
      if (text.isPresent()) {
        return EnvironmentFile.config(text.get()).map(Path::toString).orElse("");
      }
    }
    return "";
  }

  /** The text of a file; a kubelet that is started with one that is not there ends at once. */
  public String text(String path) {
    return read(Path.of(path)).orElse("missing crashAfter=PT0S");
  }

  public boolean exists(String path) {
    return disk.kind(Path.of(path)) == Disk.Kind.FILE;
  }

  private Optional<String> read(Path file) {
    try {
      return disk.kind(file) == Disk.Kind.FILE
          ? Optional.of(new String(disk.read(file), StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** How many documents are kept. */
  public long checkpoints() {
    return disk.count(layout.checkpoints(), name -> !name.endsWith(":sha256"));
  }

  // --- the way back ---

  public void arm(String undoes, Config to) throws IOException {
    Optional<Path> document =
        to instanceof Checkpoint checkpoint
            ? Optional.of(layout.document(checkpoint))
            : Optional.empty();
    wayBack.arm(new WayBack(undoes, document, LOCAL_ARGUMENTS, Path.of("/var/lib/kubelet")));
  }

  public void disarm() throws IOException {
    wayBack.disarm();
  }

  public boolean armed() {
    return unlessChanged("armed", wayBack::armed);
  }

  /** What the way back says it has done. */
  public Optional<Undone> undone(boolean pulled) {
    return unlessChanged("taken", wayBack::taken)
        .map(note ->
            new Undone(
                note.getOrDefault("undone", note.getOrDefault("undoes", "")),
                note.getOrDefault("boot", ""),
                Duration.parse(note.getOrDefault("since-boot", "PT0S")),
                pulled,
                note.getOrDefault("evidence", "")));
  }

  /** The script that goes the way back. */
  public WayBackScript script() {
    return new WayBackScript(places, disk);
  }
}
