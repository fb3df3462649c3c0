package dev.retune.agent.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that a kubelet's {@code --config-dir} makes it merge over its config, found as kubelets
 * 1.28 to 1.36 walk the directory ({@code mergeKubeletConfigurations}, Go's {@code
 * filepath.WalkDir}): below it, names sorted in each directory, only {@code *.conf}; links to files
 * are read, links to directories are not followed.
 *
 * @param files in the order in which they are merged
 * @param directories all that were walked
 * @param problems what the kubelet does not start with, or does not see, for people
 */
record ConfigDropIns(List<Path> files, List<Path> directories, List<String> problems) {

  /**
   * Walks a directory.
   *
   * @param given the flag's value; of a link to a directory only a slash at its end makes a kubelet
   *     look into it
   */
  static ConfigDropIns below(Path directory, String given) {
    var found = new ConfigDropIns(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    boolean link = Files.isSymbolicLink(directory) && !given.endsWith("/");
    if (!Files.exists(directory)) {
      found.problems.add(
          "--config-dir "
              + given
              + " does not exist; the kubelet does not start without it: create it");
    } else if (link && Files.isDirectory(directory)) {
      found.problems.add(
          "--config-dir "
              + given
              + " is a symbolic link, so the kubelet reads none of its files; write "
              + given
              + "/ to have them read");
    } else if (Files.isDirectory(directory)) {
      found.walk(directory);
    } else if (isDropIn(directory)) {
      found.files.add(directory);
    }
    return found;
  }

  private void walk(Path directory) {
    directories.add(directory);
    List<Path> entries;
    try (Stream<Path> listed = Files.list(directory)) {
      entries =
          listed.sorted(Comparator.comparing(entry -> entry.getFileName().toString())).toList();
    } catch (IOException unreadable) {
      problems.add(
          "directory "
              + directory
              + " of --config-dir cannot be read: "
              + unreadable.getMessage()
              + "; the kubelet does not start with it");
      return;
    }
    for (Path entry : entries) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        walk(entry);
      } else if (isDropIn(entry)) {
        files.add(entry);
      }
    }
  }

  private static boolean isDropIn(Path file) {
    return file.getFileName().toString().endsWith(".conf");
  }
}
