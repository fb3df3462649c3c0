package dev.retune.agent.node;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.CommandLine;
import dev.retune.kubelet.flags.GivenFlag;
import dev.retune.kubelet.flags.ServiceUnit;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.kubeadm.NodeParts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a node's own files make of its kubelet: the unit with its drop-ins and files of
 * variables, the config that its command line names, and that config's drop-ins.
 *
 * @param unit the files of the kubelet's service
 * @param ownEnvironmentFiles the files of variables that Retune itself writes, absolute paths on
 *     the node: they are left out, wherever a unit names them
 * @param kubeadm what the node adds to a config of the whole cluster
 */
public record LocalKubeletFiles(UnitFiles unit, Set<Path> ownEnvironmentFiles, KubeadmFiles kubeadm)
    implements LocalKubelet.Reader {

  /** What kubeadm's unit has for the {@code --config} flag, and Retune gives another value. */
  private static final String CONFIG_ARGS = "KUBELET_CONFIG_ARGS";

  public LocalKubeletFiles {
    ownEnvironmentFiles = Set.copyOf(ownEnvironmentFiles);
  }

  @Override
  public LocalKubelet read() {
    return new Look().kubelet();
  }

  @Override
  public List<Path> watched() {
    Look look = new Look();
    look.kubelet();
    return List.copyOf(look.watched);
  }

  /**
   * Follows a command line instead of the unit's: what it would make of the kubelet with the files
   * as they are now.
   *
   * @param executable the kubelet
   * @param arguments its arguments
   */
  public LocalKubelet follow(String executable, List<Argument> arguments) {
    return new Look().follow(executable, arguments, List.of());
  }

  /** One look at the files. */
  private final class Look {
    private final Set<Path> watched = new LinkedHashSet<>(unit.directories());
    private final List<String> problems = new ArrayList<>();

    LocalKubelet kubelet() {
      ServiceUnit service;
      try {
        service = ServiceUnit.read(unit.read(), this::environmentFile);
      } catch (IOException unreadable) {
        problems.add(String.valueOf(unreadable.getMessage()));
        return new LocalKubelet(
            "", List.of(), List.of(), Optional.empty(), List.of(), NodeParts.NONE, problems);
      }
      service
          .missingFiles()
          .forEach(file ->
              problems.add(
                  "file "
                      + file
                      + " of EnvironmentFile= is not there, so systemd does not start "
                      + unit.name()
                      + "; create it, or write EnvironmentFile=-"
                      + file));
      if (service.executable().startsWith("/")) {
        watch(at(service.executable()));
      }
      return follow(
          service.executable(),
          service.arguments(),
          service.uses(CONFIG_ARGS) ? service.words(CONFIG_ARGS) : List.of());
    }

    LocalKubelet follow(String executable, List<Argument> arguments, List<String> configArguments) {
      // These two flags are the same in all versions; what else a version takes does not matter.
      CommandLine flags = CommandLine.parse(arguments, KubeletVersion.newest());
      Optional<TextFile> config = value(flags, "config").flatMap(file -> file(file, "--config"));
      List<TextFile> dropIns = value(flags, "config-dir").map(this::dropIns).orElse(List.of());
      return new LocalKubelet(
          executable, arguments, configArguments, config, dropIns, parts(), problems);
    }

    private Optional<String> environmentFile(String name) {
      if (ownEnvironmentFiles.contains(Path.of(name))) {
        return Optional.of("");
      }
      if (!name.startsWith("/")) {
        return Optional.empty();
      }
      Path file = at(name);
      watch(file);
      try {
        return Optional.of(Files.readString(file));
      } catch (NoSuchFileException | IllegalArgumentException absent) {
        return Optional.empty();
      } catch (IOException unreadable) {
        problems.add(
            "file " + name + " of EnvironmentFile= cannot be read: " + unreadable.getMessage());
        return Optional.empty();
      }
    }

    private List<TextFile> dropIns(String directory) {
      var found = ConfigDropIns.below(at(directory), directory);
      watch(at(directory));
      watched.addAll(found.directories());
      problems.addAll(found.problems());
      return found.files().stream()
          .flatMap(file -> file(onNode(file), "--config-dir").stream())
          .toList();
    }

    /** What kubeadm adds on this node to the cluster's config. */
    private NodeParts parts() {
      watched.addAll(kubeadm.watched());
      try {
        return kubeadm.read();
      } catch (IOException unreadable) {
        problems.add(String.valueOf(unreadable.getMessage()));
        return NodeParts.NONE;
      }
    }

    private Optional<TextFile> file(String name, String flag) {
      Path file = at(name);
      watch(file);
      try (var in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(Document.MAX_BYTES + 1);
        if (bytes.length > Document.MAX_BYTES) {
          problems.add(
              "file " + name + " of " + flag + " has more than " + Document.MAX_BYTES + " bytes");
          return Optional.empty();
        }
        return Optional.of(new TextFile(name, new String(bytes, StandardCharsets.UTF_8)));
      } catch (NoSuchFileException absent) {
        problems.add(
            "file " + name + " of " + flag + " does not exist; the kubelet does not start");
      } catch (IOException unreadable) {
        problems.add(
            "file "
                + name
                + " of "
                + flag
                + " cannot be read: "
                + unreadable.getMessage()
                + "; the kubelet does not start");
      }
      return Optional.empty();
    }

    /** The file, and what it is a link to: a change of either counts. */
    private void watch(Path file) {
      watched.add(file);
      try {
        watched.add(file.toRealPath());
      } catch (IOException absent) {
        // It is seen when it comes: its directory is watched through the path above.
        return;
      }
    }

    private static Optional<String> value(CommandLine flags, String name) {
      return flags.last(name).map(GivenFlag::value).filter(value -> !value.isEmpty());
    }
  }

  /** Where a service's relative paths begin: at the root, like its absolute ones. */
  private Path at(String onNode) {
    return unit.root().resolve(onNode.replaceFirst("^/+", ""));
  }

  private String onNode(Path file) {
    return "/" + unit.root().relativize(file);
  }
}
