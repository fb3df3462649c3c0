package dev.retune.e2e.node;

import static org.awaitility.Awaitility.await;

import dev.retune.agent.AgentOptions;
import dev.retune.agent.install.NodeInstaller;
import dev.retune.e2e.machine.Machine;
import dev.retune.e2e.machine.MachineSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;

/**
 * A kubeadm node with the dead man's switch and no agent at all. Its kubelet is a shell script that
 * notes what it was started with, dies of a document with {@code crash} in it, and of a {@code
 * cpu_manager_state} that another policy has written, as a kubelet does.
 */
final class SwitchMachine implements AutoCloseable {
  /** What the timer is set to here, in place of 90 s. */
  static final Duration DEADLINE = Duration.ofSeconds(2);

  static final String LOCAL = "/var/lib/kubelet/config.yaml";
  static final String AGENT = "/var/lib/retune";
  static final String HOME = "/var/lib/retune-way-back";

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String STATE = "/var/lib/kubelet/cpu_manager_state";
  private static final String KUBELET =
      """
      #!/bin/sh
      for argument; do
        case $argument in --config=*) config=${argument#--config=} ;; esac
      done
      printf '%s\\n' "$@" >/run/kubelet-arguments
      echo "$config" >/run/kubelet-started
      if grep -q crash "$config"; then echo "cannot run with $config" >&2; exit 3; fi
      policy=$(sed -n 's/^policy-//p' "$config")
      state=/var/lib/kubelet/cpu_manager_state
      if [ -e $state ] && [ "$(cat $state)" != "${policy:-none}" ]; then
        echo "configured policy differs from state checkpoint policy" >&2; exit 1
      fi
      echo "${policy:-none}" >$state
      echo "$config" >/run/kubelet-runs
      exec sleep infinity
      """;

  private final Machine machine;

  private SwitchMachine(Machine machine) {
    this.machine = machine;
  }

  static SwitchMachine boot(String name) throws Exception {
    Path java = KubeadmNode.javaHome();
    Path repository = KubeadmNode.repository();
    Path libraries = KubeadmNode.libraries();
    var machine =
        Machine.create(
            MachineSpec.named(name)
                .withReadOnly(java, java.toString())
                .withReadOnly(repository, repository.toString())
                .withReadOnly(libraries, libraries.toString()));
    var node = new SwitchMachine(machine);
    node.install();
    machine.boot();
    return node;
  }

  private void install() throws IOException, InterruptedException {
    machine.write(
        "/usr/lib/systemd/system/kubelet.service", KubeadmNode.resource("kubelet.service"));
    machine.write(
        "/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf",
        KubeadmNode.resource("10-kubeadm.conf"));
    machine.write("/usr/bin/kubelet", KUBELET, "rwxr-xr-x");
    machine.write(LOCAL, "local\n");
    var options =
        new AgentOptions(
            machine.hostname(),
            AgentOptions.DEFAULT_KUBECONFIG,
            AgentOptions.DEFAULT_DIRECTORY,
            AgentOptions.DEFAULT_UNIT,
            AgentOptions.DEFAULT_BINARY,
            AgentOptions.DEFAULT_HEALTHZ,
            Optional.empty(),
            AgentOptions.DEFAULT_METRICS);
    new NodeInstaller(machine.inside("/"), options).install(List.of("/nowhere/retune"));
    Path wanted = machine.inside("/etc/systemd/system/multi-user.target.wants");
    Files.delete(wanted.resolve("retune-agent.service"));
    Files.createSymbolicLink(
        wanted.resolve("kubelet.service"), Path.of("/usr/lib/systemd/system/kubelet.service"));
    machine.write(
        "/etc/systemd/system/retune-way-back.timer.d/test.conf",
        "[Timer]\nOnActiveSec=\nOnActiveSec=%d\n".formatted(DEADLINE.toSeconds()));
    machine.write(
        "/etc/systemd/system/retune-way-back.service.d/test.conf", "[Service]\nRestartSec=200ms\n");
  }

  Machine machine() {
    return machine;
  }

  /** Has {@link SwitchHand} do these words inside. */
  String hand(String... words) {
    var classes = new ArrayList<>(KubeadmNode.classPath());
    Stream.of(System.getProperty("java.class.path").split(":", -1))
        .filter(entry -> entry.endsWith("/e2e/target/test-classes"))
        .forEach(classes::add);
    var command =
        new ArrayList<>(
            List.of(
                KubeadmNode.javaHome() + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(":", classes),
                SwitchHand.class.getName()));
    command.addAll(List.of(words));
    return machine.must(command.toArray(String[]::new));
  }

  /** Back to a kubelet on its local config, nothing armed, nothing noted, nothing mounted. */
  void reset() {
    shell(
        """
        systemctl stop retune-way-back.timer retune-way-back.service kubelet
        rm -f /etc/fstab /etc/systemd/system/kubelet.service.d/50-test.conf
        umount -q %1$s; umount -q %2$s
        rm -rf %1$s %2$s /run/retune %3$s %3$s.before-retune /run/kubelet-*
        systemctl daemon-reload
        systemctl reset-failed
        mkdir -m 700 %1$s %2$s
        systemctl start kubelet
        """
            .formatted(AGENT, HOME, STATE));
    awaitRuns(LOCAL);
  }

  /** What an agent does before it dies: {@code good} ran, {@code bad} was activated. */
  void activateBad(String wayBack) {
    hand(
        "save:good",
        "save:bad:crash",
        "activate:" + wayBack,
        "arm:" + wayBack,
        "activate:bad:crash");
    restart();
  }

  void restart() {
    machine.exec("systemctl", "restart", "kubelet");
  }

  void shell(String script) {
    machine.must("sh", "-c", script);
  }

  static ConditionFactory patiently(String what) {
    return await(what)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .atMost(PATIENCE);
  }

  void awaitRuns(String config) {
    patiently("the kubelet runs " + config).until(() -> runs(config));
  }

  boolean runs(String config) {
    return read("/run/kubelet-runs").equals(config)
        && read("/run/kubelet-started").equals(config)
        && machine.property("kubelet.service", "SubState").equals("running");
  }

  void awaitTaken() {
    patiently("the way back is gone")
        .until(() ->
            machine.property("retune-way-back.service", "ActiveState").equals("inactive")
                && machine.exists("/run/retune/taken"));
  }

  boolean armed() {
    return machine.exists(HOME + "/armed");
  }

  /** A file's text without its last line's end; empty when it is not there. */
  String read(String file) {
    try {
      return Files.readString(machine.inside(file)).strip();
    } catch (NoSuchFileException none) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When a unit was in a state, by the monotonic clock. */
  Duration when(String unit, String property) {
    return Duration.ofNanos(1000 * Long.parseLong(machine.property(unit, property)));
  }

  String state() {
    return STATE;
  }

  @Override
  public void close() {
    machine.close();
  }
}
