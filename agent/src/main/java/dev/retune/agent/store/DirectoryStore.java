package dev.retune.agent.store;

import static dev.retune.kube.Tree.object;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.NodeState;
import dev.retune.agent.core.NodeState.Activation;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.kube.Yaml;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The agent's directory (AGENT-5).
 *
 * <p>{@code store/meta/state} is the memory. {@code store/meta/assigned} and {@code
 * store/meta/last-known-good} repeat two of its facts in the form in which kubelets 1.11–1.23 wrote
 * them (an empty file is the local config), for people and their tools; they are never read.
 */
public final class DirectoryStore implements ConfigStore {

  private static final Logger LOG = System.getLogger(DirectoryStore.class.getName());

  /** Ends the name of the file that has a document's SHA-256; no ConfigMap key has it. */
  private static final String HASH = ":sha256";

  private static final String ASSIGNED = "assigned";
  private static final int KEPT = 5;
  private static final Pattern NAME = Pattern.compile("[-._a-zA-Z0-9]+");
  private static final Pattern PLAIN_PATH = Pattern.compile("/[-+,._a-zA-Z0-9/@=]*");

  private final Layout layout;
  private final Optional<Path> override;
  private final Disk disk;
  private final DurableFiles files;

  /**
   * A store on this machine's file system, for a kubelet that reads no other file of variables. The
   * directory is made when it is first written to.
   *
   * @throws IllegalArgumentException when the directory's path has characters that systemd's
   *     environment files and the kubelet's arguments cannot carry, such as blanks
   */
  public DirectoryStore(Layout layout) {
    this(layout, Optional.empty(), new LocalDisk());
  }

  /** A store on a node whose dead man's switch may have put a file of variables over ours. */
  public DirectoryStore(WayBackPlaces places) {
    this(places.layout(), Optional.of(places.override()), new LocalDisk());
  }

  DirectoryStore(Layout layout, Optional<Path> override, Disk disk) {
    if (!PLAIN_PATH.matcher(layout.directory().toString()).matches()) {
      throw new IllegalArgumentException(
          "the directory \""
              + layout.directory()
              + "\" must be an absolute path of letters, digits and -+,._@=/ only: systemd hands it"
              + " to the kubelet through an environment variable");
    }
    this.layout = layout;
    this.override = override;
    this.disk = disk;
    this.files = new DurableFiles(disk, layout.directory());
  }

  @Override
  public NodeState load() throws IOException {
    Path memory = memory();
    String lost;
    try {
      Optional<byte[]> text = files.read(memory);
      if (text.isPresent()) {
        return StateText.read(text.get());
      }
      if (disk.kind(layout.environmentFile()) == Disk.Kind.NOTHING) {
        return takenOver();
      }
      lost = memory + " is not there, though " + layout.environmentFile() + " is";
    } catch (IOException e) {
      lost = memory + " cannot be read: " + e.getMessage();
    }
    LOG.log(Level.WARNING, "starting without what was known: " + lost);
    return lost(lost);
  }

  /**
   * The state of a node that Retune has not touched. What a kubelet 1.11 to 1.23 left here is kept
   * as what was assigned; what it knew as good was good for another kubelet, so the config that
   * runs now is what to fall back to. Damage in it never stops anything: that kubelet did not start
   * then (kubernetes/kubernetes#71518).
   */
  private NodeState takenOver() throws IOException {
    Optional<byte[]> assigned = files.read(layout.metadata().resolve(ASSIGNED));
    if (assigned.isEmpty()) {
      return NodeState.UNTOUCHED;
    }
    Optional<Checkpoint> checkpoint = Optional.empty();
    var source = EarlierKubelet.source(assigned.get());
    if (source.isPresent()) {
      checkpoint =
          files
              .read(layout.original(new Checkpoint(source.get(), "")))
              .map(document -> new Checkpoint(source.get(), Document.sha256(document)));
    }
    LOG.log(
        Level.INFO,
        "taking over what an earlier kubelet left in "
            + layout.directory()
            + ": assigned was "
            + checkpoint.map(found -> found.source().path()).orElse("the local config"));
    return NodeState.UNTOUCHED.withAssigned(checkpoint);
  }

  /** The state of a node of which only the activation file is known. */
  private NodeState lost(String why) {
    NodeState none = NodeState.UNTOUCHED;
    return new NodeState(
        none.assignment(),
        none.assigned(),
        activated().<Config>map(checkpoint -> checkpoint).orElse(none.active()),
        none.lastKnownGood(),
        none.activation(),
        none.trial(),
        none.refusal(),
        none.bad(),
        none.unjudged(),
        none.restartCount(),
        none.acceptedUnder(),
        none.provenVersion(),
        why);
  }

  /** The intact checkpoint that the activation file names; its ConfigMap's name is not known. */
  private Optional<Checkpoint> activated() {
    try {
      Optional<byte[]> text = files.read(layout.environmentFile());
      if (text.isEmpty()) {
        return Optional.empty();
      }
      Path document =
          EnvironmentFile.config(new String(text.get(), StandardCharsets.UTF_8))
              .orElse(layout.directory());
      if (!document.startsWith(layout.checkpoints())
          || layout.checkpoints().relativize(document).getNameCount() != 3) {
        return Optional.empty();
      }
      Path below = layout.checkpoints().relativize(document);
      Optional<byte[]> content = files.read(document);
      Optional<byte[]> hash = files.read(hashFile(document));
      if (content.isEmpty() || hash.isEmpty()) {
        return Optional.empty();
      }
      String actual = Document.sha256(content.get());
      if (!new String(hash.get(), StandardCharsets.UTF_8).startsWith(actual + " ")) {
        return Optional.empty();
      }
      return Optional.of(
          new Checkpoint(
              new ConfigMapNodeConfigSource(
                  "",
                  "",
                  below.getName(0).toString(),
                  below.getName(1).toString(),
                  below.getName(2).toString()),
              actual));
    } catch (IOException e) {
      LOG.log(Level.WARNING, layout.environmentFile() + " tells nothing: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void save(NodeState state) throws IOException {
    files.replace(memory(), StateText.write(state));
    files.replace(
        layout.metadata().resolve(ASSIGNED),
        serialized(state.assigned().<Config>map(checkpoint -> checkpoint)));
    files.replace(
        layout.metadata().resolve("last-known-good"),
        serialized(Optional.of(state.lastKnownGood())));
  }

  /** As {@code kubeletconfig/v1beta1 SerializedNodeConfigSource} was in Kubernetes 1.11–1.23. */
  private static byte[] serialized(Optional<Config> config) {
    if (config.isEmpty() || !(config.get() instanceof Checkpoint(var source, _, _))) {
      return new byte[0];
    }
    return Yaml.write(
            object(
                "apiVersion", "kubelet.config.k8s.io/v1beta1",
                "kind", "SerializedNodeConfigSource",
                "source", object("configMap", StateText.tree(source))))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void saveCheckpoint(Checkpoint checkpoint, Document document) throws IOException {
    ConfigMapNodeConfigSource source = checkpoint.source();
    for (String part : List.of(source.uid(), source.resourceVersion(), source.kubeletConfigKey())) {
      if (!NAME.matcher(part).matches() || part.equals(".") || part.equals("..")) {
        throw new IOException(
            "a checkpoint cannot be kept under the name \""
                + part
                + "\", which has characters other than letters, digits, '-', '_' and '.'");
      }
    }
    if (document.mergedFrom().isPresent()) {
      write(layout.original(checkpoint), Document.of(document.mergedFrom().get()));
    }
    write(layout.document(checkpoint), document);
  }

  private void write(Path file, Document document) throws IOException {
    String hash = document.hash() + "  " + file.getFileName() + "\n";
    files.replace(hashFile(file), hash.getBytes(StandardCharsets.UTF_8));
    files.replace(file, document.bytes());
  }

  @Override
  public Optional<Document> read(Checkpoint checkpoint) {
    try {
      return files
          .read(layout.document(checkpoint))
          .filter(content -> Document.sha256(content).equals(checkpoint.hash()))
          .map(content -> Document.of(new String(content, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      LOG.log(Level.WARNING, layout.document(checkpoint) + " cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The file on disk is written first, and what the dead man's switch may have put over it is
   * removed last. Cut off before the first or between the two, a kubelet that starts uses what the
   * switch went back to: a complete config, and the one that ran. Cut off after the second it uses
   * {@code config}. When the disk takes nothing, the first step fails and the switch's file stays.
   * It is in memory: a power cut removes it, and then the file on disk counts, old or new.
   */
  @Override
  public void activate(Config config, List<String> localConfigArguments) throws IOException {
    switch (config) {
      case Config.Local _ -> files.delete(layout.environmentFile());
      case Checkpoint checkpoint ->
          files.replace(
              layout.environmentFile(),
              EnvironmentFile.text(layout.document(checkpoint), localConfigArguments)
                  .getBytes(StandardCharsets.UTF_8));
    }
    if (override.isPresent() && disk.kind(override.get()) != Disk.Kind.NOTHING) {
      disk.delete(override.get());
    }
  }

  /** A checkpoint on disk that nothing refers to. */
  private record Unused(Path document, Instant written) {}

  @Override
  public void collectGarbage(NodeState state) throws IOException {
    Set<Path> used = used(state);
    List<Unused> unused = new ArrayList<>();
    for (Path document : documents()) {
      if (!used.contains(document)) {
        unused.add(new Unused(document, disk.modified(document)));
      }
    }
    unused.sort(Comparator.comparing(Unused::written).reversed());
    for (Unused old : unused.subList(Math.min(KEPT, unused.size()), unused.size())) {
      remove(old.document());
      remove(hashFile(old.document()));
    }
    removeEmptyDirectories();
  }

  private Set<Path> used(NodeState state) {
    Set<Path> used = new HashSet<>();
    List<Config> configs = new ArrayList<>(List.of(state.active(), state.lastKnownGood()));
    state.assigned().ifPresent(configs::add);
    state.activation().map(Activation::target).ifPresent(configs::add);
    for (Config config : configs) {
      if (config instanceof Checkpoint checkpoint) {
        used.add(layout.document(checkpoint));
        used.add(layout.original(checkpoint));
      }
    }
    return used;
  }

  private List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path uid : children(layout.checkpoints())) {
      for (Path version : children(uid)) {
        for (Path file : children(version)) {
          String name = String.valueOf(file.getFileName());
          if (name.endsWith(DurableFiles.UNFINISHED)) {
            remove(file);
          } else if (!name.endsWith(HASH)) {
            documents.add(file);
          }
        }
      }
    }
    return documents;
  }

  /** What is in a directory of ours; a symbolic link to one is none. */
  private List<Path> children(Path directory) throws IOException {
    return disk.kind(directory) == Disk.Kind.DIRECTORY ? disk.list(directory) : List.of();
  }

  private void removeEmptyDirectories() throws IOException {
    for (Path uid : children(layout.checkpoints())) {
      for (Path version : children(uid)) {
        if (isEmptyDirectory(version)) {
          remove(version);
        }
      }
      if (isEmptyDirectory(uid)) {
        remove(uid);
      }
    }
  }

  private boolean isEmptyDirectory(Path path) throws IOException {
    return disk.kind(path) == Disk.Kind.DIRECTORY && disk.list(path).isEmpty();
  }

  /** Not durable at once: a file that comes back after a power cut does no harm. */
  private void remove(Path path) throws IOException {
    disk.delete(path);
    files.forget(path);
  }

  private Path memory() {
    return layout.metadata().resolve("state");
  }

  /** Where the SHA-256 of a checkpoint's document is kept. */
  static Path hashFile(Path document) {
    return document.resolveSibling(document.getFileName() + HASH);
  }
}
