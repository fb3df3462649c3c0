package dev.retune.agent.install;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.core.Layout;
import dev.retune.agent.node.ManagerStateFiles;
import dev.retune.agent.node.UnitFiles;
import dev.retune.agent.store.WayBackPlaces;
import dev.retune.kubelet.flags.ServiceUnit;
import dev.retune.kubelet.start.StateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Puts the agent on a node: a drop-in that lets the kubelet's unit read {@code kubelet.env}
 * (AGENT-8), the dead man's switch (AGENT-15), and the agent's own unit. All of it works on a
 * running node and on the file system of an image.
 */
public final class NodeInstaller {
  private static final String AGENT_UNIT = "retune-agent.service";

  private final Path root;
  private final AgentOptions options;
  private final Layout layout;
  private final WayBackPlaces places;

  /**
   * An installer that has done nothing yet.
   *
   * @param root {@code /}, or the file system of an image
   * @param options what the agent will be started with; its paths are those on the node
   */
  public NodeInstaller(Path root, AgentOptions options) {
    this.root = root;
    this.options = options;
    this.layout = new Layout(options.directory());
    this.places = WayBackPlaces.of(layout);
  }

  /**
   * Puts a release on the node and the agent's unit beside it, which starts whichever release is
   * used; doing it again changes what differs and nothing else. The release before stays for a way
   * back, older ones go.
   *
   * @return what was done, a line each, for people
   */
  public List<String> install(Release release) throws IOException, InterruptedException {
    var unit = kubeletUnit();
    var files = new NodeFiles(root);
    var releases = new Releases(files, release.prefix());
    boolean changed = releases.use(release);
    changed |= write(files, unit, List.of(releases.executable().toString()));
    start(files, changed);
    releases.removeSuperseded();
    return files.done();
  }

  /**
   * The same where retune is on the node by other means.
   *
   * @param retune how the agent is started on the node: the executable and what comes before {@code
   *     agent}
   * @return what was done, a line each, for people
   */
  public List<String> install(List<String> retune) throws IOException, InterruptedException {
    var unit = kubeletUnit();
    var files = new NodeFiles(root);
    start(files, write(files, unit, retune));
    return files.done();
  }

  private boolean write(NodeFiles files, ServiceUnit unit, List<String> retune) throws IOException {
    files.createDirectory(layout.directory());
    files.createDirectory(places.directory());
    // The agent arms the switch before it activates anything, so the switch comes first.
    boolean changed = files.write(WayBackUnits.SCRIPT, WayBackUnits.script());
    changed |= files.write(NodeFiles.unit(WayBackUnits.SERVICE), WayBackUnits.service(options));
    changed |= files.write(NodeFiles.unit(WayBackUnits.TIMER), WayBackUnits.timer());
    changed |= files.enable(WayBackUnits.TIMER);
    changed |= files.write(dropInFile(), dropIn(unit));
    changed |= files.write(NodeFiles.unit(AGENT_UNIT), agentUnit(retune));
    changed |= files.enable(AGENT_UNIT);
    return changed;
  }

  private void start(NodeFiles files, boolean changed) throws IOException, InterruptedException {
    if (onThisNode()) {
      if (changed) {
        systemctl("daemon-reload");
      }
      systemctl(changed ? "restart" : "start", AGENT_UNIT);
      files.did((changed ? "restarted " : "started ") + AGENT_UNIT);
    }
  }

  /**
   * Takes the agent away. A kubelet that runs a config of Retune's is restarted on its local one.
   *
   * @param keepData leave the agent's directory, with its checkpoints, where it is
   * @param prefix where the node keeps its releases, as a path on the node
   */
  public List<String> uninstall(boolean keepData, Path prefix)
      throws IOException, InterruptedException {
    var files = new NodeFiles(root);
    boolean aside = Arrays.stream(StateFile.values()).map(this::aside).anyMatch(files::exists);
    boolean active =
        aside || files.exists(layout.environmentFile()) || files.exists(places.override());
    if (onThisNode()) {
      for (String unit : List.of(AGENT_UNIT, WayBackUnits.TIMER, WayBackUnits.SERVICE)) {
        if (files.exists(NodeFiles.unit(unit))) {
          systemctl("stop", unit);
          files.did("stopped " + unit);
        }
      }
      if (aside) {
        systemctl("stop", options.kubeletUnit());
      }
    }
    // From here on a start of the kubelet, for whatever reason, uses its local config.
    files.delete(layout.environmentFile());
    files.delete(places.override());
    for (StateFile state : StateFile.values()) {
      files.putBack(aside(state), stateFile(state));
    }
    boolean changed = files.deleteUnit(AGENT_UNIT);
    changed |= files.deleteUnit(WayBackUnits.TIMER);
    changed |= files.deleteUnit(WayBackUnits.SERVICE);
    changed |= files.delete(dropInFile());
    files.deleteIfEmpty(dropInDirectory());
    files.delete(WayBackUnits.SCRIPT);
    files.deleteIfEmpty(WayBackUnits.SCRIPT_DIRECTORY);
    if (onThisNode()) {
      if (changed) {
        systemctl("daemon-reload");
      }
      if (active) {
        systemctl("restart", options.kubeletUnit());
        files.did("restarted " + options.kubeletUnit() + " on its local config");
      }
    }
    files.deleteTree(places.directory());
    files.deleteTree(places.runtime());
    if (!keepData) {
      files.deleteTree(layout.directory());
    }
    // Last: it may be what this process runs from.
    new Releases(files, prefix).removeAll();
    return files.done();
  }

  private Path stateFile(StateFile state) {
    return WayBackUnits.KUBELET_DIRECTORY.resolve(state.fileName());
  }

  /** Where an activation has put a state file that its config does not go with (AGENT-18). */
  private Path aside(StateFile state) {
    return WayBackUnits.KUBELET_DIRECTORY.resolve(state.fileName() + ManagerStateFiles.ASIDE);
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
    var text = new StringBuilder();
    text.append("# Put here by `retune node install`, taken away by `retune node uninstall`.\n");
    text.append("# The file is written by the Retune agent; without it the kubelet uses its own");
    text.append(" config.\n");
    text.append(
        "# What follows it wins: the dead man's switch writes it where no disk can be written.\n");
    text.append("[Service]\n");
    text.append("EnvironmentFile=-").append(layout.environmentFile()).append('\n');
    text.append("EnvironmentFile=-").append(places.override()).append('\n');
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

  /**
   * An argument as systemd.service(5) wants it: quoted when it has spaces, % doubled. No node has a
   * % in its name: there it is meant for systemd, as in %H, the host name of whichever machine
   * boots an image.
   */
  private static String quoted(String argument) {
    if (argument.startsWith("--node-name=%")) {
      return argument;
    }
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
    return NodeFiles.unit(options.kubeletUnit() + ".d");
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
