package dev.retune.agent.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The kubelet's unit as its files say, read without systemd so that it works on an image too.
 *
 * @param execStart the command that systemd would run; systemd's variables are not expanded
 */
record KubeletUnit(String execStart) {
  /** Where systemd looks for units, the strongest first (systemd.unit(5)). */
  private static final List<String> SEARCH_PATH =
      List.of(
          "etc/systemd/system",
          "run/systemd/system",
          "usr/local/lib/systemd/system",
          "usr/lib/systemd/system",
          "lib/systemd/system");

  /**
   * Reads a unit and its drop-ins, without the drop-in that Retune itself put there.
   *
   * @param root the file system that has it
   * @param name for example {@code kubelet.service}
   * @throws IOException when there is no such unit, or it starts nothing
   */
  static KubeletUnit read(Path root, String name, String ownDropIn) throws IOException {
    var text = new ArrayList<>(Files.readAllLines(unitFile(root, name)));
    for (Path dropIn : dropIns(root, name, ownDropIn)) {
      text.addAll(Files.readAllLines(dropIn));
    }
    String command = "";
    for (String line : joined(text)) {
      if (line.startsWith("ExecStart=")) {
        command = line.substring("ExecStart=".length()).trim();
      }
    }
    if (command.isEmpty()) {
      throw new IOException("unit " + name + " below " + root + " has no ExecStart");
    }
    return new KubeletUnit(command);
  }

  private static Path unitFile(Path root, String name) throws IOException {
    for (String directory : SEARCH_PATH) {
      Path file = root.resolve(directory).resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new IOException(
        "no unit "
            + name
            + " below "
            + root
            + "; is the kubelet installed there? name its unit with"
            + " --kubelet-unit");
  }

  /**
   * Drop-ins in the order in which systemd reads them: by file name, the strongest directory wins.
   */
  private static List<Path> dropIns(Path root, String name, String ownDropIn) throws IOException {
    var byName = new TreeMap<String, Path>();
    for (String directory : SEARCH_PATH) {
      Path dropIns = root.resolve(directory).resolve(name + ".d");
      if (Files.isDirectory(dropIns)) {
        try (Stream<Path> files = Files.list(dropIns)) {
          files
              .filter(file -> file.getFileName().toString().endsWith(".conf"))
              .filter(file -> !file.getFileName().toString().equals(ownDropIn))
              .forEach(file -> byName.putIfAbsent(file.getFileName().toString(), file));
        }
      }
    }
    return List.copyOf(byName.values());
  }

  /** Lines that end in a backslash go on in the next one. */
  private static List<String> joined(List<String> lines) {
    var whole = new ArrayList<String>();
    var open = new StringBuilder();
    for (String line : lines) {
      String trimmed = line.trim();
      if (trimmed.endsWith("\\")) {
        open.append(trimmed, 0, trimmed.length() - 1).append(' ');
      } else {
        whole.add(open.append(trimmed).toString());
        open.setLength(0);
      }
    }
    return whole;
  }

  /**
   * Whether the command takes its {@code --config} from the variable that kubeadm's drop-in sets.
   */
  boolean usesConfigArgs() {
    return execStart.contains("$KUBELET_CONFIG_ARGS")
        || execStart.contains("${KUBELET_CONFIG_ARGS}");
  }
}
