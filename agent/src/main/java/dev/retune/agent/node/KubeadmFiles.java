package dev.retune.agent.node;

import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.kubeadm.NodeParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads what a node adds to the cluster's kubelet configuration when kubeadm makes its own of it
 * (docs/decisions/0011).
 *
 * @param root the node's file system: {@code /}
 * @param patches the directory that kubeadm was given with {@code --patches}, an absolute path on
 *     the node; empty: {@link #DEFAULT_PATCHES}, if that exists
 */
public record KubeadmFiles(Path root, Optional<Path> patches) {

  /** Where people keep patches; kubeadm itself records no directory. */
  public static final Path DEFAULT_PATCHES = Path.of("/etc/kubernetes/patches");

  /** The config that kubeadm writes for the kubelet. */
  public static final Path CONFIG = Path.of("/var/lib/kubelet/config.yaml");

  /** Written by kubeadm since 1.34 (KEP-4656); only there when the node has one. */
  public static final Path INSTANCE_CONFIG = Path.of("/var/lib/kubelet/instance-config.yaml");

  /** Exists while systemd-resolved runs. */
  private static final Path RESOLVED = Path.of("/run/systemd/resolve/resolv.conf");

  /**
   * Reads it.
   *
   * @throws IOException when something that is there cannot be read, or the directory that was
   *     named is none; the message names it
   */
  public NodeParts read() throws IOException {
    return new NodeParts(Files.exists(at(RESOLVED)), patchFiles(), instanceConfig());
  }

  /** The files and directories whose change may change what {@link #read} says. */
  public List<Path> watched() {
    return List.of(at(INSTANCE_CONFIG), at(directory()), at(RESOLVED));
  }

  private Optional<TextFile> instanceConfig() throws IOException {
    return Files.exists(at(INSTANCE_CONFIG))
        ? Optional.of(text(at(INSTANCE_CONFIG)))
        : Optional.empty();
  }

  private List<TextFile> patchFiles() throws IOException {
    Path directory = at(directory());
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      if (patches.isEmpty()) {
        return List.of();
      }
      throw new IOException(
          "--kubeadm-patches "
              + patches.get()
              + " is no directory; kubeadm follows no link to one");
    }
    List<TextFile> files = new ArrayList<>();
    walk(directory, files);
    return files;
  }

  /** In the order of Go's {@code filepath.Walk}: by name in each directory. */
  private void walk(Path directory, List<TextFile> files) throws IOException {
    List<Path> entries;
    try (Stream<Path> listed = Files.list(directory)) {
      entries =
          listed.sorted(Comparator.comparing(entry -> entry.getFileName().toString())).toList();
    }
    for (Path entry : entries) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        walk(entry, files);
      } else if (Files.isRegularFile(entry)) {
        files.add(text(entry));
      }
    }
  }

  private TextFile text(Path file) throws IOException {
    try {
      return new TextFile("/" + root.relativize(file), Files.readString(file));
    } catch (IOException unreadable) {
      throw new IOException("cannot read " + file + ": " + unreadable.getMessage(), unreadable);
    }
  }

  private Path directory() {
    return patches.orElse(DEFAULT_PATCHES);
  }

  private Path at(Path onNode) {
    return root.resolve(Path.of("/").relativize(onNode));
  }
}
