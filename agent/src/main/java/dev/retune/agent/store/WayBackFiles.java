package dev.retune.agent.store;

import dev.retune.agent.core.Document;
import dev.retune.agent.core.WayBack;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of the dead man's switch (AGENT-15): what it needs to undo an activation, and what it
 * says it has done.
 *
 * <p>The way back is one file, {@code armed}, that names all else, so it is the old one or the new
 * one whenever the power fails: what it names is durable before it, and is removed after it. A
 * document is kept under its SHA-256, beside the original: the way back leads to the original while
 * that is what it was, to the copy else, and to the local config when both are damaged.
 *
 * <p>A line of {@code armed} is a key, a blank and a value, as a shell reads it; {@code document},
 * {@code copy} and {@code local} are lines of the file of variables for each of the three ways.
 */
public final class WayBackFiles {

  /** What the script must be able to read. */
  public static final int FORMAT = 1;

  private static final Logger LOG = System.getLogger(WayBackFiles.class.getName());
  private static final String LAST_LINE = "end";

  private final WayBackPlaces places;
  private final Disk disk;
  private final DurableFiles files;
  private final DurableFiles agentFiles;

  /** Files on this machine; the directory is made when it is first written to. */
  public WayBackFiles(WayBackPlaces places) {
    this(places, new LocalDisk());
  }

  WayBackFiles(WayBackPlaces places, Disk disk) {
    this.places = places;
    this.disk = disk;
    this.files = new DurableFiles(disk, places.directory());
    this.agentFiles = new DurableFiles(disk, places.layout().directory());
  }

  /**
   * Writes a way back, durably, in the place of one that may be there.
   *
   * @throws IOException when it could not be gone: a document that is damaged, a full disk
   */
  public void arm(WayBack wayBack) throws IOException {
    if (wayBack.document().isPresent()) {
      Path document = wayBack.document().get();
      byte[] content = intact(document);
      files.replace(places.copy(Document.sha256(content)), content);
      agentFiles.replace(
          places.prepared(), bytes(EnvironmentFile.text(document, wayBack.localConfigArguments())));
    }
    String armed = text(wayBack);
    forgetTaken();
    files.replace(places.armed(), bytes(armed));
    removeUnused(armed);
  }

  /** Whether this is the way back that is armed. */
  public boolean isArmed(WayBack wayBack) throws IOException {
    Optional<byte[]> armed = files.read(places.armed());
    return armed.isPresent() && Arrays.equals(armed.get(), bytes(text(wayBack)));
  }

  private String text(WayBack wayBack) throws IOException {
    List<String> local = wayBack.localConfigArguments();
    List<String> lines =
        new ArrayList<>(
            List.of(
                "format " + FORMAT,
                "undoes " + wayBack.undoes(),
                "kubelet " + wayBack.kubeletDirectory()));
    if (wayBack.document().isPresent()) {
      Path document = wayBack.document().get();
      String hash = Document.sha256(intact(document));
      lines.add("sha256 " + hash);
      lines.add("original " + document);
      lines.add("duplicate " + places.copy(hash));
      EnvironmentFile.text(document, local)
          .lines()
          .map(line -> "document " + line)
          .forEach(lines::add);
      EnvironmentFile.text(places.copy(hash), local)
          .lines()
          .map(line -> "copy " + line)
          .forEach(lines::add);
    }
    EnvironmentFile.local(local).lines().map(line -> "local " + line).forEach(lines::add);
    lines.add(LAST_LINE);
    return String.join("\n", lines) + "\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The document, when it is what its hash says; what an earlier kubelet has left has none. */
  private byte[] intact(Path document) throws IOException {
    Optional<byte[]> content = agentFiles.read(document);
    Optional<byte[]> hash = agentFiles.read(DirectoryStore.hashFile(document));
    if (content.isEmpty()
        || (hash.isPresent()
            && !new String(hash.get(), StandardCharsets.UTF_8)
                .startsWith(Document.sha256(content.get()) + " "))) {
      throw new IOException(
          "the checkpoint "
              + document
              + " is missing or damaged: there would be no way back to it");
    }
    return content.get();
  }

  /** Removes the way back, and what was noted of an earlier one. */
  public void disarm() throws IOException {
    files.delete(places.armed());
    forgetTaken();
    if (disk.kind(places.prepared()) != Disk.Kind.NOTHING) {
      agentFiles.delete(places.prepared());
    }
    removeUnused("");
  }

  private void forgetTaken() throws IOException {
    files.delete(places.taken());
    for (Path note : List.of(places.takenOnThisBoot(), places.evidence())) {
      if (disk.kind(note) != Disk.Kind.NOTHING) {
        disk.delete(note);
      }
    }
  }

  /** Removes all but the way back and what it, or the kubelet's unit, still names. */
  private void removeUnused(String armed) throws IOException {
    if (disk.kind(places.directory()) != Disk.Kind.DIRECTORY) {
      return;
    }
    String named = armed;
    for (Path file : List.of(places.layout().environmentFile(), places.override())) {
      if (disk.kind(file) == Disk.Kind.FILE) {
        named += new String(disk.read(file), StandardCharsets.UTF_8);
      }
    }
    for (Path file : disk.list(places.directory())) {
      if (!file.equals(places.armed()) && !named.contains(file.toString())) {
        disk.delete(file);
        files.forget(file);
      }
    }
  }

  /** Whether there is a way back. */
  public boolean armed() {
    return there(places.armed());
  }

  private boolean there(Path file) {
    try {
      return disk.kind(file) != Disk.Kind.NOTHING;
    } catch (IOException unreadable) {
      LOG.log(Level.WARNING, file + " cannot be looked at: " + unreadable.getMessage());
      return false;
    }
  }

  /** What the way back has noted: key and value of each line; empty when it was not gone. */
  public Optional<Map<String, String>> taken() {
    return note(places.takenOnThisBoot()).or(() -> note(places.taken()));
  }

  private Optional<Map<String, String>> note(Path file) {
    if (!there(file)) {
      return Optional.empty();
    }
    try {
      String text = new String(disk.read(file), StandardCharsets.UTF_8);
      Map<String, String> values = new LinkedHashMap<>();
      for (String line : text.lines().toList()) {
        int blank = line.indexOf(' ');
        values.put(
            blank < 0 ? line : line.substring(0, blank),
            blank < 0 ? "" : line.substring(blank + 1));
      }
      return values.containsKey(LAST_LINE) ? Optional.of(values) : Optional.empty();
    } catch (IOException unreadable) {
      LOG.log(Level.WARNING, file + " cannot be read: " + unreadable.getMessage());
      return Optional.empty();
    }
  }
}
