package dev.retune.agent.node;

import dev.retune.kubelet.flags.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a systemd service, found as systemd finds them (systemd.unit(5), "Unit File Load
 * Path") but without it, so that it works on the file system of an image too.
 *
 * @param root {@code /}, or the file system of an image
 * @param name for example {@code kubelet.service}
 * @param leftOut names of drop-ins that are passed over
 */
public record UnitFiles(Path root, String name, Set<String> leftOut) {

  /** The drop-in that {@code retune node install} writes. */
  public static final String RETUNE_DROP_IN = "90-retune.conf";

  public UnitFiles {
    leftOut = Set.copyOf(leftOut);
  }

  /** The service as it is without Retune. */
  public UnitFiles(Path root, String name) {
    this(root, name, Set.of(RETUNE_DROP_IN));
  }

  /** The service with all that Retune put there. */
  public static UnitFiles withRetune(Path root, String name) {
    return new UnitFiles(root, name, Set.of());
  }

  /** The strongest first. */
  private static final List<String> SEARCH_PATH =
      List.of(
          "etc/systemd/system.control",
          "run/systemd/system.control",
          "run/systemd/transient",
          "run/systemd/generator.early",
          "etc/systemd/system",
          "etc/systemd/system.attached",
          "run/systemd/system",
          "run/systemd/system.attached",
          "run/systemd/generator",
          "usr/local/lib/systemd/system",
          "usr/lib/systemd/system",
          "lib/systemd/system",
          "run/systemd/generator.late");

  /**
   * The unit and its drop-ins in the order in which systemd reads them, named as they are on the
   * node.
   *
   * @throws IOException when there is no such unit, it is masked, or a file cannot be read
   */
  public List<TextFile> read() throws IOException {
    List<TextFile> files = new ArrayList<>();
    files.add(text(unit()));
    for (Path dropIn : dropIns()) {
      files.add(text(dropIn));
    }
    return files;
  }

  /** The directories whose content decides, as far as they exist. */
  public List<Path> directories() {
    return SEARCH_PATH.stream()
        .map(root::resolve)
        .flatMap(directory ->
            Stream.concat(Stream.of(directory), dropInNames().stream().map(directory::resolve)))
        .filter(Files::isDirectory)
        .toList();
  }

  private Path unit() throws IOException {
    for (String directory : SEARCH_PATH) {
      Path file = root.resolve(directory).resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(
            "unit "
                + name
                + " is masked or cannot be read: "
                + file
                + " is no file; see `systemctl unmask`, or name another unit with --kubelet-unit");
      }
    }
    throw new IOException(
        "no unit "
            + name
            + " below "
            + root
            + "; is the kubelet installed there? name its unit with --kubelet-unit");
  }

  /**
   * By file name over all directories; of one name the file of the strongest directory, and what is
   * no file there, such as a link to {@code /dev/null}, hides the others.
   */
  private List<Path> dropIns() throws IOException {
    var byName = new TreeMap<String, Path>();
    for (String directoryName : dropInNames()) {
      for (String directory : SEARCH_PATH) {
        Path dropIns = root.resolve(directory).resolve(directoryName);
        if (Files.isDirectory(dropIns)) {
          try (Stream<Path> files = Files.list(dropIns)) {
            files
                .filter(file -> file.getFileName().toString().endsWith(".conf"))
                .filter(file -> !leftOut.contains(file.getFileName().toString()))
                .filter(Files::exists)
                .forEach(file -> byName.putIfAbsent(file.getFileName().toString(), file));
          }
        }
      }
    }
    return byName.values().stream().filter(Files::isRegularFile).toList();
  }

  /**
   * {@code my-kubelet.service.d}, {@code my-.service.d}, {@code service.d}: its own directory comes
   * before those it shares with other services.
   */
  private List<String> dropInNames() {
    List<String> names = new ArrayList<>();
    names.add(name + ".d");
    for (int dash = name.lastIndexOf('-'); dash > 0; dash = name.lastIndexOf('-', dash - 1)) {
      names.add(name.substring(0, dash + 1) + ".service.d");
    }
    names.add("service.d");
    return names;
  }

  private TextFile text(Path file) throws IOException {
    return new TextFile("/" + root.relativize(file), Files.readString(file));
  }
}
