package dev.retune.agent.install;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.core.Layout;
import dev.retune.agent.node.UnitFiles;
import dev.retune.kubelet.flags.ServiceUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Puts the agent on a node: a drop-in that lets the kubelet's unit read {@code kubelet.env}
 * (AGENT-8), and the agent's own unit. Both work on a running node and on the file system of an
 * image.
 */
public final class NodeInstaller {
  private static final String AGENT_UNIT = "retune-agent.service";

  private final Path root;
  private final AgentOptions options;

  /**
   * An installer that has done nothing yet.
   *
   * @param root {@code /}, or the file system of an image
   * @param options what the agent will be started with; its paths are those on the node
   */
  public NodeInstaller(Path root, AgentOptions options) {
    this.root = root;
    this.options = options;
  }

  /**
   * Puts the files in place; doing it again changes what differs and nothing else.
   *
   * @param retune how the agent is started on the node: the executable and what comes before {@code
   *     agent}
   * @return what was done, a line each, for people
   */
  public List<String> install(List<String> retune) throws IOException, InterruptedException {
    var unit = kubeletUnit();
    var done = new ArrayList<String>();
    Path directory = below(options.directory());
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      done.add("created " + directory);
    }
    boolean changed = write(dropInFile(), dropIn(unit), done);
    changed |= write(agentUnitFile(), agentUnit(retune), done);
    changed |= enable(done);
    if (onThisNode()) {
      if (changed) {
        systemctl("daemon-reload");
      }
      systemctl(changed ? "restart" : "start", AGENT_UNIT);
      done.add((changed ? "restarted " : "started ") + AGENT_UNIT);
    }
    if (done.isEmpty()) {
      done.add("nothing to do");
    }
    return done;
  }

  /**
   * Takes the agent away. A kubelet that runs a config of Retune's is restarted on its local one.
   *
   * @param keepData leave the agent's directory, with its checkpoints, where it is
   */
  public List<String> uninstall(boolean keepData) throws IOException, InterruptedException {
    var done = new ArrayList<String>();
    Path environment = below(new Layout(options.directory()).environmentFile());
    boolean active = Files.exists(environment);
    if (onThisNode() && Files.exists(agentUnitFile())) {
      systemctl("stop", AGENT_UNIT);
      done.add("stopped " + AGENT_UNIT);
    }
    // From here on a start of the kubelet, for whatever reason, uses its local config.
    delete(environment, done);
    delete(wantedBy(), done);
    boolean changed = delete(agentUnitFile(), done);
    changed |= delete(dropInFile(), done);
    deleteIfEmpty(dropInDirectory());
    if (onThisNode()) {
      if (changed) {
        systemctl("daemon-reload");
      }
      if (active) {
        systemctl("restart", options.kubeletUnit());
        done.add("restarted " + options.kubeletUnit() + " on its local config");
      }
    }
    if (!keepData) {
      deleteTree(below(options.directory()), done);
    }
    if (done.isEmpty()) {
      done.add("nothing to do");
    }
    return done;
  }

  /**
   * The unit without Retune's drop-in. No variable matters here: its command is written as it is.
   */
  private ServiceUnit kubeletUnit() throws IOException {
    var files = new UnitFiles(root, options.kubeletUnit()).read();
    var unit = ServiceUnit.read(files, environmentFile -> Optional.of(""));
    if (unit.executable().isEmpty()) {
      throw new IOException(
          "unit " + options.kubeletUnit() + " below " + root + " has no ExecStart=");
    }
    return unit;
  }

  private String dropIn(ServiceUnit unit) {
    var environment = "EnvironmentFile=-" + new Layout(options.directory()).environmentFile();
    var text = new StringBuilder();
    text.append("# Put here by `retune node install`, taken away by `retune node uninstall`.\n");
    text.append("# The file is written by the Retune agent; without it the kubelet uses its own");
    text.append(" config.\n[Service]\n").append(environment).append('\n');
    if (!unit.uses("KUBELET_CONFIG_ARGS")) {
      text.append("# This unit has no KUBELET_CONFIG_ARGS: the last --config of a command wins.\n");
      text.append("ExecStart=\n");
      text.append("ExecStart=").append(unit.execStart()).append(" $RETUNE_KUBELET_ARGS\n");
    }
    return text.toString();
  }

  private String agentUnit(List<String> retune) {
    var command = new ArrayList<>(retune);
    command.add("agent");
    command.addAll(options.arguments());
    return """
    # Put here by `retune node install`, taken away by `retune node uninstall`.
    [Unit]
    Description=Retune agent: gives the kubelet its config and a way back
    Wants=network-online.target
    After=network-online.target
    StartLimitIntervalSec=0

    [Service]
    ExecStart=%s
    Restart=always
    RestartSec=1
    # The way back must not be what the kernel kills first.
    OOMScoreAdjust=-900

    [Install]
    WantedBy=multi-user.target
    """
        .formatted(String.join(" ", command.stream().map(NodeInstaller::quoted).toList()));
  }

  /** An argument as systemd.service(5) wants it: quoted when it has spaces, % doubled. */
  private static String quoted(String argument) {
    String text = argument.replace("%", "%%").replace("$", "$$");
    return text.matches("[^\\s\"'\\\\]+")
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private boolean onThisNode() {
    return root.equals(Path.of("/")) && Files.isDirectory(Path.of("/run/systemd/system"));
  }

  private Path dropInFile() {
    return dropInDirectory().resolve(UnitFiles.RETUNE_DROP_IN);
  }

  private Path dropInDirectory() {
    return systemdDirectory().resolve(options.kubeletUnit() + ".d");
  }

  private Path agentUnitFile() {
    return systemdDirectory().resolve(AGENT_UNIT);
  }

  private Path wantedBy() {
    return systemdDirectory().resolve("multi-user.target.wants").resolve(AGENT_UNIT);
  }

  private Path systemdDirectory() {
    return root.resolve("etc/systemd/system");
  }

  private Path below(Path absolute) {
    return root.resolve(Path.of("/").relativize(absolute));
  }

  /** What {@code systemctl enable} does, also where no systemd runs. */
  private boolean enable(List<String> done) throws IOException {
    Path link = wantedBy();
    Path target = Path.of("/etc/systemd/system").resolve(AGENT_UNIT);
    if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
      return false;
    }
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
    done.add("enabled " + AGENT_UNIT);
    return true;
  }

  private static boolean write(Path file, String text, List<String> done) throws IOException {
    try {
      if (Files.readString(file).equals(text)) {
        return false;
      }
    } catch (NoSuchFileException isNew) {
      Files.createDirectories(file.getParent());
    }
    Path temporary = file.resolveSibling(file.getFileName() + ".retune-new");
    Files.write(temporary, text.getBytes(StandardCharsets.UTF_8));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    done.add("wrote " + file);
    return true;
  }

  private static boolean delete(Path file, List<String> done) throws IOException {
    if (!Files.deleteIfExists(file)) {
      return false;
    }
    done.add("removed " + file);
    return true;
  }

  private static void deleteIfEmpty(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (var entries = Files.list(directory)) {
        if (entries.findAny().isPresent()) {
          return;
        }
      }
      Files.delete(directory);
    }
  }

  private static void deleteTree(Path directory, List<String> done) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    done.add("removed " + directory);
  }

  private static void systemctl(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add("systemctl");
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(90, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + output);
    }
  }
}
